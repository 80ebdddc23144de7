//! Values of attributes and variations: what JSON can say, with exact numbers.

use std::cmp::Ordering;
use std::fmt;

use serde::ser::{SerializeMap, SerializeSeq};

/// A value as JSON has it. Keys of an object keep their order.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// No value; an attribute that is null counts as absent.
    Null,
    /// True or false.
    Bool(bool),
    /// A number.
    Number(Number),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// An object, its keys in the order given.
    Object(Vec<(String, Value)>),
}

/// A number, compared by its value: 7 is 7.0, and no integer loses digits against a float.
#[derive(Clone, Copy, Debug)]
pub enum Number {
    /// An integer that fits 64 bits.
    Integer(i64),
    /// Any other finite number.
    Float(f64),
}

impl Number {
    /// Returns the number as the text that an id made of it has: `7` for 7 and 7.0; none for a float with a
    /// fraction or beyond ±2^53, which different systems would write differently.
    pub fn as_unit(self) -> Option<String> {
        self.whole().map(|whole| whole.to_string())
    }

    /// Returns the number if it is whole: an integer, or a float without a fraction within ±2^53, up to
    /// which floats hold every integer.
    pub fn whole(self) -> Option<i64> {
        const EXACT: f64 = 9_007_199_254_740_992.0;
        match self {
            Self::Integer(number) => Some(number),
            #[expect(clippy::cast_possible_truncation, reason = "it is whole and within ±2^53")]
            Self::Float(number) if number.fract() == 0.0 && number.abs() <= EXACT => Some(number as i64),
            Self::Float(_) => None,
        }
    }

    /// Returns how the two compare by value; none only if a float is not a number.
    pub fn compare(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Integer(a), Self::Integer(b)) => Some(a.cmp(&b)),
            (Self::Float(a), Self::Float(b)) => a.partial_cmp(&b),
            (Self::Integer(a), Self::Float(b)) => integer_to_float(a, b),
            (Self::Float(a), Self::Integer(b)) => integer_to_float(b, a).map(Ordering::reverse),
        }
    }
}

/// Compares an integer with a float without rounding the integer.
fn integer_to_float(a: i64, b: f64) -> Option<Ordering> {
    // 2^63 is a float exactly; every i64 lies in -2^63..2^63.
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if b.is_nan() {
        None
    } else if b >= LIMIT {
        Some(Ordering::Less)
    } else if b < -LIMIT {
        Some(Ordering::Greater)
    } else {
        #[expect(clippy::cast_possible_truncation, reason = "b was checked to lie in i64's range")]
        let whole = b.trunc() as i64;
        Some(a.cmp(&whole).then_with(|| 0.0_f64.partial_cmp(&b.fract()).unwrap_or(Ordering::Equal)))
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.compare(*other) == Some(Ordering::Equal)
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(number) => write!(f, "{number}"),
            Self::Float(number) => write!(f, "{number}"),
        }
    }
}

impl Value {
    /// Returns what kind of value it is, in words.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
        }
    }

    /// Returns the value as it stands in a sentence: text in quotes, everything else as compact JSON.
    pub fn in_words(&self) -> String {
        match self {
            Self::Text(text) => format!("\"{text}\""),
            other => other.to_string(),
        }
    }

    /// Returns the text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// Writes the value as `ffctl get` prints it: text bare, everything else as compact JSON.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            other => f.write_str(&serde_json::to_string(other).map_err(|_| fmt::Error)?),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(Number::Integer(number))
    }
}

impl From<serde_json::Value> for Value {
    fn from(value: serde_json::Value) -> Self {
        match value {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(value) => Self::Bool(value),
            serde_json::Value::Number(number) => Self::Number(match number.as_i64() {
                Some(integer) => Number::Integer(integer),
                None => Number::Float(number.as_f64().unwrap_or(f64::NAN)),
            }),
            serde_json::Value::String(text) => Self::Text(text),
            serde_json::Value::Array(values) => Self::List(values.into_iter().map(Into::into).collect()),
            serde_json::Value::Object(entries) => {
                Self::Object(entries.into_iter().map(|(key, value)| (key, value.into())).collect())
            }
        }
    }
}

impl serde::Serialize for Value {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(Number::Integer(number)) => serializer.serialize_i64(*number),
            Self::Number(Number::Float(number)) => serializer.serialize_f64(*number),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(values) => {
                let mut sequence = serializer.serialize_seq(Some(values.len()))?;
                for value in values {
                    sequence.serialize_element(value)?;
                }
                sequence.end()
            }
            Self::Object(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_compare_by_value_without_rounding() {
        let big = Number::Integer(9_007_199_254_740_993);
        assert_eq!(Number::Integer(7), Number::Float(7.0));
        assert_eq!(big.compare(Number::Float(9_007_199_254_740_992.0)), Some(Ordering::Greater));
        assert_eq!(Number::Integer(-1).compare(Number::Float(-1.5)), Some(Ordering::Greater));
        assert_eq!(Number::Integer(i64::MAX).compare(Number::Float(1e300)), Some(Ordering::Less));
        assert_eq!(Number::Float(0.5).compare(Number::Integer(0)), Some(Ordering::Greater));
        assert_eq!(Number::Float(f64::NAN).compare(Number::Integer(0)), None);
    }

    #[test]
    fn a_number_is_a_unit_only_if_all_systems_write_it_alike() {
        assert_eq!(Number::Integer(42).as_unit().as_deref(), Some("42"));
        assert_eq!(Number::Float(42.0).as_unit().as_deref(), Some("42"));
        assert_eq!(Number::Float(-0.0).as_unit().as_deref(), Some("0"));
        assert_eq!(Number::Float(0.5).as_unit(), None);
        assert_eq!(Number::Float(1e18).as_unit(), None);
    }
}
