//! Which way users go: from one variation to another, counted.

use crate::model::VariationName;

use super::tally::Outcome;

/// The most variations whose ways are counted: every pair of them has a number of its own.
const MOST: usize = 32;

/// From one variation to another, or to itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// The variation before.
    pub before: VariationName,
    /// The variation after.
    pub after: VariationName,
    /// Whether one is in, before and after.
    pub inside: (bool, bool),
    /// How many go this way.
    pub users: u64,
}

/// Ways while they are counted.
#[derive(Default)]
pub(super) struct WayTally {
    /// Twice as many places as there are variations: in and out.
    places: usize,
    counts: Vec<u64>,
}

impl WayTally {
    /// Returns one for so many variations; for too many it counts nothing.
    pub(super) fn new(variations: usize) -> Self {
        let places = if variations > MOST { 0 } else { variations * 2 };
        Self { places, counts: vec![0; places * places] }
    }

    /// Adds so many users whose evaluations end in no error.
    #[inline]
    pub(super) fn add(&mut self, before: Outcome, after: Outcome, rows: u64) {
        let place = |outcome: Outcome| outcome.variation * 2 + usize::from(outcome.inside);
        if let Some(count) = self.counts.get_mut(place(before) * self.places + place(after)) {
            *count += rows;
        }
    }

    /// Adds a later block.
    pub(super) fn merge(&mut self, later: &Self) {
        for (count, later) in self.counts.iter_mut().zip(&later.counts) {
            *count += later;
        }
    }

    /// Returns the ways that anybody goes, by variation before, then after.
    pub(super) fn finish(&self, variations: &[VariationName]) -> Vec<Way> {
        let ways = self.counts.iter().enumerate().filter(|(_, users)| **users > 0);
        let way = |(at, users): (usize, &u64)| {
            let (before, after) = (at / self.places, at % self.places);
            Some(Way {
                before: variations.get(before / 2)?.clone(),
                after: variations.get(after / 2)?.clone(),
                inside: (before % 2 == 1, after % 2 == 1),
                users: *users,
            })
        };
        ways.filter_map(way).collect()
    }
}
