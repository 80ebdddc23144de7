//! How a user is known, in answers about one.

use serde::Serialize;
use utoipa::ToSchema;

use crate::directory::{Directory, Lookup, Mark, NoRecord, Oddity};

/// What came of a lookup in a user directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DirectoryReport {
    /// `directory` (it had a record), `cached` (a record of earlier) or `bare` (the key alone).
    pub state: &'static str,
    /// The directory's address, without credentials.
    pub address: String,
    /// Why there is no record: `no_such_user` or `failed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// Why the lookup failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// What in the record cannot be used; each costs its attribute.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub odd: Vec<OddityReport>,
}

/// Something odd in a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OddityReport {
    /// The attribute that is missing for it, or the field: `created_at`, `metadata.tier`.
    pub field: String,
    /// What is odd.
    pub message: String,
}

impl DirectoryReport {
    /// Returns the report of a lookup.
    pub fn new(directory: &Directory, lookup: &Lookup) -> Self {
        let (state, reason, message) = match &lookup.mark {
            Mark::Directory => ("directory", None, None),
            Mark::Cached => ("cached", None, None),
            Mark::Bare(NoRecord::NoSuchUser) => ("bare", Some("no_such_user"), None),
            Mark::Bare(NoRecord::Failed(why) | NoRecord::Away(why)) => {
                ("bare", Some("failed"), Some(why.clone()))
            }
        };
        let odd = |Oddity { field, message }: &Oddity| OddityReport {
            field: field.clone(),
            message: message.clone(),
        };
        let odd = lookup.user.oddities.iter().map(odd).collect();
        Self { state, address: directory.name().to_owned(), reason, message, odd }
    }

    /// Returns how the user is known, in short: `from the directory`, `bare: no such user`.
    pub fn words(&self) -> &'static str {
        match (self.state, self.reason) {
            ("directory", _) => "from the directory",
            ("cached", _) => "from the directory, cached",
            (_, Some("no_such_user")) => "bare: no such user",
            _ => "bare: the lookup failed",
        }
    }
}
