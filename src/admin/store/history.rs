//! The journal of the store.

use rusqlite::params;

use crate::admin::journal::{JournalChange, JournalEntry, JournalFilter};
use crate::error::Result;
use crate::layer::Patch;
use crate::model::Timestamp;

use super::connection::reading;
use super::failure::{damaged, failed};
use super::field_text::parse_patch;
use super::local::LocalStore;
use super::read::number;
use super::seal::{self, Journal};
use super::write::signed;

impl LocalStore {
    /// Returns journal entries, newest first.
    ///
    /// # Errors
    /// When the file is damaged, no store, or cannot be read.
    pub fn journal(&self, filter: &JournalFilter) -> Result<Vec<JournalEntry>> {
        let entries = reading(self.path(), self.shown(), |transaction, version| {
            let sqlite = |error| failed(self.shown(), error);
            let mut entries = transaction
                .prepare(
                    "SELECT number, at, actor, reason, tool FROM journal
                     WHERE number > ?1 AND (?2 IS NULL OR EXISTS
                         (SELECT 1 FROM journal_change WHERE flag = ?2 AND journal_change.number = journal.number))
                     ORDER BY number DESC LIMIT ?3",
                )
                .map_err(sqlite)?;
            let mut changes = transaction
                .prepare(
                    "SELECT flag, before, after FROM journal_change
                     WHERE number = ?1 AND (?2 IS NULL OR flag = ?2) ORDER BY flag",
                )
                .map_err(sqlite)?;
            let after = signed(filter.after.unwrap_or(0));
            let mut rows = entries.query(params![after, filter.flag, filter.limit]).map_err(sqlite)?;
            let mut found = Vec::new();
            while let Some(row) = rows.next().map_err(sqlite)? {
                let number = number(row, 0).map_err(sqlite)?;
                let mut entry = JournalEntry {
                    number,
                    at: Some(Timestamp::from_millis(row.get(1).map_err(sqlite)?)),
                    actor: row.get(2).map_err(sqlite)?,
                    reason: row.get(3).map_err(sqlite)?,
                    tool: row.get(4).map_err(sqlite)?,
                    changes: Vec::new(),
                };
                if version >= seal::SINCE {
                    Journal::Target.check(transaction, self.shown(), signed(number))?;
                }
                let mut rows = changes.query(params![signed(number), filter.flag]).map_err(sqlite)?;
                while let Some(row) = rows.next().map_err(sqlite)? {
                    let patch = |column| -> Result<Patch> {
                        let text: String = row.get(column).map_err(sqlite)?;
                        parse_patch(&text).map_err(|what| damaged(self.shown(), what))
                    };
                    let flag = row.get(0).map_err(sqlite)?;
                    entry.changes.push(JournalChange { flag, before: patch(1)?, after: patch(2)? });
                }
                found.push(entry);
            }
            let numbers: Vec<u64> = found.iter().map(|entry| entry.number).collect();
            seal::gapless(&numbers, filter, self.shown())?;
            Ok(found)
        })?;
        Ok(entries.unwrap_or_default())
    }
}
