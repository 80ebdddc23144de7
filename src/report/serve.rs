//! The answer of `serve`, once it listens.

use serde::Serialize;

use super::common::{Note, Report};

/// A server that listens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ServeReport {
    /// Where: the address that a browser takes.
    pub address: String,
    /// The base address of its admin API, for `FFCTL_ADMIN_URL` or a profile.
    pub admin_url: String,
    /// The flags.toml that it serves, as the user would name it.
    pub file: String,
    /// The store of the overrides, the journal and the tokens.
    pub store: String,
    /// How many flags it serves.
    pub flags: usize,
    /// The user directory that it asks, without credentials; absent if it asks none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub directory: Option<String>,
    /// The first admin token of a new store; never shown again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// What is worth a word.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

impl Report for ServeReport {
    const SCHEMA: &'static str = "ffctl.serve/1";
}
