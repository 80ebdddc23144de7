//! How much is kept and for how long, and what a run gives a directory beside its address.

use std::time::{Duration, SystemTime};

use crate::net::Retries;
use crate::settings::{ProxyChoice, TimeLimits};

/// How much is remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CacheLimits {
    /// Users at most; the least recently used goes first.
    pub users: u64,
    /// How long a record is used, counted from its lookup.
    pub age: Duration,
}

impl Default for CacheLimits {
    fn default() -> Self {
        Self { users: 1_000, age: Duration::from_hours(24) }
    }
}

/// What a run gives a directory beside its address. Without retries everything is asked once.
#[derive(Clone, Debug, Default)]
pub struct DirectoryOptions {
    /// Time limits; a lookup takes no longer than a read, retries and connection included.
    pub limits: TimeLimits,
    /// The proxy before an HTTP directory; none leaves it to the system.
    pub proxy: Option<ProxyChoice>,
    /// How to wait before asking again.
    pub retries: Option<Retries>,
    /// The clock, for servers that say when to come back and do not tell their own time.
    pub clock: Option<fn() -> SystemTime>,
    /// How much is remembered.
    pub cache: CacheLimits,
}
