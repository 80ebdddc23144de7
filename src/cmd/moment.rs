//! Times that an option is given.

use crate::error::{Error, Kind, Result};
use crate::model::Timestamp;

/// Reads a time of an option: an RFC 3339 time, or a day, which begins at midnight in UTC.
///
/// # Errors
/// Kind `Usage`, naming the option, when it is neither or has no time zone.
pub(super) fn moment(option: &str, text: &str) -> Result<Timestamp> {
    Timestamp::parse_or_day(text).map_err(|error| {
        Error::new(Kind::Usage, format!("{option}: {error}")).hint(
            "write a time such as 2026-11-22T09:30:00Z, or a day such as 2026-11-22: its midnight in UTC",
        )
    })
}
