//! Segments: named groups of users that rules can ask for.

use indexmap::IndexSet;

use super::clause::Clause;
use super::name::SegmentName;

/// A named group of users.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// Its name.
    pub name: SegmentName,
    /// What it is, for people.
    pub description: Option<String>,
    /// Keys of users that are members, whatever the rules say.
    pub included: IndexSet<String>,
    /// Keys of users that are not members, whatever the rules say.
    pub excluded: IndexSet<String>,
    /// Rules of which one must match.
    pub rules: Vec<SegmentRule>,
}

/// One way into a segment.
#[derive(Clone, Debug, PartialEq)]
pub struct SegmentRule {
    /// Clauses of which all must match.
    pub when: Vec<Clause>,
}
