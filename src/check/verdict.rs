//! What came of a condition.

use crate::error::{Error, Kind};
use crate::exit;
use crate::layer::{Drift, Origin, Source};
use crate::model::Reason;

/// What came of a condition, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It is so.
    Holds,
    /// It is not so, for nobody.
    Fails,
    /// It is so for some, or nobody can tell for whom.
    Partial,
    /// There is no such flag, experiment, variation or variant.
    Unknown,
    /// All that is at hand is older than allowed.
    Stale,
    /// What decides could not be read.
    Unreachable,
    /// The server and this checkout disagree.
    Drift,
    /// Something that decides cannot be taken for what it is.
    Invalid,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 8] = [
        Self::Holds,
        Self::Fails,
        Self::Partial,
        Self::Unknown,
        Self::Stale,
        Self::Unreachable,
        Self::Drift,
        Self::Invalid,
    ];

    /// Returns the word in every output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Fails => "fails",
            Self::Partial => "partial",
            Self::Unknown => "unknown",
            Self::Stale => "stale",
            Self::Unreachable => "unreachable",
            Self::Drift => "drift",
            Self::Invalid => "invalid",
        }
    }

    /// Tells whether the answer is no, rather than that there is none.
    pub const fn is_no(self) -> bool {
        matches!(self, Self::Fails | Self::Partial)
    }

    /// Returns the exit code that stands for the outcome, unless a cause of its own has another one.
    const fn exit(self) -> u8 {
        match self {
            Self::Holds => exit::DONE,
            Self::Fails | Self::Partial => exit::NO,
            Self::Unknown => exit::code(Kind::Unknown),
            Self::Stale => exit::code(Kind::Stale),
            Self::Unreachable => exit::code(Kind::Unreachable),
            Self::Drift => exit::code(Kind::Drift),
            Self::Invalid => exit::code(Kind::Invalid),
        }
    }
}

impl serde::Serialize for Outcome {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

/// Where the value stands that decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// Its layer.
    pub source: Source,
    /// Its place.
    pub origin: Origin,
}

/// What came of a condition, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// In a word.
    pub outcome: Outcome,
    /// The exit code that stands for it.
    pub exit: u8,
    /// What is so instead, or as wanted: `on`, `25% + 2 orgs`, `v3`.
    pub actual: Option<String>,
    /// What the outcome and what is so do not say: a lower-case fragment.
    pub message: Option<String>,
    /// What to do about it.
    pub hint: Option<String>,
    /// Why the one context got it.
    pub reason: Option<Reason>,
    /// The value that decided.
    pub decided: Option<Decided>,
    /// What the server sees otherwise, of all that the condition depends on.
    pub drift: Vec<Drift>,
}

impl Verdict {
    /// Returns a verdict without anything beside it.
    pub const fn new(outcome: Outcome) -> Self {
        Self {
            outcome,
            exit: outcome.exit(),
            actual: None,
            message: None,
            hint: None,
            reason: None,
            decided: None,
            drift: Vec::new(),
        }
    }

    /// Returns the verdict that nothing could be read to judge by; none for a failure that says nothing of what
    /// is asked, such as a mistake on the command line.
    pub fn of_failure(error: &Error) -> Option<Self> {
        let outcome = match error.kind() {
            Kind::Stale => Outcome::Stale,
            Kind::Unreachable | Kind::Credentials | Kind::Local => Outcome::Unreachable,
            Kind::Invalid => Outcome::Invalid,
            Kind::Usage
            | Kind::Unknown
            | Kind::Conflict
            | Kind::Refused
            | Kind::Drift
            | Kind::OutcomeUnknown
            | Kind::Bug
            | Kind::Interrupted => return None,
        };
        Some(Self {
            exit: exit::code(error.kind()),
            message: Some(error.to_string()),
            hint: error.hints().first().cloned(),
            ..Self::new(outcome)
        })
    }

    /// Returns the verdict on something that no condition can ask.
    pub(super) fn no_question(message: String, hint: String) -> Self {
        Self { exit: exit::code(Kind::Usage), ..Self::unclear(Outcome::Invalid, message, Some(hint)) }
    }

    /// Returns a verdict that is neither yes nor no.
    pub(super) fn unclear(outcome: Outcome, message: String, hint: Option<String>) -> Self {
        Self { message: Some(message), hint, ..Self::new(outcome) }
    }

    /// Returns yes or no.
    pub(super) fn plain(holds: bool, actual: impl Into<String>) -> Self {
        let outcome = if holds { Outcome::Holds } else { Outcome::Fails };
        Self { actual: Some(actual.into()), ..Self::new(outcome) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_of_the_run_are_verdicts_with_the_code_of_the_failure() {
        let of =
            |kind| Verdict::of_failure(&Error::new(kind, "m")).map(|verdict| (verdict.outcome, verdict.exit));
        assert_eq!(of(Kind::Unreachable), Some((Outcome::Unreachable, 6)));
        assert_eq!(of(Kind::Credentials), Some((Outcome::Unreachable, 4)));
        assert_eq!(of(Kind::Local), Some((Outcome::Unreachable, 12)));
        assert_eq!(of(Kind::Stale), Some((Outcome::Stale, 9)));
        assert_eq!(of(Kind::Invalid), Some((Outcome::Invalid, 7)));
        assert_eq!(of(Kind::Usage), None);
    }

    #[test]
    fn every_outcome_has_a_word_of_its_own() {
        let mut words = Outcome::ALL.map(Outcome::word).to_vec();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), Outcome::ALL.len());
    }
}
