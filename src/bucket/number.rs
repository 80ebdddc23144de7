//! A bucket as its system counts it.

use std::fmt;

/// A bucket, or a threshold: whole where buckets are counted, else a fraction.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub enum Number {
    /// A whole bucket.
    Whole(u64),
    /// A fraction, 0.0..=1.0 or 0.0..=100.0.
    Fraction(f64),
}

impl Number {
    /// Returns it as a part of `whole`, for drawing.
    #[expect(clippy::cast_precision_loss, reason = "for drawing only")]
    pub fn share_of(self, whole: Self) -> f64 {
        let float = |number: Self| match number {
            Self::Whole(number) => number as f64,
            Self::Fraction(number) => number,
        };
        let whole = float(whole);
        if whole > 0.0 { (float(self) / whole).clamp(0.0, 1.0) } else { 0.0 }
    }

    /// Returns how far it is to another, up.
    #[expect(clippy::cast_precision_loss, reason = "buckets are fewer than 2^53, but where shares are huge")]
    pub(super) fn share_to(self, end: Self) -> f64 {
        match (self, end) {
            (Self::Whole(from), Self::Whole(end)) => end.saturating_sub(from) as f64,
            (Self::Fraction(from), Self::Fraction(end)) => end - from,
            _ => 0.0,
        }
    }

    /// Returns the whole bucket; none of a fraction.
    pub const fn whole(self) -> Option<u64> {
        match self {
            Self::Whole(number) => Some(number),
            Self::Fraction(_) => None,
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(number) => f.pad(&number.to_string()),
            Self::Fraction(number) => f.pad(&number.to_string()),
        }
    }
}

impl serde::Serialize for Number {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Whole(number) => serializer.serialize_u64(*number),
            Self::Fraction(number) => serializer.serialize_f64(*number),
        }
    }
}
