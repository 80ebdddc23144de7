//! The answer of `doctor`.

use serde::Serialize;

use super::common::{Note, Report};

/// How everything that a command needs is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DoctorReport {
    /// Whether nothing is wrong; warnings are nothing wrong.
    pub healthy: bool,
    /// How many findings of each kind there are.
    pub summary: HealthCount,
    /// The findings, in the order of the checks.
    pub findings: Vec<HealthReport>,
    /// What is worth a word.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

impl Report for DoctorReport {
    const SCHEMA: &'static str = "ffctl.doctor/1";
}

/// How many findings there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct HealthCount {
    /// Things that are as they should be.
    pub ok: u64,
    /// Things to look at.
    pub warning: u64,
    /// Things that do not work.
    pub wrong: u64,
    /// Things that were left out.
    pub skipped: u64,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HealthReport {
    /// What was looked at: `settings`, `config`, `flags`, `variables`, `target`, `token`, `store`, `server`, `cache` or `directory`.
    pub check: &'static str,
    /// `ok`, `warning`, `wrong`, or `skipped` where it was left out.
    pub level: &'static str,
    /// What was found.
    pub message: String,
    /// Where it comes from: a file with its line, an option, a variable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
    /// The exit code of a command that meets it; 0 unless it is wrong.
    pub exit: u8,
}
