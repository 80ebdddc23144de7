//! The chain over the journal of a store: made for one of before there was a chain.

use rusqlite::{Transaction, params};

use crate::admin::chain::EntryHash;
use crate::admin::journal::{JournalEntry, JournalFilter};
use crate::error::Result;

use super::failure::failed;
use super::local::LocalStore;
use super::seal::Journal;
use super::write::signed;

/// Every entry.
const ALL: JournalFilter = JournalFilter { flag: None, after: None, before: None, limit: u32::MAX };

/// Gives every entry its hash, in a store that had `version` and has just got the column for it.
pub(super) fn chain_all(transaction: &Transaction<'_>, shown: &str, version: usize) -> Result<()> {
    let sqlite = |error| failed(shown, error);
    let store = LocalStore::new(std::path::PathBuf::new(), shown);
    let entries = store.entries(transaction, version, &ALL)?;
    let mut head = EntryHash::default();
    let mut set = transaction.prepare("UPDATE journal SET hash = ?2 WHERE number = ?1").map_err(sqlite)?;
    for entry in entries.iter().rev() {
        head = head.next(entry);
        set.execute(params![signed(entry.number), head.0]).map_err(sqlite)?;
        Journal::Target.seal(transaction, signed(entry.number)).map_err(sqlite)?;
    }
    Ok(())
}

impl LocalStore {
    /// Returns the whole journal, oldest entries first.
    ///
    /// # Errors
    /// When the store is damaged or cannot be read.
    pub fn whole_journal(&self) -> Result<Vec<JournalEntry>> {
        let mut entries = self.journal(&ALL)?;
        entries.reverse();
        Ok(entries)
    }
}
