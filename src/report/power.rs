//! Which difference an experiment or a rollout can show, and after how many days.

use serde::Serialize;

use super::forecast::Sentence;

/// What a comparison of rates can see, from the users of a day.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PowerReport {
    /// The label of the state that is looked at: the last in which there is somebody to compare with.
    pub state: String,
    /// How many new users come in a day.
    pub daily_users: u64,
    /// The rate without the change, 0..=1.
    pub baseline: f64,
    /// Whether nobody said so: then it is the rate of which a difference is hardest to see, 50%.
    pub worst_case: bool,
    /// How often a difference is seen where there is none, on both sides together, 0..=1.
    pub alpha: f64,
    /// How often a difference that is there is seen, 0..=1.
    pub power: f64,
    /// What keeps `alpha` for all comparisons together; none where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correction: Option<CorrectionReport>,
    /// What users are worth that come in groups; none where each is bucketed alone, or the groups are not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub design: Option<DesignReport>,
    /// The difference of rates that was asked for, 0..=1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect: Option<f64>,
    /// Each arm against the first; none where everybody gets the same.
    pub comparisons: Vec<ComparisonReport>,
    /// What it means, in plain words.
    pub meaning: Vec<Sentence>,
}

/// Several comparisons at once.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CorrectionReport {
    /// How they are corrected: `bonferroni`.
    pub method: &'static str,
    /// How many there are.
    pub comparisons: usize,
    /// How often each alone may see a difference where there is none, 0..=1.
    pub alpha: f64,
}

/// Users that are bucketed in groups.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DesignReport {
    /// What is bucketed: `org`.
    pub unit: String,
    /// How many groups the users of the population are in.
    pub groups: u64,
    /// Of how many groups of one size they are worth (Kish).
    pub effective_size: f64,
    /// Of how many users one is as good as, at most: users of one group counted as all alike.
    pub design_effect: f64,
}

/// Two arms against each other.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ComparisonReport {
    /// What it is compared with: the first variant, or `off`.
    pub control: ArmReport,
    /// What is compared.
    pub arm: ArmReport,
    /// What can be seen after so many days.
    pub durations: Vec<DurationReport>,
    /// After how many days the effect that was asked for is seen; null if not within a million.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<Option<u32>>,
}

/// One arm.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ArmReport {
    /// Its name.
    pub name: String,
    /// Its share of all users of a day, 0..=1.
    pub share: f64,
}

/// What can be seen after some days.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DurationReport {
    /// How many days.
    pub days: u32,
    /// How many users both arms have by then, on average.
    pub users: f64,
    /// What they are worth where users come in groups.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effective: Option<f64>,
    /// The smallest difference of rates that is seen, 0..=1; null if not even the largest.
    pub detectable: Option<f64>,
}

/// What a step without a failure says of the failure rate.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FailureBound {
    /// How many users the step exposes: who joins or switches.
    pub users: u64,
    /// About how many they are worth where they come in groups, whose users fail together (Kish, by the sizes of the groups
    /// that are in at the end); the bounds are of these.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effective: Option<f64>,
    /// If none of them fails, the failure rate is below this, 0..=1 (exact, Clopper and Pearson).
    pub rate: f64,
    /// The rule of three beside it: 3 by the users, or by what they are worth; at most 1.
    pub rule_of_three: f64,
    /// How sure that is, 0..=1.
    pub confidence: f64,
}
