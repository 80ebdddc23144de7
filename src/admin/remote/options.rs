//! What a run gives a client beside the address and the token.

use std::time::SystemTime;

use crate::admin::cache::Cache;
use crate::settings::ProxyChoice;

use crate::net::Retries;

/// Everything may be left out: without a cache nothing is kept, without retries everything is asked once.
#[derive(Clone, Debug, Default)]
pub struct ClientOptions {
    /// Where good answers are kept.
    pub cache: Option<Cache>,
    /// The proxy before the server; none leaves it to the system.
    pub proxy: Option<ProxyChoice>,
    /// How to wait before asking again.
    pub retries: Option<Retries>,
    /// Whether what the server resolves flags to is read as well.
    pub states: bool,
    /// The clock, for servers that say when to come back and do not tell their own time.
    pub clock: Option<fn() -> SystemTime>,
}
