//! The local store: an `SQLite` file with the overrides and the journal of one flags.toml, and the journal of changes
//! of local files.
//!
//! One file and no server process; many processes at once are safe. A rollback journal and not a write-ahead
//! log: a log cannot be read in a folder that is read-only, leaves two more files beside the store, and what
//! it is good at, readers beside a busy writer, is nothing that commands of a few milliseconds need. Commits
//! reach the disk before they are acknowledged (`synchronous=EXTRA`: FULL, and the folder as well). Reading
//! creates nothing. What was written is sealed, so that a byte that a disk made another is damage and not a value.

mod chained;
mod connection;
mod create;
#[cfg(test)]
mod damage;
mod failure;
mod file_journal;
mod intent;
mod local;
mod rows;
mod schema;
mod seal;
mod sweep;
#[cfg(test)]
mod tests;
mod watch;

pub use intent::FileIntent;
pub use local::LocalStore;
pub(super) use watch::SqliteWatch;
