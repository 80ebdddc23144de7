//! Rows by group and by what they come to, counted in one table.

use std::collections::HashMap;
use std::sync::Arc;

use super::super::super::quick::Quick;

/// Counts of groups; what a row comes to is a number from 0.
#[derive(Default)]
pub(super) struct Groups {
    labels: Vec<Option<Arc<str>>>,
    numbers: HashMap<Arc<str>, u32, Quick>,
    none: Option<u32>,
    /// For each group so many counts as there may be outcomes.
    counts: Vec<u32>,
    outcomes: usize,
    /// The groups that have rows, in the order of their first ones.
    touched: Vec<u32>,
    rows: Vec<u32>,
}

impl Groups {
    /// The most counts that are kept.
    const MOST: usize = 1 << 18;

    /// Returns the number of a group; none is the group of those without a value.
    pub(super) fn number(&mut self, label: Option<&str>) -> u32 {
        let known = label.map_or(self.none, |label| self.numbers.get(label).copied());
        known.unwrap_or_else(|| {
            let number = u32::try_from(self.labels.len()).expect("`settle` keeps them few");
            let label: Option<Arc<str>> = label.map(Arc::from);
            match &label {
                Some(label) => drop(self.numbers.insert(Arc::clone(label), number)),
                None => self.none = Some(number),
            }
            self.labels.push(label);
            self.rows.push(0);
            self.counts.resize(self.labels.len() * self.outcomes, 0);
            number
        })
    }

    /// Makes room for so many outcomes.
    pub(super) fn make_room(&mut self, outcomes: usize) {
        if outcomes <= self.outcomes {
            return;
        }
        let wider = outcomes.next_power_of_two().max(4);
        let mut counts = vec![0; self.labels.len() * wider];
        if self.outcomes > 0 {
            for (new, old) in counts.chunks_exact_mut(wider).zip(self.counts.chunks_exact(self.outcomes)) {
                new[..old.len()].copy_from_slice(old);
            }
        }
        (self.counts, self.outcomes) = (counts, wider);
    }

    /// Counts a row.
    #[inline]
    pub(super) fn add(&mut self, group: u32, outcome: u32) {
        let rows = &mut self.rows[group as usize];
        if *rows == 0 {
            self.touched.push(group);
        }
        *rows += 1;
        self.counts[group as usize * self.outcomes + outcome as usize] += 1;
    }

    /// Hands over how many rows of each group come to what, in the order of the groups' first rows, and begins anew.
    pub(super) fn flush(&mut self, mut take: impl FnMut(Option<&Arc<str>>, &[u32])) {
        for group in self.touched.drain(..) {
            let at = group as usize;
            let counts = &mut self.counts[at * self.outcomes..(at + 1) * self.outcomes];
            take(self.labels[at].as_ref(), counts);
            counts.fill(0);
            self.rows[at] = 0;
        }
    }

    /// Tells whether groups should be forgotten once they are handed over.
    pub(super) fn is_full(&self) -> bool {
        self.counts.len() > Self::MOST
    }

    /// Forgets all groups, which have been handed over.
    pub(super) fn clear(&mut self) {
        self.labels.clear();
        self.numbers.clear();
        self.none = None;
        self.counts.clear();
        self.rows.clear();
    }
}
