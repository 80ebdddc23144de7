//! Instants and days, in UTC.

use std::fmt;

use jiff::civil;

/// An instant: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(i64);

/// A day of the calendar, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date(civil::Date);

/// Why a text is no instant or day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// A date-time without a zone: whose midnight?
    #[error("`{0}` has no time zone")]
    NoZone(String),
    /// Not RFC 3339.
    #[error("`{0}` is not an RFC 3339 time such as 2026-11-22T09:30:00Z")]
    NotATime(String),
    /// Neither RFC 3339 nor a day.
    #[error("`{0}` is neither an RFC 3339 time such as 2026-11-22T09:30:00Z nor a day such as 2026-11-22")]
    NotATimeOrDay(String),
    /// Not a day.
    #[error("`{0}` is not a day such as 2027-03-31")]
    NotADay(String),
}

impl Timestamp {
    /// Milliseconds of a day.
    pub const DAY: i64 = 86_400_000;

    /// Returns the instant so many milliseconds after the epoch.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Returns the milliseconds since the epoch, negative before it.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Reads an RFC 3339 date-time with a zone.
    ///
    /// # Errors
    /// When it is no date-time, or has no zone.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let trimmed = text.trim();
        match trimmed.parse::<jiff::Timestamp>().map(jiff::Timestamp::as_millisecond) {
            // In the last second that there is, an instant could not be written again.
            Ok(millis) if jiff::Timestamp::from_millisecond(millis).is_ok() => Ok(Self(millis)),
            Err(_) if trimmed.parse::<civil::DateTime>().is_ok() => {
                Err(TimeError::NoZone(trimmed.to_owned()))
            }
            Ok(_) | Err(_) => Err(TimeError::NotATime(trimmed.to_owned())),
        }
    }

    /// Reads an RFC 3339 date-time with a zone, or a day: it begins at midnight in UTC.
    ///
    /// # Errors
    /// When it is neither, or a date-time without a zone.
    pub fn parse_or_day(text: &str) -> Result<Self, TimeError> {
        let trimmed = text.trim();
        // What else a calendar could read, such as a day with its hour, is not taken for a day.
        let day = if trimmed.len() == 10 { Date::parse(trimmed).ok() } else { None };
        match day.map_or_else(|| Self::parse(trimmed), |day| Self::parse(&format!("{day}T00:00:00Z"))) {
            Err(TimeError::NoZone(_)) if !trimmed.contains(':') => {
                Err(TimeError::NotATimeOrDay(trimmed.to_owned()))
            }
            Err(TimeError::NotATime(_)) => Err(TimeError::NotATimeOrDay(trimmed.to_owned())),
            read => read,
        }
    }

    /// Returns the whole days from `self` to `later`, rounded down; none if `later` is earlier.
    pub const fn days_until(self, later: Self) -> Option<i64> {
        if later.0 < self.0 { None } else { Some((later.0.saturating_sub(self.0)) / Self::DAY) }
    }

    /// Returns the day that this instant falls on, in UTC.
    pub fn date(self) -> Date {
        let clamped =
            self.0.clamp(jiff::Timestamp::MIN.as_millisecond(), jiff::Timestamp::MAX.as_millisecond());
        let instant = jiff::Timestamp::from_millisecond(clamped).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        Date(instant.to_zoned(jiff::tz::TimeZone::UTC).date())
    }
}

/// Writes RFC 3339 in UTC, with milliseconds only where there are any.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(instant) => f.pad(&instant.to_string()),
            Err(_) => write!(f, "{} ms", self.0),
        }
    }
}

impl serde::Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Date {
    /// Returns the day of this year, month and day, if there is one.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        civil::Date::new(year, month, day).ok().map(Self)
    }

    /// Reads a day written `2027-03-31`.
    ///
    /// # Errors
    /// When it is no such day.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        text.parse().map(Self).map_err(|_| TimeError::NotADay(text.to_owned()))
    }

    /// Returns the days from `self` to `later`, negative if it is earlier.
    pub fn days_until(self, later: Self) -> i64 {
        later.0.duration_since(self.0).as_hours() / 24
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0.to_string())
    }
}

impl serde::Serialize for Date {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_needs_its_zone() {
        assert_eq!(Timestamp::parse("1970-01-02T00:00:00Z").map(Timestamp::millis), Ok(86_400_000));
        assert_eq!(Timestamp::parse("1970-01-01T01:00:00+01:00").map(Timestamp::millis), Ok(0));
        assert!(matches!(Timestamp::parse("2026-01-01T00:00:00"), Err(TimeError::NoZone(_))));
        assert!(matches!(Timestamp::parse("2026-01-01"), Err(TimeError::NoZone(_))));
        assert!(matches!(Timestamp::parse("soon"), Err(TimeError::NotATime(_))));
        let last = Timestamp::parse("9999-12-30T22:00:00Z").expect("a time");
        assert_eq!(last.to_string(), "9999-12-30T22:00:00Z");
        assert!(matches!(Timestamp::parse("9999-12-30T22:00:00.101Z"), Err(TimeError::NotATime(_))));
    }

    #[test]
    fn a_day_begins_at_midnight() {
        let read = |text: &str| Timestamp::parse_or_day(text).map(|at| at.to_string());
        for text in ["2026-12-01", " 2026-12-01 ", "2026-12-01T00:00:00Z", "2026-12-01T02:00:00+02:00"] {
            assert_eq!(read(text).as_deref(), Ok("2026-12-01T00:00:00Z"), "{text}");
        }
        assert!(matches!(read("2026-12-01T09:00:00"), Err(TimeError::NoZone(_))));
        for text in ["", "soon", "2026-12", "2026-13-01", "2026-02-29", "20261201T1", "20261201"] {
            assert_eq!(read(text), Err(TimeError::NotATimeOrDay(text.to_owned())), "{text}");
        }
    }

    #[test]
    fn days_are_whole_and_never_negative() {
        let start = Timestamp::from_millis(0);
        assert_eq!(start.days_until(Timestamp::from_millis(Timestamp::DAY * 7 - 1)), Some(6));
        assert_eq!(start.days_until(Timestamp::from_millis(Timestamp::DAY * 7)), Some(7));
        assert_eq!(Timestamp::from_millis(1).days_until(start), None);
        let day = |text| Date::parse(text).expect("a day");
        assert_eq!(day("2027-02-28").days_until(day("2027-03-31")), 31);
        assert_eq!(day("2027-03-31").days_until(day("2027-02-28")), -31);
    }

    #[test]
    fn display_is_rfc_3339() {
        assert_eq!(Timestamp::from_millis(1500).to_string(), "1970-01-01T00:00:01.5Z");
        assert_eq!(Timestamp::from_millis(0).date().to_string(), "1970-01-01");
    }
}
