//! The chain over the journal of a store: made for one of before there was a chain.

use rusqlite::{Transaction, params};

use crate::admin::chain::EntryHash;
use crate::admin::store::history::{ALL, entries};
use crate::error::Result;

use super::failure::failed;
use super::local::LocalStore;
use super::rows::{SqliteRows, signed};
use super::seal::Journal;

/// Gives every entry its hash, in a store that had `version` and has just got the column for it.
pub(super) fn chain_all(transaction: &Transaction<'_>, shown: &str, version: usize) -> Result<()> {
    let sqlite = |error| failed(shown, error);
    let store = LocalStore::new(std::path::PathBuf::new(), shown);
    let entries = entries(&SqliteRows { store: &store, transaction, version }, &ALL)?;
    let mut head = EntryHash::default();
    let mut set = transaction.prepare("UPDATE journal SET hash = ?2 WHERE number = ?1").map_err(sqlite)?;
    for entry in entries.iter().rev() {
        head = head.next(entry);
        set.execute(params![signed(entry.number), head.0]).map_err(sqlite)?;
        Journal::Target.seal(transaction, signed(entry.number)).map_err(sqlite)?;
    }
    Ok(())
}
