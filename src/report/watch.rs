//! What `watch` tells, one thing at a time.

use serde::Serialize;

use crate::model::Timestamp;

use super::check::ConditionReport;
use super::common::{Report, StateWord, TargetReport};
use super::diff::FieldDifferenceReport;

/// Something that happened to what is watched.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WatchReport {
    /// `changed`, `added`, `removed`: a flag; `unreachable`, `reachable`: the target; `until`: what the conditions of
    /// `--until` came to, last.
    pub event: &'static str,
    /// When it was noticed.
    pub at: Timestamp,
    /// What is watched.
    pub target: TargetReport,
    /// The flag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flag: Option<String>,
    /// What the flag was; absent where it was not there, and where only later changes tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<WatchedSide>,
    /// What the flag is since; absent where it is gone, and where only later changes tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is: Option<WatchedSide>,
    /// The fields that changed: of a journalled change those of the override.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldDifferenceReport>,
    /// The number of the change in the target's journal; absent where it stands in none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub journal: Option<u64>,
    /// When it was changed, as the journal says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed_at: Option<Timestamp>,
    /// Who changed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Whether it happened while the target could not be reached.
    pub away: bool,
    /// What else is to be said: why the target cannot be reached, for how long it could not, what the journal lacks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Of `until`: whether all conditions hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holds: Option<bool>,
    /// Of `until`: the exit code that the watch ends with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exit: Option<u8>,
    /// Of `until`: the conditions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<ConditionReport>,
}

impl Report for WatchReport {
    const SCHEMA: &'static str = "ffctl.watch/1";
}

impl WatchReport {
    /// Returns an event of a target of which nothing more is said.
    pub const fn new(event: &'static str, at: Timestamp, target: TargetReport) -> Self {
        Self {
            event,
            at,
            target,
            flag: None,
            was: None,
            is: None,
            fields: Vec::new(),
            journal: None,
            changed_at: None,
            by: None,
            reason: None,
            away: false,
            message: None,
            holds: None,
            exit: None,
            conditions: Vec::new(),
        }
    }
}

/// What a flag was or is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WatchedSide {
    /// `on`, `off`, `partial` or `invalid`.
    pub state: StateWord,
    /// The state in short.
    pub summary: String,
    /// The switch; null if a layer holds something that cannot be read.
    pub enabled: Option<bool>,
    /// The layer that sets the switch, as the target names it.
    pub source: String,
}
