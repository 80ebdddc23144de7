//! What follows from clauses alone: which can never hold together, and which hold wherever others do.
//!
//! Who matches what is asked of the evaluator, with values around those that the clauses name. Where that proves nothing
//! (patterns, attributes that may hold lists), clauses are taken to be possible: a false alarm costs more than a miss.

mod candidates;
mod contradiction;
mod implication;
mod known;
mod trial;

pub(super) use contradiction::{Contradiction, contradiction};
pub(super) use implication::implies_all;
