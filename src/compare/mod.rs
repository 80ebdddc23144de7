//! What differs between two states of all definitions: flag by flag, field by field, with both values and both
//! places; experiments and segments likewise.
//!
//! Differences are of meaning, not of text: what no evaluation and no reader could tell apart is the same. No
//! reading of files or revisions, no exit code and no drawing: that is `cmd/` and `output/`.

mod clause;
mod difference;
mod experiment;
mod fields;
mod flag;
mod rename;
mod rules;
mod run;
mod segment;

#[cfg(test)]
mod tests;

pub use difference::{Change, Comparison, Difference, Effect, FieldDifference, Side, Subject};
pub use run::compare;
