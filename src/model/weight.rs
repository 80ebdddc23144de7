//! The weight of a rollout: whole thousandths of a percent, never a float.

use std::fmt;

/// A part of all users in thousandths of a percent, `0..=100_000`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Weight(u32);

/// Why a text is not a percentage.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeightError {
    /// Not a decimal number, possibly followed by `%`.
    #[error("`{0}` is not a percentage")]
    NotANumber(String),
    /// Below zero.
    #[error("`{0}` is below 0%")]
    Negative(String),
    /// Above one hundred.
    #[error("`{0}` is above 100%")]
    TooLarge(String),
    /// More than three digits after the point.
    #[error("`{0}` is finer than a thousandth of a percent")]
    TooFine(String),
    /// A bare number between 0 and 1, which is more likely a fraction than a percentage.
    #[error("`{text}` is less than 1%: a fraction where a percentage is meant?")]
    Fraction {
        /// What stood there.
        text: String,
        /// The percentage that the fraction would be, such as `25%`; none if that is too fine.
        meant: Option<String>,
    },
}

impl Weight {
    /// Nobody.
    pub const NONE: Self = Self(0);
    /// Everyone.
    pub const ALL: Self = Self(Self::TOTAL);
    /// How many units make everyone.
    pub const TOTAL: u32 = 100_000;

    /// Returns the weight of so many thousandths of a percent, if there are at most `100_000`.
    pub const fn from_thousandths(thousandths: u32) -> Option<Self> {
        if thousandths <= Self::TOTAL { Some(Self(thousandths)) } else { None }
    }

    /// Returns the thousandths of a percent, `0..=100_000`.
    pub const fn thousandths(self) -> u32 {
        self.0
    }

    /// Returns the share of all as a number from 0.0 to 1.0, for statistics and drawing only.
    pub fn fraction(self) -> f64 {
        f64::from(self.0) / f64::from(Self::TOTAL)
    }

    /// Reads a percentage from its text: `25%`, `12.5%`, `25`, `12.5`; blanks around are ignored.
    ///
    /// # Errors
    /// When it is no decimal number, negative, above 100, finer than three digits after the point, or a
    /// bare number between 0 and 1.
    pub fn parse(text: &str) -> Result<Self, WeightError> {
        let owned = || text.trim().to_owned();
        let trimmed = text.trim();
        let (number, marked) = match trimmed.strip_suffix('%') {
            Some(number) => (number.trim_end(), true),
            None => (trimmed, false),
        };
        let (negative, digits) = match number.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, number.strip_prefix('+').unwrap_or(number)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !plain(whole) || !plain(fraction) {
            return Err(WeightError::NotANumber(owned()));
        }
        let fraction = fraction.trim_end_matches('0');
        let whole = whole.trim_start_matches('0');
        if whole.is_empty() && fraction.is_empty() {
            return Ok(Self::NONE);
        }
        if negative {
            return Err(WeightError::Negative(owned()));
        }
        if whole.is_empty() && !marked {
            let meant = Self::of_digits("", fraction, 5).map(|weight| weight.to_string());
            return Err(WeightError::Fraction { text: owned(), meant });
        }
        if whole.len() > 3 {
            return Err(WeightError::TooLarge(owned()));
        }
        if fraction.len() > 3 {
            return Err(WeightError::TooFine(owned()));
        }
        Self::of_digits(whole, fraction, 3).ok_or_else(|| WeightError::TooLarge(owned()))
    }

    /// Returns the weight of the digits `whole` and `fraction` read with `places` digits after the point.
    fn of_digits(whole: &str, fraction: &str, places: usize) -> Option<Self> {
        if fraction.len() > places {
            return None;
        }
        let digits = format!("{whole}{fraction:0<places$}");
        digits.parse().ok().and_then(Self::from_thousandths)
    }
}

/// Writes the percentage with its sign and no needless digits: `25%`, `12.5%`, `0.001%`.
impl fmt::Display for Weight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 1000, self.0 % 1000);
        let text = if rest == 0 {
            format!("{whole}%")
        } else {
            let fraction = format!("{rest:03}");
            format!("{whole}.{}%", fraction.trim_end_matches('0'))
        };
        f.pad(&text)
    }
}

impl serde::Serialize for Weight {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_read_exactly() {
        for (text, thousandths) in [
            ("25%", 25_000),
            ("25", 25_000),
            ("12.5%", 12_500),
            (" 12.50 % ", 12_500),
            ("0.001%", 1),
            ("0.25%", 250),
            ("0", 0),
            ("-0", 0),
            ("100.000%", 100_000),
            ("33.333", 33_333),
        ] {
            assert_eq!(Weight::parse(text).map(Weight::thousandths), Ok(thousandths), "{text}");
        }
    }

    #[test]
    fn what_is_no_percentage_says_why() {
        for bad in ["", "%", "nan", "1e2", ".5", "5.", "1_0", "0x10", "inf", "25%%"] {
            assert!(matches!(Weight::parse(bad), Err(WeightError::NotANumber(_))), "{bad}");
        }
        assert!(matches!(Weight::parse("-1%"), Err(WeightError::Negative(_))));
        for large in ["100.001%", "101", "99999999999999999999"] {
            assert!(matches!(Weight::parse(large), Err(WeightError::TooLarge(_))), "{large}");
        }
        assert!(matches!(Weight::parse("1.0001"), Err(WeightError::TooFine(_))));
        let fraction = |meant: Option<&str>| WeightError::Fraction {
            text: "0.25".into(),
            meant: meant.map(str::to_owned),
        };
        assert_eq!(Weight::parse("0.25"), Err(fraction(Some("25%"))));
    }

    #[test]
    fn display_reads_back() {
        for thousandths in [0, 1, 10, 250, 12_500, 33_333, 99_999, 100_000] {
            let weight = Weight::from_thousandths(thousandths).expect("in range");
            assert_eq!(Weight::parse(&weight.to_string()), Ok(weight));
        }
        assert_eq!(Weight::from_thousandths(100_001), None);
    }
}
