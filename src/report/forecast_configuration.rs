//! What the configuration alone says of a change: shares of all units, without a single user.

use serde::Serialize;

use crate::model::VariationName;

use super::forecast::Sentence;

/// What is known before any data: where the cut points of all states lie.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ConfigurationReport {
    /// The users that the definitions treat alike, each group with its own shares: those that nothing names and no
    /// rule matches first, then those whom one rule alone matches.
    pub groups: Vec<LayoutGroup>,
    /// What holds of users who are in none of the groups: whom several rules match, who are named one by one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<Sentence>,
    /// What cannot be said without users, and why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<String>,
}

/// Users that the definitions treat alike but for where they draw.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LayoutGroup {
    /// Of whom the shares are: `everyone`, `users that no rule matches`.
    pub whom: String,
    /// The rule that matches them, from 1; none for the default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<u64>,
    /// What is bucketed by: shares are of these units.
    pub by: String,
    /// The states, the present one first.
    pub states: Vec<LayoutState>,
    /// The steps, each against the state before.
    pub steps: Vec<LayoutStep>,
    /// What it means, in plain words.
    pub said: Vec<Sentence>,
    /// Other ways to lay the shares out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub offers: Vec<LayoutOffer>,
}

/// Who gets what in one state.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LayoutState {
    /// What state it is.
    pub label: String,
    /// The share that is on, 0..=1.
    pub on: f64,
    /// The share that is on in this state or was in one before, 0..=1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exposed: Option<f64>,
    /// What each piece of all draws gets, in their order; empty where two draws decide.
    pub pieces: Vec<LayoutPiece>,
    /// The share of each variation, 0..=1.
    pub variations: Vec<LayoutShare>,
}

/// A piece of all draws.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LayoutPiece {
    /// What it gets.
    pub variation: VariationName,
    /// Where it begins, 0..=1.
    pub from: f64,
    /// Where it ends, 0..=1.
    pub to: f64,
}

/// The share of a variation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LayoutShare {
    /// The variation.
    pub variation: VariationName,
    /// Its share, 0..=1.
    pub share: f64,
}

/// What one step does to all units.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LayoutStep {
    /// The label of the state before.
    pub from: String,
    /// The label of the state after.
    pub to: String,
    /// Whether both states draw alike, so that the shares are exact; else they are what is expected of independent
    /// draws.
    pub exact: bool,
    /// What makes the draws of the two states independent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub redrawn: Vec<&'static str>,
    /// Off before, on after, 0..=1.
    pub joins: f64,
    /// On before, off after, 0..=1.
    pub leaves: f64,
    /// On before and after, but served something else, 0..=1.
    pub switches: f64,
    /// Served the same and on, 0..=1.
    pub stays_on: f64,
    /// Off before and after, 0..=1.
    pub stays_off: f64,
    /// Every way from one variation to another, or to itself, that anybody goes.
    pub transitions: Vec<LayoutTransition>,
}

/// From one variation to another.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LayoutTransition {
    /// The variation before.
    pub before: VariationName,
    /// The variation after.
    pub after: VariationName,
    /// What that is: `joins`, `leaves`, `switches`, `stays_on` or `stays_off`.
    #[serde(rename = "move")]
    pub moves: &'static str,
    /// How large a share of all goes this way, 0..=1.
    pub share: f64,
}

/// Another way to lay the shares out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LayoutOffer {
    /// What it changes, and whom it moves.
    pub text: String,
    /// The shares of each step in their order, as `--split` takes them.
    pub splits: Vec<String>,
    /// The share that leaves or switches then over all steps, 0..=1.
    pub moved: f64,
    /// What to type to see it; none for the shares of a rule, which no option changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// The line of flags.toml for the last of the steps, in the flag or in the rule.
    pub toml: String,
}
