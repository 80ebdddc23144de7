//! The answer of `journal verify`.

use serde::Serialize;

use super::common::{Note, Report, TargetReport};

/// Whether a journal is the one that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChainReport {
    /// Whose journal.
    pub target: TargetReport,
    /// Whether every entry fits, and every receipt.
    pub whole: bool,
    /// How many entries there are.
    pub entries: u64,
    /// The hash of the last, which stands for all of them; null where one does not fit.
    pub head: Option<String>,
    /// The first entry that does not fit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub broken: Option<BrokenReport>,
    /// What is worth a word.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

/// An entry that does not fit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BrokenReport {
    /// Its number.
    pub number: u64,
    /// What is wrong with it.
    pub problem: String,
}

impl Report for ChainReport {
    const SCHEMA: &'static str = "ffctl.chain/1";
}
