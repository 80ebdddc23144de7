//! A forecast by the unit that is bucketed, where users come in groups: organisations above all.

use serde::Serialize;

use crate::model::VariationName;

use super::forecast::Sentence;

/// What a rollout by organisation comes to in users, in the last state.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OrgsReport {
    /// What is counted: `org`, or what else the flag buckets by, such as `org.plan`.
    pub unit: String,
    /// How many of them there are.
    pub orgs: u64,
    /// How many users have one.
    pub users: u64,
    /// How many users have none.
    pub without: u64,
    /// Whether there were more than are told apart; then these figures are of the first of the input.
    pub truncated: bool,
    /// Kish's effective sample size: of how many organisations of one size the users are worth.
    pub effective_size: f64,
    /// How many have all their users on; of an experiment: in.
    pub on: u64,
    /// How many have none.
    pub off: u64,
    /// How many have some of them on and some off.
    pub split: u64,
    /// The share of the organisations that is on as a whole, 0..=1.
    pub share_of_orgs: f64,
    /// The share of the users with an organisation that is on, 0..=1.
    pub share_of_users: f64,
    /// What they get, by organisations and by users.
    pub variations: Vec<OrgVariation>,
    /// The largest that are on, at most 5.
    pub largest_on: Vec<OrgReport>,
    /// The largest that are off.
    pub largest_off: Vec<OrgReport>,
    /// The largest that are split.
    pub largest_split: Vec<OrgReport>,
    /// What it means, in plain words.
    pub meaning: Vec<Sentence>,
}

/// How many organisations and users get a variation or variant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OrgVariation {
    /// The variation.
    pub variation: VariationName,
    /// Organisations all of whose users get it.
    pub orgs: u64,
    /// Users with an organisation who get it.
    pub users: u64,
}

/// One organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OrgReport {
    /// Its key.
    pub org: String,
    /// How many users it has.
    pub users: u64,
    /// How many of them are on.
    pub on: u64,
}
