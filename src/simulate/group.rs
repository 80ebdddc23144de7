//! Counts by group: an organisation, a segment, the value of an attribute.

use std::borrow::Cow;
use std::sync::Arc;

use crate::eval::ValueRef;

use super::change::Counts;
use super::dimension::Dimension;
use super::table::{Add, Table};

/// How many groups are kept apart; the rest is one group.
const LIMIT: usize = 10_000;

/// Which group.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum GroupKey {
    /// The value that its users have: text as it is, everything else as JSON.
    Value(String),
    /// Users without a value, or in no segment.
    None,
    /// Groups beyond those that are kept apart.
    Other,
}

/// The users of one group, from the first stage to the last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Which group.
    pub key: GroupKey,
    /// How many rows it has.
    pub rows: u64,
    /// How many are in at the first stage.
    pub now: u64,
    /// How many are in at the last stage.
    pub then: u64,
    /// How many do what between them.
    pub counts: Counts,
}

/// A breakdown, largest group first, then by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Groups {
    /// By what.
    pub by: Dimension,
    /// The groups.
    pub groups: Vec<Group>,
    /// Whether a user can be in several groups, so that they add up to more than the population.
    pub overlapping: bool,
    /// Whether there were more than 10,000 groups, so that the later ones of the input are one group,
    /// [`GroupKey::Other`].
    pub truncated: bool,
}

/// What is added to a group for one row, or many.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct GroupCounts {
    pub(super) rows: u64,
    pub(super) now: u64,
    pub(super) then: u64,
    pub(super) counts: Counts,
}

impl Add for GroupCounts {
    fn add(&mut self, other: &Self) {
        self.rows += other.rows;
        self.now += other.now;
        self.then += other.then;
        self.counts.add(&other.counts);
    }
}

/// Groups while they are counted.
#[derive(Debug, Default)]
pub(super) struct GroupTally {
    groups: Table<GroupCounts>,
    none: GroupCounts,
    other: GroupCounts,
}

impl GroupTally {
    /// Adds to a group; none is the group of those without a value.
    #[inline]
    pub(super) fn add(&mut self, value: Option<&str>, counts: &GroupCounts) {
        match value {
            Some(value) => self.groups.add(value, counts),
            None => self.none.add(counts),
        }
    }

    /// Notes what is added to a group by [`Self::merge`], where the block may have had it already.
    pub(super) fn note(&mut self, value: Option<&Arc<str>>, counts: &GroupCounts) {
        match value {
            Some(value) => self.groups.note(value, *counts),
            None => self.none.add(counts),
        }
    }

    /// Adds a later block, keeping no more groups than allowed: those that came first in the input.
    pub(super) fn merge(&mut self, later: Self) {
        let Self { groups, none, other } = self;
        none.add(&later.none);
        other.add(&later.other);
        groups.merge(later.groups, LIMIT, |counts| other.add(counts));
    }

    /// Makes room for a group that may stay empty.
    pub(super) fn expect(&mut self, value: &str) {
        self.add(Some(value), &GroupCounts::default());
    }

    /// Returns the groups in their order.
    pub(super) fn finish(self, by: Dimension) -> Groups {
        let group = |key, of: GroupCounts| Group {
            key,
            rows: of.rows,
            now: of.now,
            then: of.then,
            counts: of.counts,
        };
        let values = self.groups.entries().iter();
        let values = values.map(|(value, of)| group(GroupKey::Value(value.to_string()), *of));
        let mut groups: Vec<Group> = values.collect();
        let rest = [group(GroupKey::None, self.none), group(GroupKey::Other, self.other)];
        groups.extend(rest.into_iter().filter(|group| group.rows > 0));
        groups.sort_by(|a, b| b.rows.cmp(&a.rows).then_with(|| a.key.cmp(&b.key)));
        let overlapping = by == Dimension::Segment;
        Groups { by, groups, overlapping, truncated: self.other.rows > 0 }
    }
}

/// Returns how the group of a value is called: text as it is, everything else as JSON.
pub(super) fn label(value: ValueRef<'_>) -> Cow<'_, str> {
    match value {
        ValueRef::Text(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.to_value().to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beyond_the_limit_is_one_group() {
        let one = GroupCounts { rows: 1, ..GroupCounts::default() };
        let mut all = GroupTally::default();
        for block in 0..3 {
            let mut tally = GroupTally::default();
            for n in 0..5_000 {
                tally.add(Some(&format!("g{:05}", block * 5_000 + n)), &one);
            }
            tally.add(Some("g00000"), &one);
            tally.add(None, &one);
            all.merge(tally);
        }
        let groups = all.finish(Dimension::Segment);
        assert!(groups.truncated && groups.overlapping);
        assert_eq!(groups.groups.len(), 10_002);
        let first: Vec<_> = groups.groups.iter().take(4).map(|group| (&group.key, group.rows)).collect();
        let value = |text: &str| GroupKey::Value(text.to_owned());
        assert_eq!(
            first,
            [(&GroupKey::Other, 5_000), (&value("g00000"), 4), (&GroupKey::None, 3), (&value("g00001"), 1)]
        );
        assert_eq!(groups.groups.iter().map(|group| group.rows).sum::<u64>(), 15_006);
    }
}
