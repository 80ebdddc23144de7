//! Seals: sums that tell a value from one that a failing disk made of it.
//!
//! `SQLite` notices when its pages no longer hang together, not when a byte inside a value is another one, or a row
//! is gone. One seal covers all overrides and versions, and is looked at before any of them is believed or
//! changed; each journal entry has its own. They guard against accidents, not against people.

use rusqlite::types::ValueRef;
use rusqlite::{OptionalExtension, Row, Transaction};

use crate::error::Result;

use super::failure::{damaged, failed};
use super::schema;

/// The version of the store from which on it has a seal.
pub(super) const SINCE: usize = 2;

/// The version from which on the seal names the last entries of the journals instead of counting them all, which took
/// the longer the more there were.
const LAST_ENTRIES_SINCE: usize = 3;

/// What a reader believes, in any order.
const ROWS: [&str; 2] = [
    "SELECT 'override', override.flag, field, value, number, at, actor FROM override JOIN journal USING (number)",
    "SELECT 'version', flag, number FROM version",
];
/// That no entry of the journals is lost; what they say is sealed with each.
const COUNTS: [&str; 1] =
    ["SELECT 'entries', (SELECT count(*) FROM journal NOT INDEXED), (SELECT count(*) FROM file_journal),
        (SELECT count(*) FROM journal_change)"];
/// That no last entry of the journals is lost; that none before it is, shows when they are read, see `history`.
const LAST_ENTRIES: [&str; 2] = [
    "SELECT 'last', (SELECT max(number) FROM journal), (SELECT max(number) FROM file_journal)",
    "SELECT 'intent', id, at, actor, reason, tool, layer, file, edits, hunks, becomes, number FROM file_intent",
];

/// What stores have since there are servers, likewise; nothing of it is there in those that were just brought up.
const ROWS_SINCE_CHAIN: [&str; 2] = [
    "SELECT 'end', flag, field, expires_at FROM override WHERE expires_at IS NOT NULL",
    "SELECT 'token', number, name, role, created_at, expires_at, revoked_at, digest FROM token",
];

/// Makes sure that the overrides, and how many entries the journals have, are as they were written.
pub(super) fn check(transaction: &Transaction<'_>, shown: &str, version: usize) -> Result<()> {
    let sqlite = |error| failed(shown, error);
    let written: Option<i64> = transaction
        .query_row("SELECT digest FROM seal WHERE id = 1", [], |row| row.get(0))
        .optional()
        .map_err(sqlite)?;
    let found = digest(transaction, version).map_err(sqlite)?;
    if written == Some(found) {
        return Ok(());
    }
    Err(damaged(shown, "what it holds is not what was written"))
}

/// Seals the store, which is of the current version, as it is.
pub(super) fn renew(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    let digest = digest(transaction, schema::current())?;
    let set = "INSERT INTO seal (id, digest) VALUES (1, ?1)
               ON CONFLICT DO UPDATE SET digest = excluded.digest";
    transaction.execute(set, [digest]).map(|_| ())
}

/// Returns the sum over all rows; whatever is added, lost or changed makes it another.
fn digest(transaction: &Transaction<'_>, version: usize) -> rusqlite::Result<i64> {
    let mut sum = 0_u64;
    let entries: &[&str] = if version >= LAST_ENTRIES_SINCE { &LAST_ENTRIES } else { &COUNTS };
    let later: &[&str] = if version >= schema::SINCE_CHAIN { &ROWS_SINCE_CHAIN } else { &[] };
    for query in ROWS.iter().chain(entries).chain(later) {
        sum = sum.wrapping_add(of_rows(transaction, query, [])?);
    }
    Ok(sum.cast_signed())
}

/// Returns the sum over the rows of a query.
fn of_rows(
    transaction: &Transaction<'_>,
    query: &str,
    parameters: impl rusqlite::Params,
) -> rusqlite::Result<u64> {
    let mut statement = transaction.prepare_cached(query)?;
    let columns = statement.column_count();
    let mut rows = statement.query(parameters)?;
    let mut sum = 0_u64;
    while let Some(row) = rows.next()? {
        sum = sum.wrapping_add(of_row(row, columns)?);
    }
    Ok(sum)
}

/// Returns the sum of one row: the 64-bit FNV-1a hash (RFC 9923) of its values, each with its kind and length.
fn of_row(row: &Row<'_>, columns: usize) -> rusqlite::Result<u64> {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut mix = |bytes: &[u8]| {
        for byte in bytes {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    };
    for column in 0..columns {
        match row.get_ref(column)? {
            ValueRef::Null => mix(&[0]),
            ValueRef::Integer(number) => {
                mix(&[1]);
                mix(&number.to_le_bytes());
            }
            ValueRef::Real(number) => {
                mix(&[2]);
                mix(&number.to_le_bytes());
            }
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
                mix(&[3]);
                mix(&bytes.len().to_le_bytes());
                mix(bytes);
            }
        }
    }
    Ok(hash)
}

/// The parts of a journal entry of the target, `?1` being its number.
const ENTRY: [&str; 2] = [
    "SELECT 'entry', number, at, actor, reason, tool, key, request FROM journal WHERE number = ?1",
    "SELECT 'change', flag, number, before, after FROM journal_change WHERE number = ?1",
];
/// What entries have since they are chained and can end, likewise.
const ENTRY_SINCE_CHAIN: [&str; 2] = [
    "SELECT 'hash', number, hash FROM journal WHERE number = ?1",
    "SELECT 'end', flag, number, expires_at FROM journal_change WHERE number = ?1 AND expires_at IS NOT NULL",
];
/// What entries have since the fields of a change can end one by one, likewise.
const ENTRY_SINCE_FIELD_ENDS: [&str; 1] =
    ["SELECT 'ends', flag, number, ends FROM journal_change WHERE number = ?1 AND ends IS NOT NULL"];
/// What entries have since they tell of tokens, likewise.
const ENTRY_SINCE_TOKEN_ENTRIES: [&str; 1] =
    ["SELECT 'token', number, token FROM journal WHERE number = ?1 AND token IS NOT NULL"];
/// The entry of a file, likewise.
const FILE_ENTRY: [&str; 1] = [
    "SELECT 'file', number, at, actor, reason, tool, layer, file, edits, hunks FROM file_journal WHERE number = ?1",
];

/// Which journal an entry belongs to.
#[derive(Clone, Copy)]
pub(super) enum Journal {
    /// The target's.
    Target,
    /// That of files.
    Files,
}

impl Journal {
    fn table(self) -> &'static str {
        match self {
            Self::Target => "journal",
            Self::Files => "file_journal",
        }
    }

    fn digest(self, transaction: &Transaction<'_>, number: i64, version: usize) -> rusqlite::Result<i64> {
        let parts: &[&str] = match self {
            Self::Target => &ENTRY,
            Self::Files => &FILE_ENTRY,
        };
        let since = |first| matches!(self, Self::Target) && version >= first;
        let later: &[&str] = if since(schema::SINCE_CHAIN) { &ENTRY_SINCE_CHAIN } else { &[] };
        let last: &[&str] = if since(schema::SINCE_FIELD_ENDS) { &ENTRY_SINCE_FIELD_ENDS } else { &[] };
        let tokens: &[&str] =
            if since(schema::SINCE_TOKEN_ENTRIES) { &ENTRY_SINCE_TOKEN_ENTRIES } else { &[] };
        let mut sum = 0_u64;
        for part in parts.iter().chain(later).chain(last).chain(tokens) {
            sum = sum.wrapping_add(of_rows(transaction, part, [number])?);
        }
        Ok(sum.cast_signed())
    }

    /// Seals an entry that was just written whole.
    pub(super) fn seal(self, transaction: &Transaction<'_>, number: i64) -> rusqlite::Result<()> {
        let digest = self.digest(transaction, number, schema::current())?;
        let set = format!("UPDATE {} SET seal = ?2 WHERE number = ?1", self.table());
        transaction.execute(&set, [number, digest]).map(|_| ())
    }

    /// Makes sure that an entry is as it was written. Entries of before there were seals have none.
    pub(super) fn check(
        self,
        transaction: &Transaction<'_>,
        shown: &str,
        version: usize,
        number: i64,
    ) -> Result<()> {
        let sqlite = |error| failed(shown, error);
        let find = format!("SELECT seal FROM {} WHERE number = ?1", self.table());
        let mut statement = transaction.prepare_cached(&find).map_err(sqlite)?;
        let written: Option<i64> = statement.query_row([number], |row| row.get(0)).map_err(sqlite)?;
        let found = self.digest(transaction, number, version).map_err(sqlite)?;
        if written.is_none_or(|written| written == found) {
            return Ok(());
        }
        Err(damaged(shown, format!("entry {number} of its journal is not the one that was written")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_entry_of_a_journal_is_looked_at_that_no_override_names() {
        let mut connection = rusqlite::Connection::open_in_memory().expect("opened");
        schema::migrate(&connection, 0).expect("made");
        let transaction = connection.transaction().expect("begun");
        for query in ROWS.iter().chain(&LAST_ENTRIES) {
            let mut plan = transaction.prepare(&format!("EXPLAIN QUERY PLAN {query}")).expect("a query");
            let steps = plan.query_map([], |row| row.get::<_, String>(3)).expect("a plan");
            for step in steps.map(|step| step.expect("a step")) {
                assert!(
                    !step.contains("SCAN journal") && !step.contains("SCAN file_journal"),
                    "{query}: {step}"
                );
            }
        }
    }
}
