//! The journal of the store.

use rusqlite::{Transaction, params};

use crate::admin::chain::EntryHash;
use crate::admin::journal::{JournalChange, JournalEntry, JournalFilter};
use crate::error::Result;
use crate::layer::Patch;
use crate::model::Timestamp;

use super::connection::reading;
use super::failure::{damaged, failed};
use super::field_text::parse_patch;
use super::local::LocalStore;
use super::read::number;
use super::schema::SINCE_CHAIN;
use super::seal::{self, Journal};
use super::write::signed;

impl LocalStore {
    /// Returns journal entries, newest first.
    ///
    /// # Errors
    /// When the file is damaged, no store, or cannot be read.
    pub fn journal(&self, filter: &JournalFilter) -> Result<Vec<JournalEntry>> {
        let entries = reading(self.path(), self.shown(), |transaction, version| {
            self.entries(transaction, version, filter)
        })?;
        Ok(entries.unwrap_or_default())
    }

    /// Returns journal entries, newest first.
    pub(super) fn entries(
        &self,
        transaction: &Transaction<'_>,
        version: usize,
        filter: &JournalFilter,
    ) -> Result<Vec<JournalEntry>> {
        let sqlite = |error| failed(self.shown(), error);
        let (hash, ends) = if version >= SINCE_CHAIN { ("hash", "expires_at") } else { ("NULL", "NULL") };
        let mut entries = transaction
            .prepare(&format!(
                "SELECT number, at, actor, reason, tool, {hash} FROM journal
                 WHERE number > ?1 AND number < ?4 AND (?2 IS NULL OR EXISTS
                     (SELECT 1 FROM journal_change WHERE flag = ?2 AND journal_change.number = journal.number))
                 ORDER BY number DESC LIMIT ?3"
            ))
            .map_err(sqlite)?;
        let mut changes = transaction
            .prepare(&format!(
                "SELECT flag, before, after, {ends} FROM journal_change
                 WHERE number = ?1 AND (?2 IS NULL OR flag = ?2) ORDER BY flag"
            ))
            .map_err(sqlite)?;
        let (after, before) = (signed(filter.after.unwrap_or(0)), signed(filter.before.unwrap_or(u64::MAX)));
        let mut rows = entries.query(params![after, filter.flag, filter.limit, before]).map_err(sqlite)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().map_err(sqlite)? {
            let number = number(row, 0).map_err(sqlite)?;
            let hash: Option<[u8; 32]> = row.get(5).map_err(sqlite)?;
            let mut entry = JournalEntry {
                number,
                at: Some(Timestamp::from_millis(row.get(1).map_err(sqlite)?)),
                actor: row.get(2).map_err(sqlite)?,
                reason: row.get(3).map_err(sqlite)?,
                tool: row.get(4).map_err(sqlite)?,
                changes: Vec::new(),
                hash: hash.map(EntryHash),
            };
            if version >= seal::SINCE {
                Journal::Target.check(transaction, self.shown(), version, signed(number))?;
            }
            let mut rows = changes.query(params![signed(number), filter.flag]).map_err(sqlite)?;
            while let Some(row) = rows.next().map_err(sqlite)? {
                let patch = |column| -> Result<Patch> {
                    let text: String = row.get(column).map_err(sqlite)?;
                    parse_patch(&text).map_err(|what| damaged(self.shown(), what))
                };
                let expires_at: Option<i64> = row.get(3).map_err(sqlite)?;
                entry.changes.push(JournalChange {
                    flag: row.get(0).map_err(sqlite)?,
                    before: patch(1)?,
                    after: patch(2)?,
                    expires_at: expires_at.map(Timestamp::from_millis),
                });
            }
            found.push(entry);
        }
        let numbers: Vec<u64> = found.iter().map(|entry| entry.number).collect();
        seal::gapless(&numbers, filter, self.shown())?;
        Ok(found)
    }
}
