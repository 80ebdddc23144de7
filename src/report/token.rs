//! The answer of `token`.

use serde::Serialize;

use crate::model::Timestamp;

use super::common::{Note, Report, TargetReport};

/// Tokens: all of them, or the one that was made or revoked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TokensReport {
    /// Whose tokens.
    pub target: TargetReport,
    /// What was asked for: `list`, `create` or `revoke`.
    pub action: &'static str,
    /// `listed`, `created`, `revoked`, `planned` (a dry run) or `unchanged` (it is revoked already).
    pub outcome: &'static str,
    /// The tokens, in the order of their numbers.
    pub tokens: Vec<TokenReport>,
    /// The secret of the one that was created; never shown again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// The number of the entry that tells of it in the journal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub journal: Option<String>,
    /// The hash of that entry, which chains it to all before it; `ffctl journal verify` recomputes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head: Option<String>,
    /// What is worth a word.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

impl Report for TokensReport {
    const SCHEMA: &'static str = "ffctl.token/1";
}

/// One token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TokenReport {
    /// Its number; null for one that is only planned.
    pub number: Option<u64>,
    /// Whose it is or what it is for.
    pub name: String,
    /// `viewer`, `editor` or `admin`.
    pub role: String,
    /// `valid`, `expired` or `revoked`.
    pub state: &'static str,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it counts; null for as long as it is not revoked.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}
