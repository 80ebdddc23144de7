//! Numbers as people read them.

use std::time::Duration;

use crate::bucket::Number;
use crate::settings::{exact_duration, short_duration};

/// Returns the number with a comma between thousands: `1,234,567`.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3 + 1);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Returns a count with its noun: `1 flag`, `2,000 flags`.
pub fn counted(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", thousands(number))
}

/// Returns a `usize` as `u64`, for [`thousands`] and [`counted`].
pub(super) fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// Returns a share (0..=1) as a percentage with two digits after the point: `25.04%`.
pub fn percent(share: f64) -> String {
    // Nothing is not less than nothing.
    format!("{:.2}%", share * 100.0 + 0.0)
}

/// Returns `part` of `whole` as a share, 0..=1; 0 of nothing.
pub(super) fn share(part: u64, whole: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a share is for show; counts beyond 2^53 do not occur")]
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Returns a share (0..=1) as a percentage with three digits after the point at most: `12.5%`.
pub fn short_percent(share: f64) -> String {
    let text = format!("{:.3}", share * 100.0);
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}

/// Returns a share (0..=1) as a percentage with one digit after the point at most: `24.9%`; what is not quite nobody or
/// everybody is not called so.
pub(super) fn short_share(share: f64) -> String {
    let text = format!("{:.1}", share * 100.0);
    match text.as_str() {
        "0.0" if share > 0.0 => "<0.1%".to_owned(),
        "100.0" if share < 1.0 => ">99.9%".to_owned(),
        _ => format!("{}%", text.strip_suffix(".0").unwrap_or(&text)),
    }
}

/// Returns a probability with as many digits as say something.
pub(super) fn probability(p: f64) -> String {
    if p < 1e-300 {
        "<1e-300".to_owned()
    } else if p < 0.0001 {
        format!("{p:.1e}")
    } else {
        format!("{p:.4}")
    }
}

/// Returns thousandths of a percent as a percentage with its three digits: `17.432%`.
pub(super) fn thousandths(bucket: u32) -> String {
    format!("{}.{:03}%", bucket / 1000, bucket % 1000)
}

/// Returns a bucket as people read it: whole ones with commas, fractions to six digits.
pub(super) fn short(bucket: Number) -> String {
    match bucket {
        Number::Whole(number) => thousands(number),
        Number::Fraction(number) => {
            let text = format!("{number:.6}");
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
    }
}

/// Returns a length of time as [`short_duration`] says it: `45s`, `3m`, `2h 30m`, `5d`.
pub(super) fn age(seconds: u64) -> String {
    short_duration(Duration::from_secs(seconds))
}

/// Returns a length of time as it was asked for: `1d`, `90m`.
pub(super) fn span(seconds: u64) -> String {
    exact_duration(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_parted() {
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (12_345_678, "12,345,678")] {
            assert_eq!(thousands(number), text);
        }
    }

    #[test]
    fn ages_are_short() {
        for (seconds, text) in [(0, "0s"), (59, "59s"), (60, "1m"), (7300, "2h"), (200_000, "2d 8h")] {
            assert_eq!(age(seconds), text);
        }
    }

    #[test]
    fn short_shares_are_honest_at_their_ends() {
        for (share, shown) in [
            (0.0, "0%"),
            (0.0004, "<0.1%"),
            (0.001, "0.1%"),
            (0.248_62, "24.9%"),
            (0.25, "25%"),
            (0.999_9, ">99.9%"),
            (1.0, "100%"),
        ] {
            assert_eq!(short_share(share), shown);
        }
    }
}
