//! The answer of `profile`.

use serde::Serialize;

use crate::model::Timestamp;

use super::change::LinesChange;
use super::common::{Note, Report};

/// Profiles: all of them, or the one that was shown, added, chosen or removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProfilesReport {
    /// The config.toml; null where the system names no folder for it.
    pub config: Option<String>,
    /// `listed`, `shown`, `added`, `chosen`, `removed`, or `unchanged` where nothing was to do.
    pub outcome: &'static str,
    /// Whether it was only a dry run.
    pub dry_run: bool,
    /// The profiles, in file order; a removed one as it was.
    pub profiles: Vec<ProfileReport>,
    /// What changes in config.toml, by lines.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<LinesChange>,
    /// What to do next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// What is worth a word.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

impl Report for ProfilesReport {
    const SCHEMA: &'static str = "ffctl.profile/1";
}

/// A named server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProfileReport {
    /// Its name.
    pub name: String,
    /// The address of its server.
    pub url: String,
    /// Whether writes need its name.
    pub protected: bool,
    /// What it is, for people.
    pub description: Option<String>,
    /// Whether it is `default_profile`.
    pub default: bool,
    /// Whether a command that names no target speaks to it now.
    pub used: bool,
    /// Where its token comes from.
    pub token: TokenSourceReport,
    /// When the freeze ends that is in force; null where none is.
    pub frozen_until: Option<Timestamp>,
    /// What config.toml says of it, each with its place.
    pub fields: Vec<ProfileField>,
}

/// Where the token of a profile comes from; never the token itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TokenSourceReport {
    /// `token_file` of config.toml, `login`, `variable`, or `none`.
    pub source: &'static str,
    /// The file.
    pub file: Option<String>,
    /// Whether there is a token that can be used.
    pub present: bool,
    /// Why there is none, where that is a mistake.
    pub problem: Option<String>,
}

/// One value of a profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProfileField {
    /// The key in config.toml.
    pub key: String,
    /// Its value.
    pub value: String,
    /// Where it stands: file and line.
    pub place: String,
}
