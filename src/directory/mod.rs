//! The user directory: what is known of a user by key, from an HTTP endpoint or a PostgreSQL query, as a context.
//!
//! A lookup never fails: where there is no record it gives a context with the key alone, and says why. Only the
//! declared fields of a record (`id`, `name`, `email`, `created_at`, `role`, `metadata`) leave this room. No clock: an
//! account's age, the domain of an address and the defined segments are worked out by `eval/` when they are asked for.
//! What a caller says of a user is put on top of what comes out of here and never gets in. Which directory is asked
//! `settings/` decides, and what is said about it `cmd/` and `report/`.

mod build;
mod cache;
mod http;
mod limits;
mod lookup;
mod oddity;
mod postgres;
mod record;
mod user;

#[cfg(test)]
mod tests;

pub use build::build;
pub use limits::{CacheLimits, DirectoryOptions};
pub use lookup::{Directory, Lookup, Mark, NoRecord, Source};
pub use oddity::Oddity;
pub use record::Record;
pub use user::{Fact, Origin, SegmentOrigin, UserRecord};
