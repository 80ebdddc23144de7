//! The answers of `bucketing`.

use serde::Serialize;

use crate::model::Weight;

use super::common::{Note, Report};

/// All algorithms.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AlgorithmsReport {
    /// The algorithms, those of flags.toml first.
    pub algorithms: Vec<AlgorithmReport>,
    /// The one that is used where a flag or an experiment names none.
    pub default: String,
    /// The flags.toml that was read; null without one.
    pub file: Option<String>,
}

impl Report for AlgorithmsReport {
    const SCHEMA: &'static str = "ffctl.bucketing-list/1";
}

/// One algorithm.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ShownAlgorithm {
    /// The algorithm.
    pub algorithm: AlgorithmReport,
    /// What to write into a flag in flags.toml.
    pub toml: String,
    /// The lines of another language, where they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceReport>,
}

impl Report for ShownAlgorithm {
    const SCHEMA: &'static str = "ffctl.bucketing-show/1";
}

/// What an algorithm is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AlgorithmReport {
    /// Its name.
    pub name: String,
    /// What it is, for people.
    pub about: String,
    /// Whether flags.toml defines it.
    pub custom: bool,
    /// Whether it is used where a flag or an experiment names none.
    pub default: bool,
    /// The flags and experiments that are bucketed by it.
    pub used_by: Vec<String>,
    /// How rollouts are drawn.
    pub rollout: RecordReport,
    /// How splits and experiments are drawn.
    pub variant: RecordReport,
    /// In which order shares are added up: `written` or `name_descending`.
    pub order: &'static str,
    /// Whether a flag says a seed of its own: `none`, `optional` or `required`.
    pub seed: &'static str,
    /// Whether a salt is hashed beside the name.
    pub needs_salt: bool,
    /// What its own system does with a missing unit; null where that is not known.
    pub missing_there: Option<String>,
    /// What this program does.
    pub missing_here: &'static str,
    /// What to know before use.
    pub notes: Vec<String>,
}

/// A formula.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RecordReport {
    /// What is hashed: `{key}:{unit}`.
    pub template: String,
    /// The hash.
    pub hash: &'static str,
    /// Its seed: a number, or how it is computed.
    pub seed: String,
    /// Which part of the digest counts.
    pub slice: String,
    /// How that becomes a bucket.
    pub reduce: String,
    /// What is added to the bucket.
    pub offset: u32,
    /// In which floating point numbers fractions are computed.
    pub precision: &'static str,
    /// How a bucket is compared with a percentage.
    pub compare: &'static str,
    /// How many buckets a rollout has; null where they are not counted.
    pub buckets: Option<u64>,
    /// Whether different flags are bucketed independently of each other.
    pub independent: bool,
}

/// A formula in another language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourceReport {
    /// The language: `python`, `sql`, `js` or `rust`.
    pub language: &'static str,
    /// The lines.
    pub text: String,
}

/// Which formula production uses.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct InferReport {
    /// `one`; `unconfirmed` where one is left and more users must confirm it, or tell it from its twins; `several`, `none`; `random` where a user
    /// was seen on and off.
    pub verdict: &'static str,
    /// Where the observations come from.
    pub source: String,
    /// How many users were observed.
    pub users: usize,
    /// How many of them were on.
    pub on: usize,
    /// The percentage at which they were made.
    pub percent: Weight,
    /// How many formulas were tried.
    pub tried: usize,
    /// The names that were tried as the key.
    pub keys: Vec<String>,
    /// The formulas that agree with every observation, at most ten.
    pub found: Vec<FormulaReport>,
    /// How many there are; where a user was seen on and off, how many such users.
    pub count: usize,
    /// After how many users one was left; the rest confirmed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<usize>,
    /// How many of the wrong formulas are expected to agree with every user by chance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by_chance: Option<f64>,
    /// About how many more users it takes to be sure; absent where there are enough, if the right ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<usize>,
    /// Users whose observation would tell apart what is left.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ask: Vec<String>,
    /// Users that were seen on and off.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contradictory: Vec<String>,
    /// The formula that agrees most often, where none agrees always.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nearest: Option<NearestReport>,
    /// How many rows could not be read.
    pub wrong_rows: usize,
    /// What is worth a word.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

impl Report for InferReport {
    const SCHEMA: &'static str = "ffctl.bucketing-infer/1";
}

/// A formula that agrees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FormulaReport {
    /// The name of the algorithm, if it has one.
    pub name: Option<String>,
    /// What the formula is for where it was found: `rollout` or `variant`.
    pub purpose: &'static str,
    /// What is hashed as the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// What is hashed as the salt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub salt: Option<String>,
    /// The formula.
    pub record: RecordReport,
    /// Formulas that differ in so few users that these observations do not tell.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub twins: Vec<String>,
    /// What to write into flags.toml.
    pub toml: String,
}

/// The formula that agrees most often.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NearestReport {
    /// The formula.
    pub formula: FormulaReport,
    /// With how many users it agrees.
    pub agrees: usize,
    /// Of how many.
    pub of: usize,
    /// Whether that is more than the best of so many formulas reaches by chance.
    pub beyond_chance: bool,
    /// The first users that it gets wrong.
    pub wrong: Vec<String>,
}
