//! What users get of one thing against what they get of another.

use crate::model::VariationName;

use super::plan::{PlannedStage, Thing};
use super::statistics::{Association, association};
use super::tally::{Assigned, Outcome};

/// Another flag or experiment that the last stage is held against.
pub(super) struct PlannedOther {
    pub(super) name: String,
    pub(super) thing: Thing,
    pub(super) stage: PlannedStage,
    pub(super) outcomes: Vec<VariationName>,
}

/// The last stage against another flag or experiment, over the same users.
#[derive(Clone, Debug, PartialEq)]
pub struct Overlap {
    /// The other one.
    pub with: String,
    /// Which of the two it is.
    pub thing: Thing,
    /// What users get of the first, row by row.
    pub rows: Vec<VariationName>,
    /// What they get of the other, column by column.
    pub columns: Vec<VariationName>,
    /// How many users get both, row by row.
    pub counts: Vec<Vec<u64>>,
    /// How many users are left out: behind the gate of an experiment, or with an evaluation that ended in an error.
    pub left_out: u64,
    /// How strongly the two are associated; none where one of them gives everybody the same.
    pub association: Option<Association>,
}

/// Joint counts while they are counted, row by row.
pub(super) struct JointTally {
    counts: Vec<u64>,
    columns: usize,
    left_out: u64,
}

impl JointTally {
    pub(super) fn new(rows: usize, columns: usize) -> Self {
        Self { counts: vec![0; rows * columns], columns, left_out: 0 }
    }

    /// Adds so many users.
    #[inline]
    pub(super) fn add(&mut self, ours: Outcome, theirs: Outcome, rows: u64) {
        let counts = |of: Outcome| of.error.is_none() && of.assigned != Assigned::Closed;
        if counts(ours) && counts(theirs) {
            self.counts[ours.variation * self.columns + theirs.variation] += rows;
        } else {
            self.left_out += rows;
        }
    }

    pub(super) fn merge(&mut self, later: &Self) {
        self.left_out += later.left_out;
        for (count, later) in self.counts.iter_mut().zip(&later.counts) {
            *count += later;
        }
    }

    /// Returns the table; `rows` are all outcomes of the first, of which `last` are those of the last stage.
    pub(super) fn finish(self, other: &PlannedOther, rows: &[VariationName], last: &[usize]) -> Overlap {
        let of_row = |at: &usize| self.counts[at * self.columns..(at + 1) * self.columns].to_vec();
        let counts: Vec<Vec<u64>> = last.iter().map(of_row).collect();
        Overlap {
            with: other.name.clone(),
            thing: other.thing,
            rows: last.iter().map(|at| rows[*at].clone()).collect(),
            columns: other.outcomes.clone(),
            left_out: self.left_out,
            association: association(&counts),
            counts,
        }
    }
}
