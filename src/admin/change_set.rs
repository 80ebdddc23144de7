//! What is asked of a target, and what it says it did.

use std::collections::BTreeMap;
use std::fmt;
use std::hash::{BuildHasher, RandomState};

use crate::layer::{Ends, Patch, Version};
use crate::model::Timestamp;

use super::chain::EntryHash;

/// The name of one attempt to change something: a repeated attempt of the same name changes nothing twice.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// Returns a key that no other run has, from the random keys of two hashers.
    pub fn random() -> Self {
        let half = || RandomState::new().hash_one(std::process::id());
        Self(format!("{:016x}{:016x}", half(), half()))
    }

    /// Returns the key of an attempt that is repeated; none unless it is 1 to 128 printable ASCII characters.
    pub fn repeated(text: &str) -> Option<Self> {
        let printable = text.chars().all(|c| c.is_ascii_graphic());
        ((1..=128).contains(&text.len()) && printable).then(|| Self(text.to_owned()))
    }

    /// Returns the key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A change of one flag's override.
#[derive(Clone, Debug, PartialEq)]
pub struct FlagChange {
    /// The flag, declared here or not.
    pub flag: String,
    /// The fields to set and to clear; no other is touched.
    pub patch: Patch,
    /// What must not have changed meanwhile.
    pub expect: Version,
    /// When what it sets ends by itself.
    pub ends: Ends,
}

/// Changes that take effect together or not at all.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangeSet {
    /// When.
    pub at: Timestamp,
    /// Who; a server decides this by the token.
    pub actor: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// The attempt's name.
    pub key: IdempotencyKey,
    /// What the name of the attempt stands for, where that is more than the changes say.
    pub asked: Option<String>,
    /// What, each flag once.
    pub changes: Vec<FlagChange>,
}

/// What a target did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The number of the journal entry; none if nothing had to change or the target names none.
    pub number: Option<u64>,
    /// The hash of that entry, where the target chains its journal.
    pub head: Option<EntryHash>,
    /// What the next write to each flag must find unchanged, where the target says so.
    pub versions: BTreeMap<String, Version>,
    /// Whether this attempt had been done before and this is its first result.
    pub repeated: bool,
    /// What was odd about the answer, for people.
    pub notes: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_differ_and_can_be_repeated() {
        let (one, other) = (IdempotencyKey::random(), IdempotencyKey::random());
        assert_ne!(one, other);
        assert_eq!(one.as_str().len(), 32);
        assert_eq!(IdempotencyKey::repeated(one.as_str()), Some(one));
        assert_eq!(IdempotencyKey::repeated("a b"), None);
        assert_eq!(IdempotencyKey::repeated(""), None);
    }
}
