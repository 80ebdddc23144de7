//! The answer of `diff`.

use serde::Serialize;

use crate::layer::Origin;

use super::common::{FreshnessReport, Note, Report, StateWord, TargetReport};

/// What differs between two states.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DiffReport {
    /// The state before.
    pub before: ComparedReport,
    /// The state after.
    pub after: ComparedReport,
    /// The definitions that differ: flags, experiments, segments.
    pub differences: Vec<DifferenceReport>,
    /// How many there are.
    pub count: DiffCount,
    /// What the admin layer was read from; none if neither state asks it.
    pub target: Option<TargetReport>,
    /// How old its answer is; none if neither state asks it.
    pub freshness: Option<FreshnessReport>,
    /// What is worth a word.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

impl Report for DiffReport {
    const SCHEMA: &'static str = "ffctl.diff/1";
}

impl DiffReport {
    /// Returns that of two states that each say what they were read from.
    pub fn of(
        (before, after): (ComparedReport, ComparedReport),
        differences: Vec<DifferenceReport>,
        count: DiffCount,
        notes: Vec<Note>,
    ) -> Self {
        Self { before, after, differences, count, target: None, freshness: None, notes }
    }
}

/// One of the two states.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ComparedReport {
    /// The word that named it: `default`, `git:HEAD~1`, `other.toml`.
    pub state: String,
    /// The file with its definitions, as the user would name it; none where a server answers without.
    pub file: Option<String>,
    /// The target that it was read from, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<TargetReport>,
    /// How old the target's answer is; of a snapshot its age.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub freshness: Option<FreshnessReport>,
    /// Whose words count: `checkout` or `server`; of layers and files, always this checkout's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub view: Option<&'static str>,
}

impl ComparedReport {
    /// Returns a state that no target was asked for.
    pub fn new(state: &str, file: Option<String>) -> Self {
        Self { state: state.to_owned(), file, target: None, freshness: None, view: None }
    }
}

/// How many definitions differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DiffCount {
    /// Compared in all.
    pub compared: usize,
    /// Differing.
    pub differing: usize,
    /// Of these, only in the state after.
    pub added: usize,
    /// Of these, only in the state before.
    pub removed: usize,
    /// Of these, in both.
    pub changed: usize,
    /// Of these, under another name that hashes alike.
    pub renamed: usize,
    /// Of these, with a difference that moves people without changing a share.
    pub moving: usize,
    /// Of these, with a layer that cannot be read.
    pub invalid: usize,
}

/// A definition that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DifferenceReport {
    /// `flag`, `experiment` or `segment`.
    pub kind: &'static str,
    /// Its name; the new one if it was renamed.
    pub name: String,
    /// `added`, `removed`, `changed` or `renamed`.
    pub change: &'static str,
    /// Its name before, if it was renamed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
    /// What it was; null if it was added.
    pub before: Option<SideReport>,
    /// What it is; null if it was removed.
    pub after: Option<SideReport>,
    /// Whether people move without any share changing.
    pub moves_people: bool,
    /// The fields that differ, metadata last.
    pub fields: Vec<FieldDifferenceReport>,
    /// The flags whose rules ask this segment.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub used_by: Vec<String>,
    /// The removed flag that this one equals in everything but the hash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resembles: Option<String>,
}

/// One side of a definition that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SideReport {
    /// Of a flag: on, off, partial or invalid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<StateWord>,
    /// Of a flag: the state in short.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// Where it is defined.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Origin>,
    /// What is wrong with it, for people.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<String>,
}

/// A field that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldDifferenceReport {
    /// `enabled`, `rollout`, `user u-42`, `rule 2 "employees first" clause`.
    pub field: String,
    /// `behaviour`, `moves_people` or `metadata`.
    pub effect: &'static str,
    /// The value before, in words; null where there was none.
    pub old: Option<String>,
    /// The value after, in words; null where there is none.
    pub new: Option<String>,
    /// Where the value before stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_place: Option<Origin>,
    /// Where the value after stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_place: Option<Origin>,
}
