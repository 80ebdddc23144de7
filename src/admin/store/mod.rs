//! The local store: an `SQLite` file with the overrides and the journal of one flags.toml.
//!
//! One file and no server process; many processes at once are safe. A rollback journal and not a write-ahead
//! log: a log cannot be read in a folder that is read-only, leaves two more files beside the store, and what
//! it is good at, readers beside a busy writer, is nothing that commands of a few milliseconds need. Commits
//! reach the disk before they are acknowledged (`synchronous=EXTRA`: FULL, and the folder as well). Reading
//! creates nothing. What was written is sealed, so that a byte that a disk made another is damage and not a value. What an override means is `layer/`'s business.

mod chained;
mod connection;
mod create;
mod ends;
mod failure;
mod field_text;
mod file_journal;
mod history;
mod intent;
mod local;
mod read;
mod record;
mod schema;
mod seal;
mod sweep;
#[cfg(test)]
mod tests;
mod tokens;
mod watch;
mod write;

pub use intent::FileIntent;
pub use local::LocalStore;
pub use watch::StoreWatch;
pub use write::Attempt;
