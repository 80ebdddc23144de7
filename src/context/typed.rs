//! Text that may be a number or a boolean: CSV cells and option values.

use crate::eval::ValueRef;
use crate::model::{Number, Value};

/// How the text of a cell becomes a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Typing {
    /// Canonical numbers, `true` and `false` are typed, the rest is text; see [`typed`].
    #[default]
    Canonical,
    /// Always text: `0123`, `true` and `7` too.
    Text,
    /// Any JSON number.
    Number,
    /// `true` or `false`.
    Bool,
    /// Any JSON.
    Json,
}

impl Typing {
    /// Returns the typing of a word behind the colon of a header: `string`, `number`, `bool`, `json`.
    pub fn of_word(word: &str) -> Option<Self> {
        match word {
            "string" => Some(Self::Text),
            "number" => Some(Self::Number),
            "bool" => Some(Self::Bool),
            "json" => Some(Self::Json),
            _ => None,
        }
    }

    /// Returns what a cell must hold, in words.
    pub const fn wants(self) -> &'static str {
        match self {
            Self::Canonical | Self::Text => "text",
            Self::Number => "a JSON number",
            Self::Bool => "true or false",
            Self::Json => "JSON",
        }
    }

    /// Reads a cell; none in the result if it is empty and so missing.
    ///
    /// # Errors
    /// When the text is not of this type.
    pub fn read(self, text: &str) -> Result<Option<Value>, serde_json::Error> {
        if text.is_empty() {
            return Ok(None);
        }
        Ok(match self {
            Self::Canonical => typed(text),
            Self::Text => Some(Value::Text(text.to_owned())),
            Self::Number => Some(
                serde_json::from_str::<serde_json::Number>(text)
                    .map(|number| Value::from(serde_json::Value::Number(number)))?,
            ),
            Self::Bool => Some(Value::Bool(serde_json::from_str(text)?)),
            Self::Json => Some(serde_json::from_str::<super::json::Document>(text)?.0)
                .filter(|value| *value != Value::Null),
        })
    }
}

/// Returns the value of a CSV cell or an option: a number where the text is one as canonical JSON (RFC 8785)
/// writes it, so that writing it again gives the same text; true and false; text otherwise; none if empty.
///
/// `7`, `-3` and `1.5` are numbers. `007`, `+1`, `-0`, `1.0`, `1.50`, `1e5`, ` 7` and integers beyond 64 bits
/// are text: something would get lost.
pub fn typed(text: &str) -> Option<Value> {
    typed_ref(text).map(ValueRef::to_value)
}

/// Returns what [`typed`] returns, without a copy.
#[inline]
pub fn typed_ref(text: &str) -> Option<ValueRef<'_>> {
    let first = *text.as_bytes().first()?;
    Some(match first {
        b'-' | b'0'..=b'9' => canonical_number(text).map_or(ValueRef::Text(text), ValueRef::Number),
        b't' if text == "true" => ValueRef::Bool(true),
        b'f' if text == "false" => ValueRef::Bool(false),
        _ => ValueRef::Text(text),
    })
}

/// Below this RFC 8785 writes an exponent, which no cell is likely to have.
const SMALLEST: f64 = 1e-6;

/// Returns the number that a text is the canonical form of.
fn canonical_number(text: &str) -> Option<Number> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !plain(whole) || (whole.len() > 1 && whole.starts_with('0')) {
        return None;
    }
    let Some(fraction) = fraction else {
        return if text == "-0" { None } else { text.parse().ok().map(Number::Integer) };
    };
    if !plain(fraction) || fraction.ends_with('0') {
        return None;
    }
    let number: f64 = text.parse().ok()?;
    (number.abs() >= SMALLEST && number.to_string() == text).then_some(Number::Float(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_numbers_and_booleans_are_typed() {
        for (text, number) in [("0", 0), ("7", 7), ("-3", -3), ("9223372036854775807", i64::MAX)] {
            assert_eq!(typed(text), Some(number.into()), "{text}");
        }
        for (text, number) in
            [("1.5", 1.5), ("-0.25", -0.25), ("0.000001", 1e-6), ("123456.789", 123_456.789)]
        {
            assert_eq!(typed(text), Some(Value::Number(Number::Float(number))), "{text}");
        }
        assert_eq!(typed("true"), Some(true.into()));
        assert_eq!(typed("false"), Some(false.into()));
        assert_eq!(typed(""), None);
    }

    #[test]
    fn what_would_lose_something_is_text() {
        for text in [
            "007",
            "+1",
            "-0",
            "-",
            "1.0",
            "1.50",
            "1.",
            ".5",
            "1e5",
            "1E5",
            " 7",
            "7 ",
            "0x10",
            "1_000",
            "-01",
            "00",
            "0.0000001",
            "9223372036854775808",
            "1.2.3",
            "0.30000000000000000001",
            "True",
            "TRUE",
            "NaN",
            "null",
            "none",
            "٣",
            "t",
            "f",
        ] {
            assert_eq!(typed(text), Some(text.into()), "{text}");
        }
    }

    #[test]
    fn a_typed_header_decides_otherwise() {
        assert_eq!(Typing::Text.read("0123").expect("text"), Some("0123".into()));
        assert_eq!(Typing::Text.read("true").expect("text"), Some("true".into()));
        assert_eq!(Typing::Number.read("1.50").expect("a number"), Some(Value::Number(Number::Float(1.5))));
        assert!(Typing::Number.read("007").is_err());
        assert_eq!(Typing::Bool.read("true").expect("a boolean"), Some(true.into()));
        assert!(Typing::Bool.read("yes").is_err());
        let list = Value::List(vec!["a".into(), 1.into()]);
        assert_eq!(Typing::Json.read(r#"["a",1]"#).expect("a list"), Some(list));
        assert_eq!(Typing::Json.read("null").expect("null"), None);
        assert!(Typing::Json.read("[").is_err());
        for typing in [Typing::Text, Typing::Number, Typing::Bool, Typing::Json] {
            assert_eq!(typing.read("").expect("missing"), None);
        }
    }
}
