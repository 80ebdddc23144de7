//! How long a server may take.

use std::time::Duration;

use crate::error::{Error, Kind, Result};

use super::duration::parse_duration;
use super::variables::Variables;

/// Time limits of a server, each for one whole request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeLimits {
    /// For the connection, TLS included.
    pub connect: Duration,
    /// For a read, connection and body included.
    pub read: Duration,
    /// For a write, connection and body included.
    pub write: Duration,
}

impl Default for TimeLimits {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { connect: seconds(2), read: seconds(5), write: seconds(10) }
    }
}

impl TimeLimits {
    /// Returns the limits of a run that has only so long for a read.
    #[must_use]
    pub fn within(self, patience: Duration) -> Self {
        let read = self.read.min(patience);
        Self { connect: self.connect.min(read * 9 / 10), read, ..self }
    }

    /// Returns the limits: `FFCTL_TIMEOUT` for reads and writes, else 5 s and 10 s; 2 s to connect, and never
    /// more than nine tenths of the whole, so that a change that was never sent is told from one whose answer
    /// is late.
    ///
    /// # Errors
    /// When `FFCTL_TIMEOUT` is no time span from 1 ms to 1 h.
    pub(super) fn resolve(variables: &Variables) -> Result<Self> {
        let Some(text) = variables.optional("FFCTL_TIMEOUT")? else { return Ok(Self::default()) };
        let wrong = |message: String| {
            Error::new(Kind::Invalid, format!("variable `FFCTL_TIMEOUT`: {message}"))
                .hint("write FFCTL_TIMEOUT=5s")
        };
        let limit = parse_duration(text).map_err(|error| wrong(error.to_string()))?;
        if limit.is_zero() || limit > Duration::from_hours(1) {
            return Err(wrong(format!("`{text}` is not between 1ms and 1h")));
        }
        Ok(Self { connect: Self::default().connect.min(limit * 9 / 10), read: limit, write: limit })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_sets_reads_and_writes_and_bounds_the_connection() {
        let limits = |text| TimeLimits::resolve(&[("FFCTL_TIMEOUT", text)].into());
        let short = limits("800ms").expect("valid");
        let millis = Duration::from_millis(800);
        assert_eq!(short, TimeLimits { connect: Duration::from_millis(720), read: millis, write: millis });
        assert_eq!(limits("1m").expect("valid").connect, Duration::from_secs(2));
        assert_eq!(limits("").expect("unset"), TimeLimits::default());
        for text in ["0", "2h", "soon"] {
            let error = limits(text).expect_err(text);
            assert!(error.message().contains("FFCTL_TIMEOUT") && error.kind() == Kind::Invalid);
        }
    }
}
