//! Users of an experiment as production counted them, against its shares.

use serde::Serialize;

use super::forecast::{SampleRatio, Sentence, VariationCount};

/// The sample ratio of observed counts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ObservedReport {
    /// The users of each variant, with its share of the experiment.
    pub variants: Vec<VariationCount>,
    /// How many users that are.
    pub users: u64,
    /// The test of one look; none without users.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample_ratio: Option<SampleRatio>,
    /// The test that may be looked at every day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sequential: Option<SequentialReport>,
    /// What it means, in plain words.
    pub meaning: Vec<Sentence>,
}

/// The sequential test (Lindon and Malek) of counts against shares.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SequentialReport {
    /// The logarithm of the odds that the shares are not right.
    pub log_odds: f64,
    /// How often chance alone ever comes to such odds, over all looks together, at most.
    pub p: f64,
    /// What `p` must be below to be a mismatch.
    pub limit: f64,
    /// Whether it is.
    pub mismatch: bool,
}
