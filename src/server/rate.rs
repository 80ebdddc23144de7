//! How often a token may ask.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A limit for each token by itself, so that a script that has run wild does not keep the others out. It is the
/// generic cell rate algorithm (ITU-T I.371): all that is kept of a token is when its next request would be due.
#[derive(Debug)]
pub(super) struct Rate {
    /// Between two requests of a token that asks without a pause.
    interval: Duration,
    due: Mutex<HashMap<u64, Instant>>,
}

impl Rate {
    /// Returns a limit of so many requests a second, with as many saved up; none for 0.
    pub(super) fn new(per_second: u32) -> Option<Self> {
        let interval = Duration::from_secs(1).checked_div(per_second)?;
        Some(Self { interval, due: Mutex::default() })
    }

    /// Counts a request of a token at `now`.
    ///
    /// # Errors
    /// How long to wait, if it comes too soon; then it is not counted.
    pub(super) fn take(&self, token: u64, now: Instant) -> Result<(), Duration> {
        let mut due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        let due = due.entry(token).or_insert(now);
        let ahead = due.saturating_duration_since(now);
        let saved_up = Duration::from_secs(1);
        if ahead >= saved_up {
            return Err((ahead + self.interval).saturating_sub(saved_up));
        }
        *due = now.max(*due) + self.interval;
        Ok(())
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
}
