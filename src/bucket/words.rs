//! How the parts of a record are written in flags.toml and in JSON.

use std::fmt;

use super::record::{Compare, Count, Precision, Reduce, Slice};

impl Slice {
    /// What can be written.
    pub const FORMS: &'static str = "\"hex 8\", \"bytes 4\", \"whole\" or \"absolute\"";

    /// Reads `hex 8`, `bytes 4`, `whole` or `absolute`.
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_whitespace().collect::<Vec<_>>().as_slice() {
            ["whole"] => Some(Self::Whole),
            ["absolute"] => Some(Self::Absolute),
            ["hex", digits] => digits.parse().ok().filter(|n| (1..=16).contains(n)).map(Self::Hex),
            ["bytes", bytes] => bytes.parse().ok().filter(|n| (1..=8).contains(n)).map(Self::Bytes),
            _ => None,
        }
    }
}

impl fmt::Display for Slice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hex(digits) => f.pad(&format!("hex {digits}")),
            Self::Bytes(bytes) => f.pad(&format!("bytes {bytes}")),
            Self::Whole => f.pad("whole"),
            Self::Absolute => f.pad("absolute"),
        }
    }
}

impl Reduce {
    /// What can be written.
    pub const FORMS: &'static str = "\"modulo 100\", \"modulo total\", \"scale 10000\", \"scale total\", \
                                     \"fraction 1000\", \"unit\", \"unit open\", \"percent\" or \"percent open\"";
    /// The most buckets that can be written.
    pub const MOST: u32 = i32::MAX as u32;

    /// Reads one of [`Reduce::FORMS`].
    pub fn parse(text: &str) -> Option<Self> {
        let count = |text: &str| match text.split_once('*') {
            Some(("total", times)) => number(times).map(Count::Total),
            _ if text == "total" => Some(Count::Total(1)),
            _ => number(text).map(Count::Fixed),
        };
        let text = text.replace(" * ", "*");
        match text.split_whitespace().collect::<Vec<_>>().as_slice() {
            ["modulo", of] => count(of).map(Self::Modulo),
            ["scale", of] => count(of).map(Self::Scale),
            ["fraction", of] => number(of).map(Self::Fraction),
            ["unit"] => Some(Self::Unit { closed: true, top: 1 }),
            ["unit", "open"] => Some(Self::Unit { closed: false, top: 1 }),
            ["percent"] => Some(Self::Unit { closed: true, top: 100 }),
            ["percent", "open"] => Some(Self::Unit { closed: false, top: 100 }),
            _ => None,
        }
    }
}

fn number(text: &str) -> Option<u32> {
    text.parse().ok().filter(|number| (1..=Reduce::MOST).contains(number))
}

impl fmt::Display for Reduce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scale(count) => f.pad(&format!("scale {count}")),
            Self::Modulo(count) => f.pad(&format!("modulo {count}")),
            Self::Fraction(count) => f.pad(&format!("fraction {count}")),
            Self::Unit { closed, top } => {
                let name = if *top == 100 { "percent" } else { "unit" };
                f.pad(&format!("{name}{}", if *closed { "" } else { " open" }))
            }
            Self::Flagsmith => f.pad("flagsmith"),
        }
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(count) => f.pad(&count.to_string()),
            Self::Total(1) => f.pad("total"),
            Self::Total(times) => f.pad(&format!("total*{times}")),
        }
    }
}

impl Compare {
    /// Reads `<` or `<=`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "<" => Some(Self::Below),
            "<=" => Some(Self::AtMost),
            _ => None,
        }
    }

    /// Returns the sign.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Below => "<",
            Self::AtMost => "<=",
        }
    }
}

impl Precision {
    /// Reads `f64` or `f32`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "f64" => Some(Self::F64),
            "f32" => Some(Self::F32),
            _ => None,
        }
    }

    /// Returns the word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::F64 => "f64",
            Self::F32 => "f32",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_reads_back() {
        for text in ["hex 8", "bytes 4", "whole", "absolute", "hex 16"] {
            assert_eq!(Slice::parse(text).expect("a slice").to_string(), text);
        }
        for text in [
            "modulo 100",
            "modulo total",
            "modulo total*1000",
            "scale total",
            "scale 10000",
            "fraction 1000",
            "unit",
            "unit open",
            "percent",
            "percent open",
        ] {
            assert_eq!(Reduce::parse(text).expect("a reduction").to_string(), text);
        }
    }

    #[test]
    fn what_is_none_is_refused() {
        for text in ["", "hex", "hex 0", "hex 17", "bytes 9", "Whole", "hex -1"] {
            assert_eq!(Slice::parse(text), None, "{text}");
        }
        for text in
            ["", "modulo", "modulo 0", "modulo 2147483648", "scale x", "modulo total*0", "unit closed"]
        {
            assert_eq!(Reduce::parse(text), None, "{text}");
        }
    }
}
