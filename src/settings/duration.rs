//! Spans of time as people write them.

use std::time::Duration;

/// Why a text is no span of time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DurationError {
    /// Not a number with a unit.
    #[error("`{0}` is not a time span such as 5s, 800ms, 2m, 24h or 7d")]
    NotADuration(String),
    /// More than ten thousand days.
    #[error("`{0}` is longer than 10000 days")]
    TooLong(String),
}

/// Reads a span of time: a number, with at most three digits after the point, and `ms`, `s`, `m`, `h` or
/// `d`; a bare number is seconds. Exact to a millisecond.
///
/// # Errors
/// When it is nothing of that, or longer than 10,000 days.
pub fn parse_duration(text: &str) -> Result<Duration, DurationError> {
    let text = text.trim();
    let wrong = || DurationError::NotADuration(text.to_owned());
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let millis_of_unit: u64 = match unit.trim_start() {
        "ms" => 1,
        "" | "s" => 1_000,
        "m" | "min" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return Err(wrong()),
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    if whole.is_empty() || !(1..=3).contains(&fraction.len()) || fraction.contains('.') {
        return Err(wrong());
    }
    let too_long = || DurationError::TooLong(text.to_owned());
    let whole: u64 = whole.parse().map_err(|_| too_long())?;
    let thousandths: u64 = format!("{fraction:0<3}").parse().map_err(|_| wrong())?;
    let thousandths = whole.checked_mul(1_000).and_then(|whole| whole.checked_add(thousandths));
    let millis =
        thousandths.and_then(|count| count.checked_mul(millis_of_unit)).ok_or_else(too_long)? / 1_000;
    let longest = 10_000 * 86_400_000;
    if millis > longest { Err(too_long()) } else { Ok(Duration::from_millis(millis)) }
}

/// The units of time, each with its milliseconds.
const UNITS: [(u64, &str); 4] = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1_000, "s")];

/// Returns a span of time in its largest unit, or in two where one alone would be off by more than a twentieth:
/// `45s`, `3m`, `2h 30m`, `1d 12h`, `5d`.
pub fn short_duration(span: Duration) -> String {
    let millis = u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
    let Some(at) = UNITS.iter().position(|(unit, _)| *unit <= millis) else {
        return if span.is_zero() { "0s".to_owned() } else { format!("{millis}ms") };
    };
    let nearest = |unit: u64| (millis / unit + u64::from(millis % unit >= unit / 2)) * unit;
    let (unit, name) = UNITS[at];
    let whole = nearest(unit);
    if whole.abs_diff(millis) <= millis / 20 {
        // Nearly 24 hours are a day.
        let (unit, name) = UNITS.into_iter().find(|(unit, _)| *unit <= whole).unwrap_or((unit, name));
        return format!("{}{name}", whole / unit);
    }
    let (smaller, small) = UNITS.get(at + 1).copied().unwrap_or((100, "s"));
    let near = nearest(smaller);
    let (whole, rest) = (near / unit, near % unit / smaller);
    if smaller == 100 { format!("{whole}.{rest}{small}") } else { format!("{whole}{name} {rest}{small}") }
}

/// Returns how old an answer is that is older than it may be: `2h old, older than 1m`.
pub fn older_than(age: Duration, limit: Duration) -> String {
    let (old, limit) = (short_duration(age), short_duration(limit));
    if old == limit {
        format!("a little older than {limit}")
    } else {
        format!("{old} old, older than {limit}")
    }
}

/// Returns a span of whole seconds as [`parse_duration`] reads it, in the largest unit that says it exactly: `1d`,
/// `90m`, `5401s`.
pub fn exact_duration(seconds: u64) -> String {
    let units = [(86_400, "d"), (3_600, "h"), (60, "m")];
    let exact = units.into_iter().find(|(unit, _)| seconds > 0 && seconds.is_multiple_of(*unit));
    let (unit, name) = exact.unwrap_or((1, "s"));
    format!("{}{name}", seconds / unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_said_without_losing_half_of_itself() {
        for (millis, text) in [
            (0, "0s"),
            (1, "1ms"),
            (999, "999ms"),
            (1_000, "1s"),
            (1_500, "1.5s"),
            (59_000, "59s"),
            (60_000, "1m"),
            (90_000, "1m 30s"),
            (192_000, "3m 12s"),
            (9_000_000, "2h 30m"),
            (43_200_000, "12h"),
            (86_400_000, "1d"),
            (86_395_000, "1d"),
            (129_600_000, "1d 12h"),
            (129_595_000, "1d 12h"),
            (259_200_000, "3d"),
            (259_195_000, "3d"),
            (2_160_000_000, "25d"),
        ] {
            assert_eq!(short_duration(Duration::from_millis(millis)), text, "{millis}");
        }
        let said = |text: &str| -> u128 {
            text.split(' ').map(|part| parse_duration(part).expect("a span").as_millis()).sum()
        };
        for millis in (1..200_000).chain((200_000..700_000_000).step_by(7_919)) {
            let text = short_duration(Duration::from_millis(millis));
            let off = said(&text).abs_diff(u128::from(millis));
            assert!(off * 20 <= u128::from(millis), "{millis} ms are said to be {text}");
        }
    }

    #[test]
    fn what_is_hardly_older_is_not_said_to_be_older_than_itself() {
        let hours = |hours: u64| Duration::from_secs(hours * 3_600);
        assert_eq!(older_than(hours(25), hours(24)), "a little older than 1d");
        assert_eq!(older_than(hours(36), hours(24)), "1d 12h old, older than 1d");
    }

    #[test]
    fn spans_are_read_exactly() {
        let cases = [
            ("5s", 5_000),
            ("800ms", 800),
            ("2m", 120_000),
            ("5", 5_000),
            (" 1.5 s ", 1_500),
            ("0.001", 1),
            ("24h", 86_400_000),
            ("7d", 604_800_000),
            ("0", 0),
        ];
        for (text, millis) in cases {
            assert_eq!(parse_duration(text), Ok(Duration::from_millis(millis)), "{text}");
        }
        for text in ["", "s", "-5s", "5 s s", "1.2345s", "1.s", ".5s", "1..2s", "5sec", "٥s", "NaN", "1e3"] {
            assert!(matches!(parse_duration(text), Err(DurationError::NotADuration(_))), "{text}");
        }
        for (seconds, text) in [(0, "0s"), (5_400, "90m"), (5_401, "5401s"), (86_400, "1d"), (129_600, "36h")]
        {
            assert_eq!(exact_duration(seconds), text);
            assert_eq!(parse_duration(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["99999999999999999999s", "18446744073709551615d", "10001d"] {
            assert!(matches!(parse_duration(text), Err(DurationError::TooLong(_))), "{text}");
        }
    }
}
