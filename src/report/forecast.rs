//! The answer of `simulate-rollout`.

use serde::Serialize;

use crate::bucket::Algorithm;
use crate::model::VariationName;

use super::common::{FreshnessReport, Note, Report, TargetReport};
use super::forecast_configuration::ConfigurationReport;
use super::forecast_funnel::FunnelReport;
use super::forecast_times::TimesReport;
use super::observed::ObservedReport;
use super::orgs::OrgsReport;
use super::overlap::OverlapReport;
use super::power::{FailureBound, PowerReport};

/// Who joins, leaves, switches and stays, step by step.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ForecastReport {
    /// The flag or experiment.
    pub name: String,
    /// `flag` or `experiment`.
    pub kind: &'static str,
    /// Whom the forecast is about.
    pub population: PopulationReport,
    /// The state before.
    pub now: StateReport,
    /// The steps, each against the one before.
    pub steps: Vec<StepForecast>,
    /// The last state against the first, where there are several steps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overall: Option<StepForecast>,
    /// The counts of an experiment's variants in the last state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub experiment: Option<ExperimentReport>,
    /// What the configuration alone says of the steps, without any user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub configuration: Option<ConfigurationReport>,
    /// The last state at several times.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<TimesReport>,
    /// What users must pass first in each state, where there is anything.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub funnel: Vec<FunnelReport>,
    /// By organisation, segment, rule or attribute, where there is no step that has them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<GroupReport>,
    /// By the unit that is bucketed, where that is not the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub orgs: Option<OrgsReport>,
    /// Against other flags and experiments.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub overlaps: Vec<OverlapReport>,
    /// Counts of production against the shares.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed: Option<ObservedReport>,
    /// Which difference can be seen, and when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub power: Option<PowerReport>,
    /// What it means, in plain words.
    pub verdict: Vec<Sentence>,
    /// The conditions of `--fail-if` that hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<String>,
    /// The bucketing algorithm.
    pub algorithm: Algorithm,
    /// What the admin layer was read from.
    pub target: TargetReport,
    /// How old its answer is.
    pub freshness: FreshnessReport,
    /// What is worth a word.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

impl Report for ForecastReport {
    const SCHEMA: &'static str = "ffctl.forecast/1";
}

/// One sentence of the verdict; in JSON its text alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Sentence {
    /// What it says.
    pub text: String,
    /// Whether that is good, bad, or neither.
    #[serde(skip)]
    pub good: Option<bool>,
}

/// Whom a forecast is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PopulationReport {
    /// The file, `-` for standard input, or `synthetic`.
    pub source: String,
    /// Whether the users are made up; then shares have an interval.
    pub synthetic: bool,
    /// The seed of made-up users.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// How many users were evaluated.
    pub users: u64,
    /// How many rows could not be read.
    pub wrong_rows: u64,
    /// The first of them: line and what is wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub wrong: Vec<String>,
    /// How many users have no unit to bucket by.
    pub without_unit: u64,
    /// The files and streams that were read, in this order; none of made-up users.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<InputReport>,
    /// What became of every row and line.
    pub rows: RowsReport,
    /// The first ids that came again.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub repeated: Vec<String>,
}

/// A file or stream with users.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InputReport {
    /// The file as it was named, `-` for standard input, or the database without user and password.
    pub path: String,
    /// How many bytes it has as it stands there, compressed or not; null for a query.
    pub bytes: Option<u64>,
    /// The SHA-256 of these bytes, as `sha256sum` prints it; null if it was not taken, and for a query.
    pub sha256: Option<String>,
    /// The query that the database answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
}

/// The rows and lines of a population but for headers: the others add up to `total`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RowsReport {
    /// All of them.
    pub total: u64,
    /// Users with an id.
    pub users: u64,
    /// Users without one.
    pub without_id: u64,
    /// Rows with the id of an earlier row, which were left out; null if they were not told apart, and then ids among
    /// `users` may come more than once.
    pub duplicates: Option<u64>,
    /// Rows that could not be read, and were left out.
    pub wrong: u64,
    /// Lines with nothing in them.
    pub blank: u64,
}

/// One state of the flag and how many are on in it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StateReport {
    /// What state it is: `now`, `10%`, `default`, `git:origin/main`.
    pub label: String,
    /// What a flag comes to in it: `10% + 2 rules`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// How many users are on.
    pub on: u64,
    /// The share of users that are on, 0..=1.
    pub share: f64,
    /// The share that the configuration alone says, where it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<f64>,
    /// The 95% interval (Wilson) of the share, for synthetic users only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<(f64, f64)>,
    /// The 95% interval (Wilson) of the share among users like those of a given list who are not on it; none where the
    /// configuration alone says it, and where users come in groups.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unseen: Option<(f64, f64)>,
    /// How many users get each variation.
    pub variations: Vec<VariationCount>,
}

/// How many users get a variation or variant.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct VariationCount {
    /// The variation.
    pub variation: VariationName,
    /// How many users.
    pub users: u64,
    /// Their share, 0..=1.
    pub share: f64,
    /// The share that an experiment gives the variant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<f64>,
}

/// One step of a ramp against the state before it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StepForecast {
    /// The state after the step.
    pub then: StateReport,
    /// The label of the state before.
    pub from: String,
    /// Off before, on after.
    pub joins: u64,
    /// On before, off after.
    pub leaves: u64,
    /// On before and after, but served something else.
    pub switches: u64,
    /// Served the same and on.
    pub stays_on: u64,
    /// Served the same and off.
    pub stays_off: u64,
    /// On after, or in any state before.
    pub exposed: u64,
    /// From which variation to which, those who stay included; none for more than 32 variations.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ways: Vec<WayReport>,
    /// The first users, in input order, that join.
    pub sample_joins: Vec<String>,
    /// The first that leave.
    pub sample_leaves: Vec<String>,
    /// The first that switch.
    pub sample_switches: Vec<String>,
    /// Whether nobody of this population leaves or switches.
    pub keeps_everyone: bool,
    /// Whether the definitions alone guarantee that for any population.
    pub guaranteed: bool,
    /// Users whose evaluation ends in an error before or after, since they have no unit to bucket by.
    pub errors: u64,
    /// What it says of the failure rate if nobody fails; none where nobody joins or switches.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure_bound: Option<FailureBound>,
    /// By organisation, segment, rule or attribute, largest first; of the last state against the first alone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<GroupReport>,
}

/// From one variation to another, or to itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WayReport {
    /// The variation before.
    pub before: VariationName,
    /// The variation after.
    pub after: VariationName,
    /// What that is: `joins`, `leaves`, `switches`, `stays_on` or `stays_off`.
    #[serde(rename = "move")]
    pub moves: &'static str,
    /// How many users go this way.
    pub users: u64,
}

/// The change within one group.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GroupReport {
    /// What is grouped by: `org`, `segment`, `rule` (what decides in the last state), an attribute.
    pub by: String,
    /// The group; null for users without the attribute.
    pub group: Option<String>,
    /// How many users.
    pub users: u64,
    /// On before.
    pub on_before: u64,
    /// On after.
    pub on_after: u64,
    /// Off before, on after.
    pub joins: u64,
    /// On before, off after.
    pub leaves: u64,
    /// On before and after, but served something else.
    pub switches: u64,
}

/// The variants of an experiment.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ExperimentReport {
    /// Users by the bucket, per variant.
    pub variants: Vec<VariationCount>,
    /// Users with a forced variant, counted apart.
    pub forced: u64,
    /// Users behind a closed gate, counted apart.
    pub gated: u64,
    /// The test of the counts against the shares; none for fewer than two variants or no user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample_ratio: Option<SampleRatio>,
}

/// Pearson's χ² test of counts against shares.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SampleRatio {
    /// The statistic.
    pub chi_square: f64,
    /// Degrees of freedom.
    pub degrees: u32,
    /// The probability of a deviation at least as large, by chance.
    pub p: f64,
    /// Whether that is below 0.001.
    pub mismatch: bool,
    /// The largest deviation of a variant's share, in percentage points.
    pub deviation_points: f64,
    /// What the statistic was divided by, where users are bucketed in groups (Kish, Rao and Scott): that of all users of
    /// the population.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub design_effect: Option<f64>,
}
