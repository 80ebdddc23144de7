//! `--fail-if`: what ends a forecast with 1.

use crate::error::{Error, Kind, Result};
use crate::report::ObservedReport;
use crate::simulate::{Condition, Forecast, Thing};

/// The words of a condition on the sample ratio.
const SAMPLE_RATIO: [&str; 2] = ["srm", "sample-ratio"];

/// What ends a forecast with 1.
pub(super) enum FailIf {
    /// Counts that are so.
    Counts(Condition),
    /// A sample ratio mismatch: of what production counted, else of the users of the forecast.
    SampleRatio,
}

/// Reads the conditions, each with its text.
///
/// # Errors
/// When one is no condition.
pub(super) fn conditions(texts: &[String]) -> Result<Vec<(String, FailIf)>> {
    let read = |text: &String| {
        if SAMPLE_RATIO.contains(&text.trim()) {
            return Ok((text.clone(), FailIf::SampleRatio));
        }
        match Condition::parse(text) {
            Ok(condition) => Ok((text.clone(), FailIf::Counts(condition))),
            Err(error) => Err(Error::new(Kind::Usage, format!("--fail-if: {error}")).hint(error.hint())),
        }
    };
    texts.iter().map(read).collect()
}

/// Tells whether a condition is about users, who then must be counted.
pub(super) fn count_users(conditions: &[(String, FailIf)]) -> bool {
    conditions.iter().any(|(_, condition)| matches!(condition, FailIf::Counts(_)))
}

/// Returns the texts of the conditions that hold.
///
/// # Errors
/// When the sample ratio of a flag is asked for, which has none.
pub(super) fn failed(
    conditions: &[(String, FailIf)],
    result: &Forecast,
    observed: Option<&ObservedReport>,
) -> Result<Vec<String>> {
    let mut failed = Vec::new();
    for (text, condition) in conditions {
        let holds = match condition {
            FailIf::Counts(condition) => condition.holds(result),
            FailIf::SampleRatio => sample_ratio_mismatch(text, result, observed)?,
        };
        if holds {
            failed.push(text.clone());
        }
    }
    Ok(failed)
}

fn sample_ratio_mismatch(text: &str, result: &Forecast, observed: Option<&ObservedReport>) -> Result<bool> {
    if let Some(observed) = observed {
        return Ok(observed.mismatch());
    }
    if result.thing == Thing::Flag {
        let message = format!("--fail-if: `{text}` is of an experiment, and `{}` is a flag", result.name);
        return Err(Error::new(Kind::Usage, message)
            .hint("--observed on=2500,off=7500 holds counts of production against its shares")
            .hint("--fail-if 'share>30%'"));
    }
    let experiment = result.stages.last().and_then(|stage| stage.experiment.as_ref());
    Ok(experiment.and_then(|counts| counts.sample_ratio.as_ref()).is_some_and(|test| test.mismatch))
}
