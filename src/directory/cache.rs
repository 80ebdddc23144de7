//! The users that were looked up.
//!
//! moka with its LRU policy does the work. Its reads are applied in batches; since they are applied before every
//! eviction, one thread sees exact LRU, and many threads as exact as an order among them can be. Its clock is the
//! system's monotonic one and cannot be replaced.

use std::sync::Arc;

use moka::policy::EvictionPolicy;
use moka::sync::Cache;

use super::limits::CacheLimits;
use super::lookup::NoRecord;
use super::user::UserRecord;

/// Records by the user's key. Failures are not kept.
#[derive(Debug)]
pub(super) struct Users {
    kept: Cache<String, Arc<UserRecord>>,
}

impl Users {
    pub(super) fn new(limits: CacheLimits) -> Self {
        let kept = Cache::builder()
            .max_capacity(limits.users)
            .time_to_live(limits.age)
            .eviction_policy(EvictionPolicy::lru())
            .build();
        Self { kept }
    }

    /// Returns a user that is kept.
    pub(super) fn remembered(&self, key: &str) -> Option<Arc<UserRecord>> {
        self.kept.get(key)
    }

    /// Returns the user and whether this call looked it up; of several calls for one user at a time one does, and the
    /// others wait for its outcome.
    pub(super) fn get(
        &self,
        key: &str,
        look_up: impl FnOnce() -> Result<UserRecord, NoRecord>,
    ) -> Result<(Arc<UserRecord>, bool), NoRecord> {
        let entry = self.kept.entry_by_ref(key).or_try_insert_with(|| look_up().map(Arc::new));
        let entry = entry.map_err(|failure| NoRecord::clone(&failure))?;
        let fresh = entry.is_fresh();
        if fresh {
            // Not later: never more than the limit, and the least recently used one as of now.
            self.kept.run_pending_tasks();
        }
        Ok((entry.into_value(), fresh))
    }
}
