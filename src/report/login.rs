//! The answer of `login` and `logout`.

use serde::Serialize;

use crate::model::Timestamp;

use super::common::{Note, Report, TargetReport};

/// A token that is kept, or is not any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LoginReport {
    /// Whose token.
    pub target: TargetReport,
    /// `kept`, `forgotten`, or `unchanged` where none was kept.
    pub outcome: &'static str,
    /// The only origin that it goes to.
    pub origin: String,
    /// The file that it is kept in.
    pub file: String,
    /// The name of the token at the server, where it tells.
    pub name: Option<String>,
    /// `viewer`, `editor` or `admin`, where the server tells.
    pub role: Option<String>,
    /// When it counts no more by itself; null for as long as it is not revoked, or where the server does not tell.
    pub expires_at: Option<Timestamp>,
    /// The program that answered, where it tells.
    pub server: Option<String>,
    /// What is worth a word.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

impl Report for LoginReport {
    const SCHEMA: &'static str = "ffctl.login/1";
}
