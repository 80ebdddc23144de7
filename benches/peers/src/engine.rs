//! What is measured: a job, and an engine that has been set up for it.

/// A job that every engine does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Job {
    /// On for 25% of the users, whose ids are short.
    Rollout,
    /// On for 25% of the users, whose ids are UUIDs.
    RolloutOfUuids,
    /// On for 25% of the users whose email ends with `@agpt.co` (every second one), off for all others.
    BehindSuffix,
}

impl Job {
    /// All jobs in the order of the report.
    pub const ALL: [Self; 3] = [Self::Rollout, Self::RolloutOfUuids, Self::BehindSuffix];

    /// Returns what the job is, in one line.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Rollout => "25% rollout, ids like user-123456",
            Self::RolloutOfUuids => "25% rollout, ids are UUIDs",
            Self::BehindSuffix => "25% rollout behind a rule: email ends with @agpt.co (every second user)",
        }
    }
}

/// The flag's name in every engine.
pub const FLAG: &str = "enable_memory_v2";

/// An engine with its definitions compiled and its contexts built.
pub trait Engine {
    /// Returns its name and version.
    fn name(&self) -> &'static str;
    /// Evaluates the flag for every user and returns for how many it is on.
    fn count_on(&self) -> usize;
}
