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

/// Returns a span of time in its largest unit, rounded down: `45s`, `3m`, `2h`, `5d`.
pub fn short_duration(span: Duration) -> String {
    match span.as_secs() {
        0 if !span.is_zero() => format!("{}ms", span.as_millis()),
        seconds @ 0..60 => format!("{seconds}s"),
        seconds @ 60..3600 => format!("{}m", seconds / 60),
        seconds @ 3600..86_400 => format!("{}h", seconds / 3600),
        seconds => format!("{}d", seconds / 86_400),
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
