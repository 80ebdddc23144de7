//! The answer of `snapshot save` and `snapshot list`.

use serde::Serialize;

use crate::model::Timestamp;

use super::common::{Note, Report, TargetReport};

/// Snapshots that were saved or are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SnapshotsReport {
    /// `saved` or `listed`.
    pub outcome: &'static str,
    /// The snapshots, the newest first.
    pub snapshots: Vec<SnapshotReport>,
    /// The folder of those that are kept by name; null where the system names none.
    pub folder: Option<String>,
    /// What is worth a word.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

impl Report for SnapshotsReport {
    const SCHEMA: &'static str = "ffctl.snapshot/1";
}

/// One snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SnapshotReport {
    /// Its name, or the file as it was named.
    pub name: String,
    /// Its file, absolute.
    pub file: String,
    /// What it holds; null if it cannot be read.
    pub content: Option<SnapshotContent>,
    /// Why it cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// What a snapshot holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SnapshotContent {
    /// When it was saved.
    pub saved_at: Timestamp,
    /// When, seen from now.
    #[serde(skip)]
    pub ago: String,
    /// Who saved it.
    pub by: Option<String>,
    /// What for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// What was saved.
    pub target: TargetReport,
    /// The number of the newest journalled change in it, where the target names one.
    pub journal: Option<u64>,
    /// How many flags it knows.
    pub flags: usize,
    /// How many of them had an override.
    pub overrides: usize,
    /// Its hash.
    pub sha256: String,
}
