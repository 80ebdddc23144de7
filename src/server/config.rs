//! What a server is started with.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use crate::admin::Store;
use crate::directory::Directory;
use crate::error::Result;
use crate::flagfile::FlagFile;
use crate::layer::Variable;

/// Reads flags.toml as it is now.
pub type ReadDefinitions = Box<dyn Fn() -> Result<FlagFile> + Send + Sync>;

/// What a server is started with.
pub struct ServerConfig {
    /// Where it listens; port 0 takes any free one.
    pub listen: SocketAddr,
    /// Its certificate chain and private key in PEM files; plain HTTP without.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// The overrides, the journal, the tokens.
    pub store: Store,
    /// The flags.toml that it serves, watched for changes.
    pub flags: PathBuf,
    /// How to read it.
    pub definitions: ReadDefinitions,
    /// The `FF_*` variables that it was started with.
    pub variables: Vec<Variable>,
    /// The clock.
    pub clock: fn() -> SystemTime,
    /// Where users are looked up before anything is evaluated for them; nowhere without.
    pub directory: Option<Directory>,
    /// Whether `/metrics` is for everybody.
    pub metrics_open: bool,
    /// What no client may exceed.
    pub limits: Limits,
}

/// What no client may exceed, so that slow or greedy ones cannot exhaust the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Connections at once; further ones wait in the system's queue.
    pub connections: usize,
    /// Until a request's head is there, from its first byte or from the connection's begin.
    pub head: Duration,
    /// The bytes of a request's head.
    pub head_bytes: usize,
    /// The bytes of a request's body.
    pub body_bytes: usize,
    /// Until a request is answered, its body read included.
    pub request: Duration,
    /// Requests of one token a second, evaluations apart; 0 for as many as it likes.
    pub rate: u32,
    /// Evaluations of one token a second, likewise.
    pub evaluation_rate: u32,
    /// How long an evaluation waits for the user directory.
    pub directory: Duration,
    /// How long answers under way may take once the server is told to end.
    pub shutdown: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 4096,
            head: Duration::from_secs(10),
            head_bytes: 32 * 1024,
            body_bytes: 1024 * 1024,
            request: Duration::from_secs(30),
            rate: 1_000,
            evaluation_rate: 50_000,
            directory: Duration::from_millis(250),
            shutdown: Duration::from_secs(10),
        }
    }
}
