//! What is done to the rows of a store within one transaction: all that the two databases have to know.
//!
//! Times are milliseconds since the epoch, journal numbers start at 1; values and patches are the JSON of
//! [`super::field_text`]. Nothing here decides: what a row means is said by those who ask for it.

use crate::admin::journal::JournalFilter;
use crate::error::{Error, Result};
use crate::layer::TargetLabel;

/// The rows of a store, in one consistent view that nobody else writes to meanwhile if it is there to be written.
pub(super) trait Rows {
    /// Returns how to name the store.
    fn label(&self) -> &TargetLabel;

    /// Returns the error of a store that holds what it never should.
    fn damaged(&self, what: String) -> Error;

    /// Returns what became of the attempt of this name.
    fn attempt(&self, key: &str) -> Result<Option<AttemptRow>>;

    /// Returns the number of the last change of a flag; 0 before the first.
    fn version(&self, flag: &str) -> Result<u64>;

    /// Returns the numbers of the last changes of a flag, or of all.
    fn versions(&self, flag: Option<&str>) -> Result<Vec<(String, u64)>>;

    /// Returns the overridden fields of a flag, or of all.
    fn overrides(&self, flag: Option<&str>) -> Result<Vec<OverrideRow>>;

    /// Returns the value of one field and when it ends.
    fn value(&self, flag: &str, field: &str) -> Result<Option<(String, Option<i64>)>>;

    /// Returns the fields that are to have ended at `now`, in the order of number, flag, field.
    fn due(&self, now: i64) -> Result<Vec<OverrideRow>>;

    /// Returns the number and the hash of the last entry of the journal.
    fn head(&self) -> Result<Option<(u64, Option<[u8; 32]>)>>;

    /// Returns entries of the journal, newest first, the changes of each in the order of their flags; with a flag in
    /// the filter, its changes alone.
    fn entries(&self, filter: &JournalFilter) -> Result<Vec<EntryRow>>;

    /// Adds an entry, its changes included.
    fn add_entry(&self, entry: &NewEntryRow<'_>) -> Result<()>;

    /// Sets a field, or takes its override away.
    fn set_value(&self, field: &NewValueRow<'_>) -> Result<()>;

    /// Makes an entry the last change of a flag.
    fn set_version(&self, flag: &str, number: u64) -> Result<()>;

    /// Returns all tokens in the order of their numbers.
    fn tokens(&self) -> Result<Vec<TokenRow>>;

    /// Tells whether there is any token, also one that does not count any more.
    fn has_tokens(&self) -> Result<bool>;

    /// Adds a token.
    fn add_token(&self, token: &TokenRow) -> Result<()>;

    /// Notes since when a token counts no more.
    fn revoke_token(&self, number: u64, at: i64) -> Result<()>;
}

/// The entry that an attempt made.
pub(super) struct AttemptRow {
    pub(super) number: u64,
    pub(super) request: String,
    pub(super) hash: Option<[u8; 32]>,
}

/// One overridden field, with what the journal says of who set it.
pub(super) struct OverrideRow {
    pub(super) flag: String,
    pub(super) field: String,
    pub(super) value: String,
    pub(super) number: u64,
    pub(super) at: i64,
    pub(super) actor: Option<String>,
    pub(super) expires_at: Option<i64>,
}

/// An entry of the journal.
pub(super) struct EntryRow {
    pub(super) number: u64,
    pub(super) at: i64,
    pub(super) actor: Option<String>,
    pub(super) reason: Option<String>,
    pub(super) tool: Option<String>,
    pub(super) hash: Option<[u8; 32]>,
    pub(super) changes: Vec<ChangeRow>,
    /// What it did to a token, as JSON.
    pub(super) token: Option<String>,
}

/// What an entry did to one flag.
pub(super) struct ChangeRow {
    pub(super) flag: String,
    pub(super) before: String,
    pub(super) after: String,
    pub(super) expires_at: Option<i64>,
    /// When fields end that do not all end then.
    pub(super) ends: Option<String>,
}

/// An entry that is to be made.
pub(super) struct NewEntryRow<'a> {
    pub(super) number: u64,
    pub(super) at: i64,
    pub(super) actor: Option<&'a str>,
    pub(super) reason: Option<&'a str>,
    pub(super) tool: &'a str,
    pub(super) key: &'a str,
    pub(super) request: &'a str,
    pub(super) hash: [u8; 32],
    pub(super) changes: Vec<ChangeRow>,
    pub(super) token: Option<String>,
}

/// A field that is to be set, or no longer overridden.
pub(super) struct NewValueRow<'a> {
    pub(super) flag: &'a str,
    pub(super) field: String,
    pub(super) value: Option<String>,
    pub(super) number: u64,
    pub(super) expires_at: Option<i64>,
}

/// A token.
pub(super) struct TokenRow {
    pub(super) number: u64,
    pub(super) name: String,
    pub(super) role: String,
    pub(super) created_at: i64,
    pub(super) expires_at: Option<i64>,
    pub(super) revoked_at: Option<i64>,
    pub(super) digest: [u8; 32],
}
