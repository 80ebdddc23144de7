//! Differences as plain data.

use crate::eval::State;
use crate::layer::Origin;

/// Everything that differs, in the order of the state after; what is gone comes last.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// The flags, experiments and segments that differ, in that order.
    pub differences: Vec<Difference>,
    /// How many flags, experiments and segments were compared.
    pub compared: usize,
}

/// What kind of definition differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// A flag.
    Flag,
    /// An experiment.
    Experiment,
    /// A segment.
    Segment,
}

impl Subject {
    /// Returns the word in every output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Flag => "flag",
            Self::Experiment => "experiment",
            Self::Segment => "segment",
        }
    }
}

/// How a definition differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Only the state after has it.
    Added,
    /// Only the state before has it.
    Removed,
    /// Both have it.
    Changed,
    /// The state before has it under this other name, and both hash alike: nobody moves.
    Renamed(String),
}

impl Change {
    /// Returns the word in every output.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Renamed(_) => "renamed",
        }
    }
}

/// A flag, experiment or segment that differs.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// What it is.
    pub subject: Subject,
    /// Its name; the new one if it was renamed.
    pub name: String,
    /// How it differs.
    pub change: Change,
    /// What it was; none if it was added.
    pub before: Option<Side>,
    /// What it is; none if it was removed.
    pub after: Option<Side>,
    /// The fields that differ, in the order of evaluation, metadata last. None where only the state differs, by a
    /// prerequisite.
    pub fields: Vec<FieldDifference>,
    /// The flags whose rules ask a segment that differs, directly or through other segments.
    pub used_by: Vec<String>,
    /// The removed definition that this added one equals in everything but its place in the hash.
    pub resembles: Option<String>,
}

/// One of the two sides of a definition that differs.
#[derive(Clone, Debug, PartialEq)]
pub struct Side {
    /// What it means for everybody at once; none for experiments and segments.
    pub state: Option<State>,
    /// Where it is defined; none for a flag that only the admin layer knows.
    pub place: Option<Origin>,
    /// The values of layers that cannot be read, so that nobody knows what is in effect.
    pub problems: Vec<String>,
}

/// What a difference means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Effect {
    /// Who gets what may change.
    Behaviour,
    /// Everybody gets another bucket or another part of the split: people move without any share changing.
    Moves,
    /// For people only.
    Metadata,
}

impl Effect {
    /// Returns the word in every output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Behaviour => "behaviour",
            Self::Moves => "moves_people",
            Self::Metadata => "metadata",
        }
    }
}

/// A field that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldDifference {
    /// `enabled`, `rollout`, `user u-42`, `rule 2 "employees first" clause`, `variation v3`.
    pub field: String,
    /// What the difference means.
    pub effect: Effect,
    /// The value before, in words; none where there was none.
    pub old: Option<String>,
    /// The value after, in words; none where there is none.
    pub new: Option<String>,
    /// Where the value before stands.
    pub old_place: Option<Origin>,
    /// Where the value after stands.
    pub new_place: Option<Origin>,
}
