//! Users of an experiment or a flag as production counted them, against its shares.

use serde::Serialize;

use super::forecast::{SampleRatio, Sentence, VariationCount};

/// The sample ratio of observed counts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ObservedReport {
    /// The users of each variant or variation, with the share that it should have.
    pub variants: Vec<VariationCount>,
    /// How many users that are.
    pub users: u64,
    /// Where the shares come from: `configuration`, or `population` where users, organisations or rules decide.
    pub against: &'static str,
    /// How many of them have what nobody should have; the tests are of the others.
    #[serde(skip_serializing_if = "is_none")]
    pub unexpected: u64,
    /// The test of one look; none without users.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample_ratio: Option<SampleRatio>,
    /// The test that may be looked at every day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sequential: Option<SequentialReport>,
    /// What it means, in plain words.
    pub meaning: Vec<Sentence>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_none(number: &u64) -> bool {
    *number == 0
}

impl ObservedReport {
    /// Tells whether the counts are a mismatch, however often one looks.
    pub fn mismatch(&self) -> bool {
        self.unexpected > 0 || self.sequential.as_ref().is_some_and(|test| test.mismatch)
    }
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
