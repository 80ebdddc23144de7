//! Who may speak to a server: tokens, as the store keeps them.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::base64url::base64url;
use crate::model::Timestamp;

/// What a token allows, each role all that the one before it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Reads flags, the journal, and evaluates.
    Viewer,
    /// Changes overrides.
    Editor,
    /// Creates and revokes tokens.
    Admin,
}

impl Role {
    /// Every role, the weakest first.
    pub const ALL: [Self; 3] = [Self::Viewer, Self::Editor, Self::Admin];

    /// Returns the word in every output and in the store.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Editor => "editor",
            Self::Admin => "admin",
        }
    }

    /// Returns the role of a word; none if there is no such role.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// The secret of a token: `ffa_` and 43 characters of base64url, 256 random bits. Shown once, when it is made.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// How every secret starts, so that a scanner of repositories finds it.
    pub const PREFIX: &'static str = "ffa_";

    /// Returns a new secret.
    ///
    /// # Errors
    /// When the system has no random numbers.
    pub fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self(format!("{}{}", Self::PREFIX, base64url(&bytes))))
    }

    /// Returns the secret that a server made; none unless it looks like one.
    pub fn given(text: &str) -> Option<Self> {
        let rest = text.strip_prefix(Self::PREFIX)?;
        let plain = rest.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
        (rest.len() == 43 && plain).then(|| Self(text.to_owned()))
    }

    /// Returns the secret as text, to be shown once.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Returns what the store keeps of it.
    pub fn digest(&self) -> SecretDigest {
        SecretDigest::of(&self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The SHA-256 of a secret. Nothing slower is needed: 256 random bits cannot be guessed from it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SecretDigest(pub [u8; 32]);

impl SecretDigest {
    /// Returns the digest of what somebody presents as a secret.
    pub fn of(presented: &str) -> Self {
        Self(Sha256::digest(presented.as_bytes()).into())
    }
}

impl fmt::Debug for SecretDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretDigest(…)")
    }
}

/// Tells whether a token can have this name: 1 to 100 characters on one line, none of them invisible.
pub fn is_token_name(name: &str) -> bool {
    (1..=100).contains(&name.chars().count())
        && name.trim() == name
        && !name.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'))
}

/// A token that is to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewToken {
    /// Whose it is or what it is for; stands in the journal as who did it.
    pub name: String,
    /// What it allows.
    pub role: Role,
    /// When.
    pub created_at: Timestamp,
    /// Until when it counts; none for ever.
    pub expires_at: Option<Timestamp>,
    /// What is kept of its secret.
    pub digest: SecretDigest,
}

/// A token as the store keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRecord {
    /// Its number: from 1, never used again.
    pub number: u64,
    /// What was asked for.
    pub token: NewToken,
    /// When it was revoked; none while it counts.
    pub revoked_at: Option<Timestamp>,
}

impl TokenRecord {
    /// Tells whether it counts at `now`.
    pub fn is_valid(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.token.expires_at.is_none_or(|ends| now < ends)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ_and_are_not_shown() {
        let (one, other) = (Secret::random().expect("random"), Secret::random().expect("random"));
        assert_ne!(one.reveal(), other.reveal());
        assert_eq!(one.reveal().len(), 47);
        assert!(!format!("{one:?}{:?}", one.digest()).contains(&one.reveal()[4..12]));
        assert_eq!(SecretDigest::of(one.reveal()), one.digest());
    }
}
