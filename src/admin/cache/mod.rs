//! The last good answer of each server, on disk: what is left to answer from when a server is away.
//!
//! One file for each address and credentials, so that a changed token never reads what another was told; the
//! token itself is not in it. A file is one whole answer or it is as if there was none: it is replaced at once,
//! carries a checksum, and whatever else stands in its place is passed over. Losing it costs nothing but an
//! answer in a bad hour, so nothing here ever fails a command.
//!
//! Decides nothing: when a cached answer may be used, and how old it may be, is `remote/`'s and the command's
//! business.

mod answer;
mod folder;
mod slot;
#[cfg(test)]
mod tests;

pub use answer::decode as decode_cached_answer;
pub use answer::{CachedAnswer, Damage};
pub use folder::Cache;
pub(super) use slot::{Slot, Stored};
