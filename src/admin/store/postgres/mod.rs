//! The store in a PostgreSQL database (15 or newer), which several servers can share.
//!
//! Writes come one after the other: each holds one lock of the database from its first look to its COMMIT, so journal
//! numbers have no gaps and comparisons hold. Every write raises a counter and announces it (NOTIFY) in its own
//! transaction; who watches listens, and looks at the counter now and then in case an announcement was lost. Reading
//! creates nothing. Sums against failing disks are PostgreSQL's own business; the chain of the journal is checked as
//! everywhere.

mod failure;
mod parameter;
mod rows;
mod schema;
mod sessions;
mod store;
#[cfg(all(test, unix))]
mod tests;
mod watch;

pub use store::PostgresStore;
pub(super) use watch::PostgresWatch;

#[cfg(all(test, unix))]
pub(in crate::admin::store) use tests::opened;
