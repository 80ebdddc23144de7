//! The ways in which many rows are worked on together.

use super::super::super::engine::Job;
use super::super::bulk::{InBulk, Memory};
use super::json::Names;
use super::sorter::Sorter;
use super::sorting::{Asked, Sorting};

/// What is prepared for a population; each is none where rows must be taken one by one.
#[derive(Clone, Copy)]
pub(crate) struct Many<'a> {
    /// For users of whom only the id is known.
    pub(crate) bulk: Option<&'a InBulk<'a>>,
    /// For rows with columns.
    pub(crate) asked: Option<Asked<'a>>,
}

/// What a thread keeps from block to block.
pub(crate) struct ManyMemory<'a, K> {
    pub(in super::super) bulk: Memory,
    /// For one input after another: which one, and how its rows are sorted, if they can be.
    sorted: Option<(usize, Option<Sorted<'a, K>>)>,
}

/// Rows of one input, and how they are sorted.
pub(in super::super) struct Sorted<'a, K> {
    pub(super) sorting: Sorting<'a>,
    pub(super) sorter: Sorter<K>,
    pub(super) names: Names,
}

impl<K> Default for ManyMemory<'_, K> {
    fn default() -> Self {
        Self { bulk: Memory::default(), sorted: None }
    }
}

impl<'a, K> ManyMemory<'a, K> {
    /// Returns how the rows of an input are sorted, asking `sorting` once for each; none where they are taken one by
    /// one.
    pub(in super::super) fn sorted(
        &mut self,
        input: usize,
        many: Many<'a>,
        sorting: impl FnOnce(Asked<'a>) -> Option<Sorting<'a>>,
    ) -> Option<&mut Sorted<'a, K>> {
        if self.sorted.as_ref().is_none_or(|(of, _)| *of != input) {
            let sorted = many.asked.and_then(sorting).map(|sorting| Sorted {
                sorting,
                sorter: Sorter::default(),
                names: Names::default(),
            });
            self.sorted = Some((input, sorted));
        }
        self.sorted.as_mut().and_then(|(_, sorted)| sorted.as_mut())
    }
}

/// What a block is worked on with: the job, and what it keeps.
pub(crate) struct Work<'a, J: Job> {
    pub(crate) job: &'a J,
    pub(crate) worker: &'a mut J::Worker,
    pub(crate) out: &'a mut J::Out,
}
