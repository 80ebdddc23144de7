//! What several answers share.

use serde::Serialize;
use utoipa::ToSchema;

use crate::eval::State;
use crate::layer::{Freshness, TargetKind, TargetLabel};

/// An answer with a versioned JSON form.
pub trait Report: Serialize {
    /// The name and version of the form, such as `ffctl.list/1`; stands first in the JSON.
    const SCHEMA: &'static str;
}

/// What a command spoke to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TargetReport {
    /// `local` or `server`; of a change also `file`.
    pub kind: &'static str,
    /// The profile's name, if there is one.
    pub profile: Option<String>,
    /// The store's file, or the address of the server or database.
    pub address: String,
    /// How the target is named to a person.
    #[serde(skip)]
    pub label: String,
}

impl From<&TargetLabel> for TargetReport {
    fn from(label: &TargetLabel) -> Self {
        let kind = match label.kind {
            TargetKind::Local => "local",
            TargetKind::Database => "database",
            TargetKind::Server => "server",
        };
        let (profile, address) = (label.profile.clone(), label.address.clone());
        Self { kind, profile, address, label: label.to_string() }
    }
}

/// How old the admin layer's answer is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FreshnessReport {
    /// `live`, `cached` or `not_asked`.
    pub state: &'static str,
    /// The age in whole seconds, if cached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age_seconds: Option<u64>,
}

impl From<Freshness> for FreshnessReport {
    fn from(freshness: Freshness) -> Self {
        let age_seconds = match freshness {
            Freshness::Cached(age) => Some(age.as_secs()),
            Freshness::Live | Freshness::NotAsked => None,
        };
        Self { state: freshness.word(), age_seconds }
    }
}

/// The word of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StateWord {
    /// On for everyone.
    On,
    /// Off for everyone.
    Off,
    /// Not the same for everyone.
    Partial,
    /// A layer holds something that cannot be read, so nobody knows.
    Invalid,
    /// There is no such flag: before it is brought back, or after it was removed.
    Absent,
}

impl StateWord {
    /// Returns the word in every output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Off => "off",
            Self::Partial => "partial",
            Self::Invalid => "invalid",
            Self::Absent => "absent",
        }
    }

    /// Returns the state of a word, as a server or a file has it.
    pub fn parse(word: &str) -> Option<Self> {
        let all = [Self::On, Self::Off, Self::Partial, Self::Invalid, Self::Absent];
        all.into_iter().find(|state| state.word() == word)
    }
}

impl From<&State> for StateWord {
    fn from(state: &State) -> Self {
        match state {
            State::On(_) => Self::On,
            State::Off(_) => Self::Off,
            State::Partial(_) => Self::Partial,
        }
    }
}

/// Something worth a word on stderr that fails nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// What it is: a lower-case fragment.
    pub message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl Note {
    /// Returns a note without a hint.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn only_what_is_cached_has_an_age() {
        let json = |freshness: Freshness| {
            serde_json::to_value(FreshnessReport::from(freshness)).expect("plain data")
        };
        assert_eq!(json(Freshness::Live), serde_json::json!({ "state": "live" }));
        assert_eq!(json(Freshness::NotAsked), serde_json::json!({ "state": "not_asked" }));
        let cached = Freshness::Cached(Duration::from_millis(185_999));
        assert_eq!(json(cached), serde_json::json!({ "state": "cached", "age_seconds": 185 }));
    }
}
