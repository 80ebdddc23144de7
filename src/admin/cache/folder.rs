//! The folder of the cache.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::model::Timestamp;
use crate::settings::Token;

use super::slot::Slot;

/// Where answers are kept, and the clock that tells their age. Nothing is made or read before it is needed.
#[derive(Clone, Debug)]
pub struct Cache {
    folder: PathBuf,
    clock: fn() -> SystemTime,
}

impl Cache {
    /// How long an answer can be of use.
    pub const LONGEST: Duration = Duration::from_hours(24);

    /// Returns the cache in this folder, which need not exist.
    pub const fn new(folder: PathBuf, clock: fn() -> SystemTime) -> Self {
        Self { folder, clock }
    }

    /// Returns the place of the answer of this address to this token.
    pub(in crate::admin) fn slot(&self, url: &str, token: Option<&Token>) -> Slot {
        Slot::new(self.clone(), url, token)
    }

    /// Returns the time.
    pub(super) fn now(&self) -> Timestamp {
        let since = (self.clock)().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    /// Returns the folder.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }
}
