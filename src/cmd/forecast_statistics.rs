//! Statistics of a forecast → their reports.

use crate::cli::StatisticsArguments;
use crate::error::{Error, Kind, Result};
use crate::eval::World;
use crate::model::{BucketBy, VariationName};
use crate::report::{FailureBound, ForecastReport, ObservedReport, Sentence};
use crate::simulate::{Change, Dimension, Forecast, expectation, failure_bound, rule_of_three};

use super::forecast_observed::{Against, Observed, Subject};
use super::forecast_orgs::orgs_report;
use super::forecast_overlap::{group, overlap_reports};
use super::forecast_power::Asked;
use super::load::Loaded;
use super::side::Without;
use super::states::State;

/// How sure a bound of the failure rate is.
const CONFIDENCE: f64 = 0.95;

/// What was asked beside who joins, leaves and switches.
pub(super) struct Statistics {
    pub(super) observed: Option<ObservedReport>,
    /// Counts that wait for the population: for the shares, where only it says them, or for what groups of users are worth.
    waiting: Option<Counted>,
    power: Option<Asked>,
}

impl Statistics {
    /// Reads the options; what production counted is held against the first of the states. `listed` tells whether users
    /// were given, and not made up.
    ///
    /// # Errors
    /// When one makes no sense, or counts are said of a flag whose shares nothing says.
    pub(super) fn parse(
        arguments: &StatisticsArguments,
        loaded: &Loaded,
        (name, states): (&str, &[State]),
        listed: bool,
    ) -> Result<Self> {
        let (mut observed, mut waiting) = (None, None);
        if let (Some(text), Some(state)) = (arguments.observed.as_deref(), states.first()) {
            let (counts, shares, unit) = counted(text, loaded, name, state)?;
            match shares {
                Some(shares) if unit.is_none() || !listed => {
                    let group = unit.as_deref().map(|unit| (unit, None));
                    observed = Some(counts.report(&shares, Against::Configuration, group));
                }
                shares if listed => waiting = Some((counts, shares, unit)),
                _ => {
                    let message = format!(
                        "--observed: users, organisations, rules or prerequisites decide for `{name}`, and the \
                         configuration alone does not say the shares"
                    );
                    return Err(Error::new(Kind::Usage, message).hint(format!(
                        "--observed {text} --population users.csv takes them from its users"
                    )));
                }
            }
        }
        Ok(Self { observed, waiting, power: Asked::parse(arguments)? })
    }

    /// Holds what production counted against the users of the forecast, where only these say the shares, or what groups of
    /// users are worth.
    pub(super) fn settle(&mut self, result: &Forecast) {
        let Some(((counts, known, unit), first)) = self.waiting.take().zip(result.stages.first()) else {
            return;
        };
        let group = unit.as_deref().map(|unit| (unit, result.design_effect));
        if let Some(shares) = known {
            self.observed = Some(counts.report(&shares, Against::Configuration, group));
            return;
        }
        #[expect(clippy::cast_precision_loss, reason = "users stay far below 2^53")]
        let shares: Vec<_> =
            first.variations.iter().map(|one| (one.name.clone(), one.count as f64)).collect();
        self.observed = Some(counts.report(&shares, Against::Population, group));
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
        let unit = last.with(loaded, &without, |world: &dyn World| group(world, &result.name));
        let unit = unit.map(|unit| unit.to_string());
        report.overlaps = last.with(loaded, &without, |world: &dyn World| {
            overlap_reports(&result.overlaps, &result.name, world, result.design_effect)
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

/// What production counted in a state, the shares that the definitions alone give, and what is bucketed where that is not
/// the user.
type Counted = (Observed, Option<Vec<(VariationName, f64)>>, Option<String>);

fn counted(text: &str, loaded: &Loaded, name: &str, state: &State) -> Result<Counted> {
    let unit = |by: &BucketBy| (*by != BucketBy::default()).then(|| by.to_string());
    state.with(loaded, &Without::anything(), |world: &dyn World| {
        if let Some(flag) = world.flag(name) {
            let shares = expectation(world, &flag).map(|promised| promised.variations);
            // What nobody gets need not be said where that is known.
            let needed = |of: &VariationName| {
                shares.as_ref().is_none_or(|all| all.iter().any(|(name, share)| name == of && *share > 0.0))
            };
            let variations = flag.variations.iter().map(|one| (one.name.clone(), needed(one.name)));
            let subject = Subject { name, noun: "variation", variations: variations.collect() };
            return Ok((Observed::parse(text, &subject)?, shares, unit(&flag.bucket_by)));
        }
        let Some(experiment) = world.experiment(name) else {
            return Err(loaded.unknown_flag_or_experiment(name));
        };
        let pairs = experiment.variants.pairs();
        let variations = pairs.iter().map(|(name, _)| (name.clone(), true)).collect();
        let subject = Subject { name, noun: "variant", variations };
        let shares = pairs.iter().map(|(name, share)| (name.clone(), f64::from(share.get())));
        Ok((Observed::parse(text, &subject)?, Some(shares.collect()), unit(&experiment.bucket_by)))
    })
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
/// Groups of users fail together: those that are exposed are taken to be of such sizes as those that are in at the end,
/// and are worth one at least.
pub(super) fn bound_of(change: &Change, design_effect: Option<f64>) -> Option<FailureBound> {
    let users = change.counts.joins + change.counts.switches;
    #[expect(clippy::cast_precision_loss, reason = "users stay far below 2^53")]
    let worth = (users as f64 / design_effect.unwrap_or(1.0)).max(1.0);
    (users > 0).then(|| FailureBound {
        users,
        effective: design_effect.map(|_| worth),
        rate: failure_bound(worth, CONFIDENCE),
        rule_of_three: rule_of_three(worth),
        confidence: CONFIDENCE,
    })
}
