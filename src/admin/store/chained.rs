//! The chain over the journal of a store: made for one of before there was a chain, and recomputed.

use rusqlite::{Transaction, params};

use crate::admin::chain::{ChainError, EntryHash, verify_chain};
use crate::admin::journal::JournalFilter;
use crate::error::Result;

use super::connection::reading;
use super::failure::failed;
use super::local::LocalStore;
use super::schema;
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
    /// Recomputes the chain over the whole journal; returns how many entries it has and the hash of the last, or the
    /// first entry that does not fit. A store that was last written before there was a chain has none to recompute.
    ///
    /// # Errors
    /// When the store is damaged or cannot be read.
    pub fn verify(&self) -> Result<std::result::Result<(u64, Option<EntryHash>), ChainError>> {
        let verified = reading(self.path(), self.shown(), |transaction, version| {
            let mut entries = self.entries(transaction, version, &ALL)?;
            entries.reverse();
            let count = u64::try_from(entries.len()).unwrap_or(u64::MAX);
            if version < schema::SINCE_CHAIN {
                return Ok(Ok((count, None)));
            }
            Ok(verify_chain(&entries).map(|head| (count, Some(head))))
        })?;
        Ok(verified.unwrap_or(Ok((0, Some(EntryHash::default())))))
    }
}
