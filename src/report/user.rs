//! The answer of `context show`: what is known of a user, and where each thing comes from.

use serde::Serialize;

use crate::model::Value;

use super::common::{Note, Report};
use super::directory::DirectoryReport;

/// What is known of a user.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct UserReport {
    /// The user's key.
    pub user: String,
    /// What came of the lookup; null where no user directory is set up.
    pub directory: Option<DirectoryReport>,
    /// The attributes, each with its origin.
    pub attributes: Vec<AttributeReport>,
    /// The segments that the user is in, sorted.
    pub segments: Vec<MembershipReport>,
    /// The context that evaluation would get, as JSON.
    pub context: Value,
    /// The time for which the account's age and the segments were worked out, RFC 3339.
    pub at: String,
    /// What is worth a word.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

impl Report for UserReport {
    const SCHEMA: &'static str = "ffctl.context/1";
}

/// One attribute and its origin.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AttributeReport {
    /// The context kind.
    pub kind: String,
    /// The name; `key` is the key of the kind.
    pub name: String,
    /// The value.
    pub value: Value,
    /// `record`, `derived` or `caller`.
    pub origin: &'static str,
    /// The field of the record, or the attribute that it is derived from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
}

impl AttributeReport {
    /// Returns the name as options write it: `email`, `org.plan`.
    pub fn full_name(&self) -> String {
        if self.kind == "user" { self.name.clone() } else { format!("{}.{}", self.kind, self.name) }
    }

    /// Returns the origin in words: `record`, `derived from email`.
    pub fn origin_words(&self) -> String {
        match (&self.from, self.origin) {
            (Some(from), "derived") => format!("derived from {from}"),
            (Some(from), origin) if *from != self.name => format!("{origin}, {from}"),
            (_, origin) => origin.to_owned(),
        }
    }
}

/// One segment that a user is in, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MembershipReport {
    /// The segment.
    pub segment: String,
    /// Every reason: `role`, `metadata`, `caller`, `defined` (its definition in flags.toml holds).
    pub origins: Vec<&'static str>,
}
