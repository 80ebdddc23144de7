//! The answer of `list`.

use serde::Serialize;

use super::common::{FreshnessReport, Note, Report, TargetReport};
use super::flag::FlagReport;

/// All flags asked for; a superset of the admin API's `{"flags":[{"name","enabled","source"}]}`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ListReport {
    /// The flags, in the order of flags.toml, undeclared ones last.
    pub flags: Vec<FlagReport>,
    /// How many there are.
    pub count: Count,
    /// The file that declares them, as the user would name it.
    pub file: Option<String>,
    /// What the admin layer was read from.
    pub target: TargetReport,
    /// How old its answer is.
    pub freshness: FreshnessReport,
    /// What is worth a word.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

impl Report for ListReport {
    const SCHEMA: &'static str = "ffctl.list/1";
}

/// How many flags a list shows, by state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Shown after filters.
    pub shown: usize,
    /// Known in all.
    pub total: usize,
    /// Shown and on for everyone.
    pub on: usize,
    /// Shown and off for everyone.
    pub off: usize,
    /// Shown and partly on.
    pub partial: usize,
    /// Shown and invalid.
    pub invalid: usize,
    /// Shown and known to the admin layer only.
    pub undeclared: usize,
    /// Shown and with a value of the admin layer or a variable in force.
    pub overridden: usize,
}
