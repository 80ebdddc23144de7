//! Counts by a text: of one block as they come, of all blocks each text once.

use std::collections::HashMap;
use std::sync::Arc;

use super::quick::Quick;

/// What can be added up.
pub(super) trait Add: Copy {
    /// Adds what another part of the rows comes to.
    fn add(&mut self, other: &Self);
}

/// Counts by text, in the order in which texts first came.
#[derive(Debug)]
pub(super) struct Table<C> {
    entries: Vec<(Arc<str>, C)>,
    /// Where the entry of a text is, unless it was only [noted](Self::note).
    places: HashMap<Arc<str>, usize, Quick>,
}

impl<C> Default for Table<C> {
    fn default() -> Self {
        Self { entries: Vec::new(), places: HashMap::default() }
    }
}

impl<C: Add> Table<C> {
    /// Adds to the counts of a text.
    #[inline]
    pub(super) fn add(&mut self, text: &str, counts: &C) {
        match self.places.get(text) {
            Some(place) => self.entries[*place].1.add(counts),
            None => self.insert(text.into(), *counts),
        }
    }

    /// Notes counts of a text that may stand there already, for a table that is merged into another.
    #[inline]
    pub(super) fn note(&mut self, text: &Arc<str>, counts: C) {
        self.entries.push((Arc::clone(text), counts));
    }

    /// Adds a later block, keeping no more texts than so many, those that came first; calls `beyond` with the counts
    /// of the others.
    pub(super) fn merge(&mut self, later: Self, most: usize, mut beyond: impl FnMut(&C)) {
        for (text, counts) in later.entries {
            match self.places.get(&text) {
                Some(place) => self.entries[*place].1.add(&counts),
                None if self.entries.len() < most => self.insert(text, counts),
                None => beyond(&counts),
            }
        }
    }

    fn insert(&mut self, text: Arc<str>, counts: C) {
        self.places.insert(Arc::clone(&text), self.entries.len());
        self.entries.push((text, counts));
    }

    /// Returns the texts with their counts.
    pub(super) fn entries(&self) -> &[(Arc<str>, C)] {
        &self.entries
    }

    /// Returns all counts.
    pub(super) fn counts(&self) -> impl Iterator<Item = &C> {
        self.entries.iter().map(|(_, counts)| counts)
    }
}
