//! Whether what users get of one flag has to do with what they get of another.

use serde::Serialize;

use super::forecast::Sentence;

/// The last state of the flag or experiment against another one of the same file, over the same users.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OverlapReport {
    /// The other one.
    pub with: String,
    /// `flag` or `experiment`.
    pub kind: &'static str,
    /// What users get of the first, in the order of the rows of `counts`.
    pub rows: Vec<String>,
    /// What they get of the other, in the order of the columns.
    pub columns: Vec<String>,
    /// How many users get both, row by row.
    pub counts: Vec<Vec<u64>>,
    /// How many users that are.
    pub users: u64,
    /// How many are left out: behind the gate of an experiment, or without a unit to bucket by.
    pub left_out: u64,
    /// How strongly the two are associated; none where one of them gives everybody the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub association: Option<AssociationReport>,
    /// What it means, in plain words.
    pub meaning: Sentence,
}

/// Pearson's χ² test of independence, and how strong the dependence is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AssociationReport {
    /// `phi` of two rows and two columns, else `cramers_v`.
    pub measure: &'static str,
    /// φ, -1..=1, or Cramér's V, 0..=1.
    pub strength: f64,
    /// The statistic.
    pub chi_square: f64,
    /// Degrees of freedom.
    pub degrees: u32,
    /// The probability of an association at least as strong, by chance.
    pub p: f64,
    /// What `p` must be below: 0.001 by the number of pairs.
    pub limit: f64,
    /// Whether it is, and the strength beyond 0.01.
    pub notable: bool,
    /// Where the association likely comes from, if it is notable: `hash` (both draw the same number of a user),
    /// `related_hash` (both hash with what does not keep different names apart), `reference` (one asks the other),
    /// `definitions` (rules and lists that match the same users).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<&'static str>,
    /// What the statistic was divided by, where both are bucketed in groups of users (Kish, Rao and Scott): that of all users of
    /// the population.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub design_effect: Option<f64>,
}
