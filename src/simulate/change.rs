//! What a step does to users: joins, leaves, switches, stays.

use super::ways::Way;

/// How users go from one stage to another. Each row is in exactly one of the fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Out before, in after.
    pub joins: u64,
    /// In before, out after.
    pub leaves: u64,
    /// In before and after, with another variation or variant.
    pub switches: u64,
    /// In before and after, with the same variation or variant.
    pub stays_in: u64,
    /// Out before and after.
    pub stays_out: u64,
    /// An evaluation ended in an error, before or after: what to bucket by is missing.
    pub errors: u64,
}

impl Counts {
    /// Returns how many rows there are in all.
    pub const fn rows(&self) -> u64 {
        self.joins + self.leaves + self.switches + self.stays() + self.errors
    }

    /// Returns how many see no change.
    pub const fn stays(&self) -> u64 {
        self.stays_in + self.stays_out
    }

    /// Adds another count.
    pub const fn add(&mut self, other: &Self) {
        self.joins += other.joins;
        self.leaves += other.leaves;
        self.switches += other.switches;
        self.stays_in += other.stays_in;
        self.stays_out += other.stays_out;
        self.errors += other.errors;
    }
}

/// Whether everyone who is in stays in, with the same variation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keeps {
    /// Nobody of this population leaves or switches.
    pub observed: bool,
    /// Nobody of any population does: the definitions alone say so, see [`super::keeps_everyone`].
    pub guaranteed: bool,
}

/// From one stage to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The stage before, by its position.
    pub from: usize,
    /// The stage after, by its position.
    pub to: usize,
    /// How many do what.
    pub counts: Counts,
    /// How many are in after, or in any stage before.
    pub exposed: u64,
    /// From which variation to which; empty where there are too many of them.
    pub ways: Vec<Way>,
    /// The first users that join, in the order of the input, at most 5.
    pub joins: Vec<String>,
    /// The first users that leave.
    pub leaves: Vec<String>,
    /// The first users that switch.
    pub switches: Vec<String>,
    /// Whether everyone who is in stays in.
    pub keeps: Keeps,
}
