//! Users by the unit that is bucketed, where they come in groups: organisations above all.

use std::collections::HashMap;

use crate::model::VariationName;

use super::dimension::Dimension;
use super::statistics::effective_size;
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
    orgs: HashMap<String, Counted>,
    users: Vec<u64>,
    without: u64,
    beyond: u64,
}

impl OrgTally {
    /// Adds so many users of one unit.
    #[inline]
    pub(super) fn add(&mut self, key: Option<&str>, outcome: Outcome, rows: u64) {
        let Some(key) = key.filter(|key| !key.is_empty()) else {
            self.without += rows;
            return;
        };
        if rows == 0 {
            return;
        }
        // Whose evaluation ended in an error gets what is served when off, which no variation is promised for.
        let variation = outcome.error.is_none().then_some(outcome.variation);
        if let Some(variation) = variation {
            if self.users.len() <= variation {
                self.users.resize(variation + 1, 0);
            }
            self.users[variation] += rows;
        }
        let inside = if outcome.inside { rows } else { 0 };
        self.add_counted(key, Counted { users: rows, inside, variation });
    }

    fn add_counted(&mut self, key: &str, counted: Counted) {
        if let Some(known) = self.orgs.get_mut(key) {
            known.users += counted.users;
            known.inside += counted.inside;
            known.variation = known.variation.filter(|_| known.variation == counted.variation);
        } else if self.orgs.len() < LIMIT {
            self.orgs.insert(key.to_owned(), counted);
        } else {
            self.beyond += counted.users;
        }
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
        let mut orgs: Vec<(String, Counted)> = later.orgs.into_iter().collect();
        if self.orgs.len() + orgs.len() > LIMIT {
            // Which are told apart must not depend on the order of a table.
            orgs.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        }
        for (key, counted) in orgs {
            self.add_counted(&key, counted);
        }
    }

    /// Returns what they come to; none if nobody has one.
    pub(super) fn finish(self, unit: Dimension, outcomes: &[VariationName]) -> Option<Orgs> {
        if self.orgs.is_empty() {
            return None;
        }
        let all = |of: fn(&Counted) -> u64| self.orgs.values().map(of).sum::<u64>();
        let (users, users_in) = (all(|org| org.users), all(|org| org.inside));
        let whole = |org: &&Counted| org.inside == org.users;
        let users_inside = self.orgs.values().filter(whole).map(|org| org.users).sum();
        let variations = outcomes.iter().enumerate().map(|(at, name)| {
            let whole = self.orgs.values().filter(|org| org.variation == Some(at)).count();
            (name.clone(), whole as u64, self.users.get(at).copied().unwrap_or_default())
        });
        let (inside, largest_inside) = self.largest(|org| org.inside == org.users);
        let (outside, largest_outside) = self.largest(|org| org.inside == 0);
        let (split, largest_split) = self.largest(|org| org.inside > 0 && org.inside < org.users);
        Some(Orgs {
            orgs: self.orgs.len() as u64,
            users,
            without: self.without,
            truncated: self.beyond > 0,
            effective_size: effective_size(self.orgs.values().map(|org| org.users)),
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
        let mut found: Vec<(&String, &Counted)> = self.orgs.iter().filter(|(_, org)| is(org)).collect();
        let count = found.len() as u64;
        let by_size = |a: &(&String, &Counted), b: &(&String, &Counted)| {
            b.1.users.cmp(&a.1.users).then_with(|| a.0.cmp(b.0))
        };
        if found.len() > NAMED {
            found.select_nth_unstable_by(NAMED, by_size);
            found.truncate(NAMED);
        }
        found.sort_unstable_by(by_size);
        let org =
            |(key, org): (&String, &Counted)| Org { key: key.clone(), users: org.users, inside: org.inside };
        (count, found.into_iter().map(org).collect())
    }
}
