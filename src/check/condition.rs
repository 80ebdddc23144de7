//! What a condition asks for.

use std::fmt;

use crate::model::{VariationName, Weight};
use crate::simulate::Comparison;

/// A condition on a flag or an experiment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The flag or experiment; a name, whether there is such a thing or not.
    pub name: String,
    /// The one user that it is about, by key.
    pub user: Option<String>,
    /// What must be so.
    pub test: Test,
}

/// What must be so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// On for everyone, or off for everyone; of one context on or off.
    Switch(bool),
    /// The switch alone, whoever is on.
    Enabled(bool),
    /// Not the same for everyone.
    Partial,
    /// So large a part of everybody is on, whatever their contexts.
    Share(Comparison, Weight),
    /// Everyone gets this variation or variant; of one context the context does.
    Serves(VariationName),
}

impl Condition {
    /// The words of what stands behind `=` that are no variation's name.
    pub const WORDS: [(&'static str, Test); 3] =
        [("enabled", Test::Enabled(true)), ("disabled", Test::Enabled(false)), ("partial", Test::Partial)];

    /// Tells whether a context makes a difference: what it asks is said of one context just as of everybody.
    pub const fn asks_of_contexts(&self) -> bool {
        matches!(self.test, Test::Switch(_) | Test::Serves(_))
    }
}

impl Test {
    /// Returns the word that this test takes from a variation of the same name.
    pub(super) fn word(&self) -> Option<&'static str> {
        Condition::WORDS.iter().find(|(_, test)| test == self).map(|(word, _)| *word)
    }
}

/// Writes the condition as [`super::parse`] reads it.
impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        if let Some(user) = &self.user {
            write!(f, ":{user}")?;
        }
        match &self.test {
            Test::Share(comparison, weight) => write!(f, "{}{weight}", comparison.sign()),
            test => write!(f, "={test}"),
        }
    }
}

/// Writes what is wanted: `on`, `disabled`, `v3`, `>=25%`.
impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Switch(on) => f.write_str(if *on { "on" } else { "off" }),
            Self::Enabled(on) => f.write_str(if *on { "enabled" } else { "disabled" }),
            Self::Partial => f.write_str("partial"),
            Self::Share(comparison, weight) => write!(f, "{}{weight}", comparison.sign()),
            Self::Serves(variation) => write!(f, "{variation}"),
        }
    }
}
