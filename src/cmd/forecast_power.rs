//! `--daily-users`: which difference can be seen, and after how many days.

use crate::cli::StatisticsArguments;
use crate::error::{Error, Kind, Result};
use crate::model::{VariationName, Weight};
use crate::output::{short_percent, thousands};
use crate::report::{
    ArmReport, ComparisonReport, CorrectionReport, DesignReport, DurationReport, PowerReport, Sentence,
};
use crate::simulate::{Forecast, Power, PowerComparison, Stage, design_effect};

use super::forecast_verdict::{bad, plain};

/// After how many days it is said what can be seen.
const LADDER: [u32; 5] = [1, 3, 7, 14, 28];

/// What was asked.
pub(super) struct Asked {
    daily_users: u64,
    baseline: Option<f64>,
    effect: Option<f64>,
    power: Power,
}

impl Asked {
    /// Reads the options; none without `--daily-users`.
    ///
    /// # Errors
    /// When one is no percentage, or one of those that make no sense.
    pub(super) fn parse(arguments: &StatisticsArguments) -> Result<Option<Self>> {
        let Some(daily_users) = arguments.daily_users else { return Ok(None) };
        let baseline = arguments.baseline.as_deref().map(|text| inner("--baseline", text)).transpose()?;
        let default = Power::default();
        let part = |name, text: &Option<String>, default| {
            text.as_deref().map_or(Ok(default), |text| inner(name, text))
        };
        let power = Power {
            significance: part("--alpha", &arguments.alpha, default.significance)?,
            power: part("--power", &arguments.power, default.power)?,
        };
        if power.power <= power.significance {
            return Err(Error::new(
                Kind::Usage,
                "--power is not above --alpha: that is what chance alone sees",
            )
            .hint("--power 80% --alpha 5%"));
        }
        let effect = arguments.effect.as_deref().map(|text| effect(text, baseline)).transpose()?;
        Ok(Some(Self { daily_users, baseline, effect, power }))
    }

    /// Returns what can be seen. `off` is the variation of a flag that is off, none for an experiment; `bucketed_by` is
    /// the unit where that is not the user.
    pub(super) fn report(
        &self,
        result: &Forecast,
        labels: &[String],
        (off, bucketed_by): (Option<&VariationName>, Option<String>),
    ) -> PowerReport {
        let baseline = self.baseline.unwrap_or(0.5);
        let mut found = result
            .stages
            .iter()
            .zip(labels)
            .rev()
            .map(|(stage, label)| (label.clone(), control_first(arms(result, stage), off)));
        let last = labels.last().cloned().unwrap_or_default();
        let (state, arms) = found.find(|(_, arms)| arms.len() > 1).unwrap_or((last, Vec::new()));
        let design = bucketed_by.as_ref().and_then(|unit| design(result, unit));
        let planned = Planned {
            baseline,
            power: self.power.among(arms.len().saturating_sub(1)),
            design_effect: design.as_ref().map(|design| design.design_effect),
        };
        let comparisons: Vec<ComparisonReport> = match arms.split_first() {
            Some((control, rest)) => rest.iter().map(|arm| self.comparison(control, arm, &planned)).collect(),
            None => Vec::new(),
        };
        let correction = (comparisons.len() > 1).then_some(CorrectionReport {
            method: "bonferroni",
            comparisons: comparisons.len(),
            alpha: planned.power.significance,
        });
        let mut meaning = self.meaning(&comparisons, baseline, &state);
        if let Some(correction) = &correction {
            meaning.push(plain(format!(
                "Each of the {} comparisons is made at {} (Bonferroni), so that one false alarm among all stays below {}.",
                correction.comparisons,
                short_percent(correction.alpha),
                short_percent(self.power.significance)
            )));
        }
        if let Some(unit) = bucketed_by.filter(|_| !comparisons.is_empty()) {
            meaning.push(grouped(&unit, design.as_ref()));
        }
        let design = design.filter(|_| !comparisons.is_empty());
        PowerReport {
            state,
            daily_users: self.daily_users,
            baseline,
            worst_case: self.baseline.is_none(),
            alpha: self.power.significance,
            power: self.power.power,
            correction,
            design,
            effect: self.effect,
            comparisons,
            meaning,
        }
    }

    fn comparison(&self, control: &ArmReport, arm: &ArmReport, planned: &Planned) -> ComparisonReport {
        let Planned { baseline, power, design_effect } = *planned;
        let worth = design_effect.unwrap_or(1.0);
        #[expect(clippy::cast_precision_loss, reason = "users of a day stay far below 2^53")]
        let daily = [control, arm].map(|arm| self.daily_users as f64 * arm.share);
        let duration = |days: u32| {
            let users = daily.map(|users| users * f64::from(days));
            let detectable = PowerComparison { rate: baseline, users }.grouped(worth).detectable(power);
            // Beyond that no rate is left to differ by so much.
            let most = baseline.max(1.0 - baseline);
            let detectable = Some(detectable).filter(|difference| *difference <= most);
            let users = users.iter().sum();
            DurationReport { days, users, effective: design_effect.map(|effect| users / effect), detectable }
        };
        let days = self.effect.map(|effect| {
            PowerComparison { rate: baseline, users: daily }.grouped(worth).days(effect, power)
        });
        let durations = LADDER.map(duration).into();
        ComparisonReport { control: control.clone(), arm: arm.clone(), durations, days }
    }

    fn meaning(&self, comparisons: &[ComparisonReport], baseline: f64, state: &str) -> Vec<Sentence> {
        let daily = thousands(self.daily_users);
        if comparisons.is_empty() {
            return vec![bad(format!(
                "In the state {state} everybody gets the same: there is nobody to compare with, and nothing to be seen."
            ))];
        }
        let mut said = Vec::new();
        for one in comparisons {
            let (arm, control) = (&one.arm.name, &one.control.name);
            if let (Some(effect), Some(days)) = (self.effect, one.days) {
                let change = format!(
                    "{} → {} ({:.2} points)",
                    short_percent(baseline),
                    short_percent(baseline + effect),
                    effect * 100.0
                );
                said.push(match days {
                    Some(days) => plain(format!(
                        "{change} between {control} and {arm} is seen after {} of {daily} new users.",
                        crate::output::counted(u64::from(days), "day")
                    )),
                    None => {
                        bad(format!("{change} between {control} and {arm} is not seen in a million days."))
                    }
                });
            }
        }
        if self.effect.is_none()
            && let Some(control) = comparisons.first().map(|one| &one.control.name)
            && let Some((days, least)) = longest(comparisons)
        {
            let arms: Vec<&str> = comparisons.iter().map(|one| one.arm.name.as_str()).collect();
            said.push(plain(format!(
                "After {days} days of {daily} new users a difference of {:.2} points between {control} and {} is seen.",
                least * 100.0,
                arms.join(" or ")
            )));
        }
        if self.baseline.is_none() {
            said.push(plain(
                "Without --baseline this is at a rate of 50%, the hardest: at any other the same difference shows sooner.",
            ));
        }
        said
    }
}

/// How a comparison is made.
struct Planned {
    baseline: f64,
    /// What is asked of each comparison alone.
    power: Power,
    /// Of how many users one is as good as, where users come in groups.
    design_effect: Option<f64>,
}

/// Returns what the users of the population are worth where they are bucketed in groups; none where the groups were not
/// counted.
fn design(result: &Forecast, unit: &str) -> Option<DesignReport> {
    let orgs =
        result.orgs.as_ref().filter(|orgs| orgs.unit.to_string() == unit && orgs.effective_size > 0.0)?;
    Some(DesignReport {
        unit: unit.to_owned(),
        groups: orgs.orgs,
        effective_size: orgs.effective_size,
        design_effect: design_effect(orgs.users, orgs.effective_size),
    })
}

/// Says what it means that users come in groups.
fn grouped(unit: &str, design: Option<&DesignReport>) -> Sentence {
    match design {
        Some(design) => plain(format!(
            "It is bucketed by {unit}: {:.1} users count as one (design effect, Kish), as if users of one {unit} were all \
             alike and new ones came in groups of the same sizes.",
            design.design_effect
        )),
        None => bad(format!(
            "It is bucketed by {unit}, and users of one {unit} are alike: it takes longer than this. A --population with \
             the {unit} of each user says how much."
        )),
    }
}

/// Returns the days of the longest duration, and the difference that all arms then show.
fn longest(comparisons: &[ComparisonReport]) -> Option<(u32, f64)> {
    let last = |one: &ComparisonReport| {
        let last = one.durations.last()?;
        Some((last.days, last.detectable?))
    };
    let all: Option<Vec<(u32, f64)>> = comparisons.iter().map(last).collect();
    all?.into_iter().max_by(|a, b| a.1.total_cmp(&b.1))
}

/// Returns the arms of a stage that hold anybody, with their share of all users.
fn arms(result: &Forecast, stage: &Stage) -> Vec<ArmReport> {
    let names = stage.variations.iter().map(|one| one.name.clone());
    let shares: Vec<f64> = match &stage.experiment {
        Some(experiment) => {
            // Who is forced or behind the gate is no part of it.
            #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
            let counted = experiment.bucketed.iter().sum::<u64>() as f64 / result.intake.rows.max(1) as f64;
            let part = stage.expectation.as_ref().map_or(counted, |expectation| expectation.share);
            experiment.shares.iter().map(|share| share * part).collect()
        }
        None => stage.variations.iter().map(|one| one.expected.unwrap_or(one.share)).collect(),
    };
    let arms = names.zip(shares).filter(|(_, share)| *share > 0.0);
    arms.map(|(name, share)| ArmReport { name: name.to_string(), share }).collect()
}

/// Puts what is served when the flag is off first: that is what all others are compared with.
fn control_first(mut arms: Vec<ArmReport>, off: Option<&VariationName>) -> Vec<ArmReport> {
    if let Some(at) = arms.iter().position(|arm| off.is_some_and(|off| off.as_str() == arm.name)) {
        let control = arms.remove(at);
        arms.insert(0, control);
    }
    arms
}

/// Reads a percentage between nobody and everyone.
fn inner(option: &str, text: &str) -> Result<f64> {
    let usage = |message: String| Error::new(Kind::Usage, format!("{option}: {message}"));
    let weight = Weight::parse(text).map_err(|error| usage(error.to_string()))?;
    if matches!(weight, Weight::NONE | Weight::ALL) {
        return Err(
            usage(format!("{weight} leaves nothing to be seen")).hint("a percentage between 0% and 100%")
        );
    }
    Ok(weight.fraction())
}

/// Reads a difference: a part of the baseline, or percentage points.
fn effect(text: &str, baseline: Option<f64>) -> Result<f64> {
    let text = text.trim();
    let usage = |message: String| Error::new(Kind::Usage, format!("--effect: {message}"));
    let difference = if let Some(points) = text.strip_suffix("pp") {
        inner("--effect", &format!("{}%", points.trim()))?
    } else {
        let part = inner("--effect", text)?;
        let Some(baseline) = baseline else {
            return Err(usage(format!("`{text}` is a part of a rate that is not said"))
                .hint(format!("--baseline 4.2% --effect {text}"))
                .hint("--effect 0.5pp is in percentage points"));
        };
        baseline * part
    };
    if baseline.unwrap_or(0.5) + difference > 1.0 {
        return Err(usage(format!("with `{text}` more the rate would be above 100%")));
    }
    Ok(difference)
}
