//! The answer of `history`: who changed what, when and why.

use serde::Serialize;

use crate::layer::Source;
use crate::model::Timestamp;

use super::common::{FreshnessReport, Note, Report, TargetReport};

/// Changes of the target and of local files, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HistoryReport {
    /// Whose journal was asked; changes of files are journalled locally, whatever the target.
    pub target: TargetReport,
    /// Whether it was asked.
    pub freshness: FreshnessReport,
    /// The changes.
    pub entries: Vec<HistoryEntry>,
    /// Whether these are all that were asked for: no older ones were left out, and every journal could be read.
    pub complete: bool,
    /// What is worth a word.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

impl Report for HistoryReport {
    const SCHEMA: &'static str = "ffctl.history/1";
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HistoryEntry {
    /// `17`, or `L17` for a change of a file.
    pub number: String,
    /// When; null where a server does not say.
    pub at: Option<Timestamp>,
    /// When, seen from now.
    #[serde(skip)]
    pub ago: String,
    /// Who; null where nobody says.
    pub by: Option<String>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The program that did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tool: Option<String>,
    /// When what it set ends by itself, or ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// When that is, seen from now; nothing once it is over.
    #[serde(skip)]
    pub ends: String,
    /// The layer that it changed.
    pub layer: Source,
    /// The file that it changed, absolute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The file as the user would write it.
    #[serde(skip)]
    pub file_shown: Option<String>,
    /// What it changed.
    pub changes: Vec<HistoryChange>,
    /// The token that it made or revoked; then it changed no flag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<HistoryToken>,
}

/// What an entry did to a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HistoryToken {
    /// `created` or `revoked`.
    pub change: &'static str,
    /// Its number.
    pub number: u64,
    /// Its name.
    pub name: String,
    /// `viewer`, `editor` or `admin`.
    pub role: &'static str,
    /// When it counts no more by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}

/// One field of one flag that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HistoryChange {
    /// The flag.
    pub flag: String,
    /// `enabled`, `rollout`, `serve`, `user u-42`, `org acme`, or the variable.
    pub field: String,
    /// What the layer said; null where it said nothing.
    pub old: Option<String>,
    /// What it says since; null where it says nothing any more.
    pub new: Option<String>,
    /// When that ends by itself, or ended, where the fields of the entry do not all end then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// When that is, seen from now; nothing once it is over.
    #[serde(skip)]
    pub ends: String,
}
