//! The end of one whole question: redirects, pauses and further attempts included.

use std::time::{Duration, Instant};

/// When a question must have its answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline {
    start: Instant,
    /// How long it may take in all.
    pub(crate) whole: Duration,
}

impl Deadline {
    /// Returns the end of a question that starts now.
    pub(crate) fn after(whole: Duration) -> Self {
        Self { start: Instant::now(), whole }
    }

    /// Returns whether nothing is left.
    pub(crate) fn is_over(self) -> bool {
        self.start.elapsed() >= self.whole
    }

    /// Returns what is left, at least a millisecond.
    pub(crate) fn left(self) -> Duration {
        self.whole.saturating_sub(self.start.elapsed()).max(Duration::from_millis(1))
    }
}
