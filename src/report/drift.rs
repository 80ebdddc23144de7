//! The answer of `drift`: where a server and this checkout disagree, why, and what to do.

use serde::Serialize;

use crate::layer::Origin;

use super::common::{FreshnessReport, Note, Report, StateWord, TargetReport};
use super::diff::FieldDifferenceReport;

/// Where a server and this checkout disagree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DriftsReport {
    /// The server that was asked.
    pub target: TargetReport,
    /// How old its answer is.
    pub freshness: FreshnessReport,
    /// The flags.toml of this checkout.
    pub file: String,
    /// The flags that differ.
    pub flags: Vec<DriftedFlag>,
    /// How many there are.
    pub count: DriftCount,
    /// What the server tells of each flag and so could be compared: `switch` (its switch and source alone), `state`
    /// (whom it is on for as well) or `definition` (how it is defined as well).
    pub compared: &'static str,
    /// The kinds of drift that do not count in this answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ignored: Vec<&'static str>,
    /// The exit code of the answer.
    pub exit: u8,
    /// What is worth a word.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

impl Report for DriftsReport {
    const SCHEMA: &'static str = "ffctl.drift/1";
}

/// How many flags drift; one may drift in several ways.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DriftCount {
    /// Compared in all.
    pub compared: usize,
    /// Drifting.
    pub drifting: usize,
    /// Of these, not on for the same people.
    pub state: usize,
    /// Of these, with a switch from another layer.
    pub source: usize,
    /// Of these, defined otherwise.
    pub definition: usize,
    /// Of these, only known here.
    pub only_here: usize,
    /// Of these, only known to the server.
    pub only_there: usize,
    /// Of these, with a layer that cannot be read.
    pub invalid: usize,
}

/// A flag that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DriftedFlag {
    /// Its name.
    pub name: String,
    /// How it differs: `state`, `source`, `definition`, `only_here`, `only_there`, `invalid`.
    pub kinds: Vec<&'static str>,
    /// What this checkout resolves it to; null where only the server knows it.
    pub here: Option<DriftSide>,
    /// What the server says; null where only this checkout knows it.
    pub there: Option<DriftSide>,
    /// The fields that differ, `old` being this checkout's.
    pub fields: Vec<FieldDifferenceReport>,
    /// Why, as far as both sides tell.
    pub why: String,
    /// What ends the drift: commands, or what is to be done elsewhere.
    pub fixes: Vec<String>,
}

/// One side of a flag that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DriftSide {
    /// `on`, `off`, `partial` or `invalid`.
    pub state: StateWord,
    /// The state in short.
    pub summary: String,
    /// The switch; null if a layer holds something that cannot be read.
    pub enabled: Option<bool>,
    /// The layer that sets the switch, as the side names it.
    pub source: String,
    /// Where the switch stands, if it stands here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Origin>,
}
