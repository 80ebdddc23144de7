//! The stores: where overrides, tokens and the journal of their changes are kept, in an `SQLite` file or in PostgreSQL.
//!
//! What a write, an end or a token means stands here once, over the few things that are done to rows (`rows`); the
//! two databases do those, each in a folder of its own, and what only one of them needs stays there. What an
//! override means is `layer/`'s business.

mod either;
mod ends;
#[cfg(test)]
mod field_ends;
mod field_text;
mod history;
mod newer;
mod postgres;
mod read;
mod record;
mod rows;
mod sqlite;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod token_entries;
mod tokens;
mod watch;
mod write;

pub use either::Store;
pub use postgres::PostgresStore;
pub use sqlite::{FileIntent, LocalStore};
pub use watch::StoreWatch;
pub use write::Attempt;
