//! The ways in which many rows are worked on together.

use super::super::super::engine::Job;
use super::super::bulk::{InBulk, Memory};
use super::json::Names;
use super::sorter::Sorter;
use super::sorting::Sorting;

/// What is prepared for a population; each is none where rows must be taken one by one.
#[derive(Clone, Copy)]
pub(crate) struct Many<'a> {
    /// For users of whom only the id is known.
    pub(crate) bulk: Option<&'a InBulk<'a>>,
    /// For rows with columns.
    pub(crate) sorting: Option<&'a Sorting<'a>>,
}

/// What a thread keeps from block to block.
pub(crate) struct ManyMemory<K> {
    pub(in super::super) bulk: Memory,
    pub(in super::super) sorter: Sorter<K>,
    pub(super) names: Names,
}

impl<K> Default for ManyMemory<K> {
    fn default() -> Self {
        Self { bulk: Memory::default(), sorter: Sorter::default(), names: Names::default() }
    }
}

/// What a block is worked on with: the job, and what it keeps.
pub(crate) struct Work<'a, J: Job> {
    pub(crate) job: &'a J,
    pub(crate) worker: &'a mut J::Worker,
    pub(crate) out: &'a mut J::Out,
}
