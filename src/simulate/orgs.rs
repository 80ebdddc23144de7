//! Users by the unit that is bucketed, where they come in groups: organisations above all.

use std::sync::Arc;

use crate::model::VariationName;

use super::dimension::Dimension;
use super::statistics::effective_size;
use super::table::{Add, Table};
use super::tally::Outcome;

/// How many units are told apart.
const LIMIT: usize = 1_000_000;
/// How many are named.
const NAMED: usize = 5;

/// What the last stage comes to by organisation, or by what else is bucketed.
#[derive(Clone, Debug, PartialEq)]
pub struct Orgs {
    /// What is counted.
    pub unit: Dimension,
    /// How many of them there are.
    pub orgs: u64,
    /// How many users have one.
    pub users: u64,
    /// How many users have none.
    pub without: u64,
    /// Whether there were more than are told apart; the figures are of the first of the input.
    pub truncated: bool,
    /// Kish's effective sample size.
    pub effective_size: f64,
    /// How many users with one are in.
    pub users_in: u64,
    /// Kish's effective sample size of these.
    pub effective_in: f64,
    /// How many of them have an organisation that is in as a whole.
    pub users_inside: u64,
    /// How many have all users in.
    pub inside: u64,
    /// How many have none in.
    pub outside: u64,
    /// How many have some in and some not.
    pub split: u64,
    /// Units all of whose users get the variation, and users who get it.
    pub variations: Vec<(VariationName, u64, u64)>,
    /// The largest with all users in, at most 5; by size, then by name.
    pub largest_inside: Vec<Org>,
    /// The largest with none in.
    pub largest_outside: Vec<Org>,
    /// The largest that are split.
    pub largest_split: Vec<Org>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Org {
    /// Its key.
    pub key: String,
    /// How many users it has.
    pub users: u64,
    /// How many are in.
    pub inside: u64,
}

/// What is counted of one.
#[derive(Clone, Copy, Debug)]
struct Counted {
    users: u64,
    inside: u64,
    /// What all its users get; none once they differ.
    variation: Option<usize>,
}

/// Units while they are counted.
#[derive(Debug, Default)]
pub(super) struct OrgTally {
    orgs: Table<Counted>,
    users: Vec<u64>,
    without: u64,
    beyond: u64,
}

impl Add for Counted {
    fn add(&mut self, other: &Self) {
        self.users += other.users;
        self.inside += other.inside;
        self.variation = self.variation.filter(|_| self.variation == other.variation);
    }
}

impl OrgTally {
    /// Adds so many users of one unit.
    #[inline]
    pub(super) fn add(&mut self, key: Option<&str>, outcome: Outcome, rows: u64) {
        match key.filter(|key| !key.is_empty()) {
            Some(key) if rows > 0 => {
                let counted = self.counted(outcome, rows);
                self.orgs.add(key, &counted);
            }
            _ => self.without += rows,
        }
    }

    /// Notes the users of one unit, so many of each outcome, where the block may have had it already; at least one.
    pub(super) fn note(&mut self, key: Option<&Arc<str>>, outcomes: impl Iterator<Item = (Outcome, u64)>) {
        let Some(key) = key.filter(|key| !key.is_empty()) else {
            self.without += outcomes.map(|(_, rows)| rows).sum::<u64>();
            return;
        };
        let each = outcomes.map(|(outcome, rows)| self.counted(outcome, rows));
        let all = each.reduce(|mut all, counted| {
            all.add(&counted);
            all
        });
        if let Some(all) = all {
            self.orgs.note(key, all);
        }
    }

    /// Returns what so many users with an outcome add to their unit, having counted who gets what.
    #[inline]
    fn counted(&mut self, outcome: Outcome, rows: u64) -> Counted {
        // Whose evaluation ended in an error gets what is served when off, which no variation is promised for.
        let variation = outcome.error.is_none().then_some(outcome.variation);
        if let Some(variation) = variation {
            if self.users.len() <= variation {
                self.users.resize(variation + 1, 0);
            }
            self.users[variation] += rows;
        }
        Counted { users: rows, inside: if outcome.inside { rows } else { 0 }, variation }
    }

    /// Adds a later block.
    pub(super) fn merge(&mut self, later: Self) {
        self.without += later.without;
        self.beyond += later.beyond;
        if self.users.len() < later.users.len() {
            self.users.resize(later.users.len(), 0);
        }
        for (count, later) in self.users.iter_mut().zip(&later.users) {
            *count += later;
        }
        let Self { orgs, beyond, .. } = self;
        orgs.merge(later.orgs, LIMIT, |counted| *beyond += counted.users);
    }

    /// Returns what they come to; none if nobody has one.
    pub(super) fn finish(self, unit: Dimension, outcomes: &[VariationName]) -> Option<Orgs> {
        if self.orgs.entries().is_empty() {
            return None;
        }
        let all = |of: fn(&Counted) -> u64| self.orgs.counts().map(of).sum::<u64>();
        let (users, users_in) = (all(|org| org.users), all(|org| org.inside));
        let whole = |org: &&Counted| org.inside == org.users;
        let users_inside = self.orgs.counts().filter(whole).map(|org| org.users).sum();
        let variations = outcomes.iter().enumerate().map(|(at, name)| {
            let whole = self.orgs.counts().filter(|org| org.variation == Some(at)).count();
            (name.clone(), whole as u64, self.users.get(at).copied().unwrap_or_default())
        });
        let (inside, largest_inside) = self.largest(|org| org.inside == org.users);
        let (outside, largest_outside) = self.largest(|org| org.inside == 0);
        let (split, largest_split) = self.largest(|org| org.inside > 0 && org.inside < org.users);
        Some(Orgs {
            orgs: self.orgs.entries().len() as u64,
            users,
            without: self.without,
            truncated: self.beyond > 0,
            effective_size: effective_size(self.orgs.counts().map(|org| org.users)),
            effective_in: effective_size(self.orgs.counts().map(|org| org.inside)),
            users_in,
            users_inside,
            inside,
            outside,
            split,
            variations: variations.collect(),
            largest_inside,
            largest_outside,
            largest_split,
            unit,
        })
    }

    /// Returns how many are so, and the largest of them.
    fn largest(&self, is: fn(&Counted) -> bool) -> (u64, Vec<Org>) {
        let mut found: Vec<&(Arc<str>, Counted)> =
            self.orgs.entries().iter().filter(|(_, org)| is(org)).collect();
        let count = found.len() as u64;
        let by_size = |a: &&(Arc<str>, Counted), b: &&(Arc<str>, Counted)| {
            b.1.users.cmp(&a.1.users).then_with(|| a.0.cmp(&b.0))
        };
        if found.len() > NAMED {
            found.select_nth_unstable_by(NAMED, by_size);
            found.truncate(NAMED);
        }
        found.sort_unstable_by(by_size);
        let org = |(key, org): &(Arc<str>, Counted)| Org {
            key: key.to_string(),
            users: org.users,
            inside: org.inside,
        };
        (count, found.into_iter().map(org).collect())
    }
}
