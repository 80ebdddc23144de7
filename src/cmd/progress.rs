//! A progress line on long runs.

use std::cell::RefCell;
use std::time::{Duration, SystemTime};

use crate::output::progress_line;

use super::console::Console;

/// A progress line that appears after half a second.
pub(super) struct Progress {
    clock: fn() -> SystemTime,
    started: SystemTime,
    shown: RefCell<Duration>,
    total: Option<u64>,
    bytes: Option<u64>,
}

impl Progress {
    /// When the line first appears, and how often it changes.
    const AFTER: Duration = Duration::from_millis(500);
    const EVERY: Duration = Duration::from_millis(100);

    /// Starts. The total is known in rows, or in bytes of a file.
    pub(super) fn new(clock: fn() -> SystemTime, total: Option<u64>, bytes: Option<u64>) -> Self {
        let started = clock();
        Self { clock, started, shown: RefCell::new(Duration::ZERO), total, bytes }
    }

    /// Shows how far it is.
    pub(super) fn show(&self, console: &mut Console, rows: u64, bytes: u64) {
        let elapsed = (self.clock)().duration_since(self.started).unwrap_or_default();
        let mut shown = self.shown.borrow_mut();
        if elapsed < Self::AFTER || elapsed.saturating_sub(*shown) < Self::EVERY {
            return;
        }
        *shown = elapsed;
        if !console.shows_progress() {
            return;
        }
        // Of a file the bytes tell how far it is; the rows to come are guessed from them.
        let total = self.total.or_else(|| {
            let whole = u128::from(self.bytes?) * u128::from(rows);
            whole.checked_div(u128::from(bytes)).and_then(|rows| u64::try_from(rows).ok())
        });
        let line = progress_line(rows, total, elapsed, &console.words);
        console.progress(&line);
    }
}
