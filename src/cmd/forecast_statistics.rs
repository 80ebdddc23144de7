//! Statistics of a forecast → their reports.

use crate::cli::StatisticsArguments;
use crate::error::{Error, Kind, Result};
use crate::eval::World;
use crate::model::BucketBy;
use crate::report::{FailureBound, ForecastReport, ObservedReport, Sentence};
use crate::simulate::{Change, Dimension, Forecast, failure_bound, rule_of_three};

use super::forecast_observed::Observed;
use super::forecast_orgs::orgs_report;
use super::forecast_overlap::overlap_reports;
use super::forecast_power::Asked;
use super::load::Loaded;
use super::side::Without;
use super::states::State;

/// How sure a bound of the failure rate is.
const CONFIDENCE: f64 = 0.95;

/// What was asked beside who joins, leaves and switches.
pub(super) struct Statistics {
    pub(super) observed: Option<ObservedReport>,
    power: Option<Asked>,
}

impl Statistics {
    /// Reads the options; what production counted is held against the first of the states.
    ///
    /// # Errors
    /// When one makes no sense, or counts are said of a flag.
    pub(super) fn parse(
        arguments: &StatisticsArguments,
        loaded: &Loaded,
        (name, states): (&str, &[State]),
    ) -> Result<Self> {
        let observed =
            arguments.observed.as_deref().map(|text| observed(text, loaded, name, states)).transpose()?;
        Ok(Self { observed, power: Asked::parse(arguments)? })
    }

    /// Tells whether the definitions alone, as they promise it, are enough for all that was asked.
    pub(super) fn needs_no_users(&self, promised: &Forecast) -> bool {
        let promises = |forecast: &Forecast| forecast.stages.iter().all(|stage| stage.expectation.is_some());
        self.observed.is_some() && (self.power.is_none() || promises(promised))
    }

    /// Adds what was asked to the report of a forecast, and what it means to the verdict.
    pub(super) fn fill(
        self,
        report: &mut ForecastReport,
        result: &Forecast,
        loaded: &Loaded,
        states: &[State],
    ) {
        let without = Without::anything();
        let Some(last) = states.last() else { return };
        let labels: Vec<String> = states.iter().map(|state| state.label.clone()).collect();
        let off = last.with(loaded, &without, |world: &dyn World| {
            world.flag(&result.name).map(|flag| flag.variations.off().clone())
        });
        let unit = last.with(loaded, &without, |world: &dyn World| {
            let flag = world.flag(&result.name).map(|flag| flag.bucket_by.clone());
            flag.or_else(|| world.experiment(&result.name).map(|experiment| experiment.bucket_by.clone()))
        });
        let unit = unit.filter(|unit| *unit != BucketBy::default()).map(|unit| unit.to_string());
        report.overlaps = last.with(loaded, &without, |world: &dyn World| {
            overlap_reports(&result.overlaps, &result.name, world)
        });
        report.orgs = orgs_report(result);
        report.power = self.power.map(|asked| asked.report(result, &labels, (off.as_ref(), unit.clone())));
        report.observed = self.observed;
        let notable =
            report.overlaps.iter().filter(|one| one.association.as_ref().is_some_and(|of| of.notable));
        let mut said: Vec<Sentence> = Vec::new();
        said.extend(report.observed.iter().flat_map(|observed| observed.meaning.clone()));
        said.extend(report.power.iter().flat_map(|power| power.meaning.clone()));
        said.extend(notable.map(|overlap| overlap.meaning.clone()));
        said.extend(report.orgs.iter().flat_map(|orgs| orgs.meaning.clone()));
        report.verdict.extend(said);
    }
}

fn observed(text: &str, loaded: &Loaded, name: &str, states: &[State]) -> Result<ObservedReport> {
    let without = Without::anything();
    let first = states.first().and_then(|state| {
        state.with(loaded, &without, |world: &dyn World| {
            world.experiment(name).map(std::borrow::Cow::into_owned)
        })
    });
    let Some(experiment) = first.filter(|_| loaded.layers().resolve(name).is_none()) else {
        let message = format!("--observed is of the variants of an experiment, and `{name}` is a flag");
        return Err(Error::new(Kind::Usage, message));
    };
    Ok(Observed::parse(text, &experiment)?.report(&experiment.variants))
}

/// Reads what users are grouped by, each once.
///
/// # Errors
/// When one is empty.
pub(super) fn dimensions(texts: &[String]) -> Result<Vec<Dimension>> {
    let mut dimensions = Vec::new();
    for text in texts {
        let Some(dimension) = Dimension::parse(text.trim()) else {
            return Err(Error::new(Kind::Usage, "--by is empty")
                .hint("--by org, --by segment, --by rule or --by plan"));
        };
        if !dimensions.contains(&dimension) {
            dimensions.push(dimension);
        }
    }
    Ok(dimensions)
}

/// Returns what a step says of the failure rate if none of those whom it exposes fails; none where it exposes nobody.
pub(super) fn bound_of(change: &Change) -> Option<FailureBound> {
    let users = change.counts.joins + change.counts.switches;
    (users > 0).then(|| FailureBound {
        users,
        rate: failure_bound(users, CONFIDENCE),
        rule_of_three: rule_of_three(users),
        confidence: CONFIDENCE,
    })
}
