//! How often a token may ask, or somebody log in.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// More keys than that are not kept that could ask again anyway.
const KEPT: usize = 10_000;

/// A limit for each token by itself, so that a script that has run wild does not keep the others out; or for each of
/// something else that can be counted. It is the generic cell rate algorithm (ITU-T I.371): all that is kept of a key is
/// when its next request would be due.
#[derive(Debug)]
pub(super) struct Rate<K = u64> {
    /// Between two requests of a key that asks without a pause.
    interval: Duration,
    /// How far ahead of that it may be.
    saved_up: Duration,
    due: Mutex<HashMap<K, Instant>>,
}

impl Rate {
    /// Returns a limit of so many requests a second, with as many saved up; none for 0.
    pub(super) fn new(per_second: u32) -> Option<Self> {
        let second = Duration::from_secs(1);
        Some(Self { interval: second.checked_div(per_second)?, saved_up: second, due: Mutex::default() })
    }
}

impl<K: Eq + Hash> Rate<K> {
    /// Returns a limit of one request every `interval`, with so many saved up.
    pub(super) fn every(interval: Duration, saved_up: u32) -> Self {
        Self { interval, saved_up: interval * saved_up, due: Mutex::default() }
    }

    /// Looks whether a request would be counted at `now`, and counts nothing.
    ///
    /// # Errors
    /// How long to wait, if it comes too soon.
    pub(super) fn look(&self, key: &K, now: Instant) -> Result<(), Duration> {
        let due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        due.get(key).map_or(Ok(()), |due| self.passes(*due, now))
    }

    /// Counts a request at `now`.
    ///
    /// # Errors
    /// How long to wait, if it comes too soon; then it is not counted.
    pub(super) fn take(&self, key: K, now: Instant) -> Result<(), Duration> {
        let mut due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        if due.len() >= KEPT && !due.contains_key(&key) {
            due.retain(|_, due| *due > now);
        }
        let due = due.entry(key).or_insert(now);
        self.passes(*due, now)?;
        *due = now.max(*due) + self.interval;
        Ok(())
    }

    fn passes(&self, due: Instant, now: Instant) -> Result<(), Duration> {
        let then = due.saturating_duration_since(now) + self.interval;
        match then.checked_sub(self.saved_up) {
            Some(wait) if !wait.is_zero() => Err(wait),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_is_saved_up_and_no_more() {
        let rate = Rate::new(10).expect("a limit");
        let begin = Instant::now();
        let later = |millis| begin + Duration::from_millis(millis);
        let taken = |token, at| (0..100).take_while(|_| rate.take(token, at).is_ok()).count();
        assert_eq!(taken(1, begin), 10);
        assert_eq!(rate.take(1, begin), Err(Duration::from_millis(100)));
        assert_eq!(taken(2, begin), 10, "another token has its own");
        assert_eq!(taken(1, later(100)), 1);
        assert_eq!(taken(1, later(500)), 4);
        assert_eq!(taken(1, later(3_600_000)), 10, "more than a second is never saved up");
        assert!(Rate::new(0).is_none());
    }

    #[test]
    fn a_look_counts_nothing_and_old_keys_are_forgotten() {
        let rate = Rate::every(Duration::from_secs(6), 3);
        let begin = Instant::now();
        let later = |seconds| begin + Duration::from_secs(seconds);
        for _ in 0..3 {
            assert_eq!((rate.look(&"a", begin), rate.take("a", begin)), (Ok(()), Ok(())));
        }
        let wait = Err(Duration::from_secs(6));
        assert_eq!((rate.look(&"a", begin), rate.take("a", begin)), (wait, wait));
        assert_eq!(
            (rate.look(&"a", later(5)), rate.look(&"a", later(6))),
            (Err(Duration::from_secs(1)), Ok(()))
        );
        let many = Rate::every(Duration::from_secs(6), 1);
        for key in 0..KEPT {
            assert_eq!(many.take(key, begin), Ok(()));
        }
        assert_eq!(many.take(KEPT, later(60)), Ok(()));
        assert_eq!(many.due.lock().expect("no panic").len(), 1);
    }
}
