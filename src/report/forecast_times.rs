//! The same state at several times: account ages and ends of overrides move users.

use serde::Serialize;

use crate::model::Timestamp;

/// One state at several times.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TimesReport {
    /// The label of the state.
    pub state: String,
    /// The seconds between two times.
    pub every_seconds: u64,
    /// The times in their order, at least one.
    pub points: Vec<TimePoint>,
    /// How many users are on, off and on again, or the reverse.
    pub flapping: u64,
    /// The first of them, in input order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sample_flapping: Vec<String>,
    /// Whether anything in the definitions depends on the time at all.
    pub depends_on_time: bool,
}

/// Who is on at one time, and who moved since the time before.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TimePoint {
    /// The time.
    pub at: Timestamp,
    /// How many users are on.
    pub on: u64,
    /// Their share of all users, 0..=1.
    pub share: f64,
    /// Off at the time before, on now.
    pub joins: u64,
    /// On at the time before, off now.
    pub leaves: u64,
    /// On at both times, but served something else.
    pub switches: u64,
    /// How many users are on now or were at a time before.
    pub exposed: u64,
    /// Which overrides have ended since the time before: the flag, and the field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ended: Vec<String>,
}
