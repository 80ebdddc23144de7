//! What stands in the place of `$1` in a query, with its type, so that no query needs to be prepared.

use tokio_postgres::types::{ToSql, Type};

use crate::error::{Error, Kind, Result};

/// A value and its type.
pub(super) type Parameter = (Box<dyn ToSql + Send + Sync>, Type);

/// Returns a text.
///
/// # Errors
/// When it holds U+0000, which PostgreSQL cannot keep.
pub(super) fn text(text: &str) -> Result<Parameter> {
    Ok((Box::new(storable(text)?), Type::TEXT))
}

/// Returns a text or null.
pub(super) fn text_if_any(text: Option<&str>) -> Result<Parameter> {
    Ok((Box::new(text.map(storable).transpose()?), Type::TEXT))
}

/// Returns several texts.
pub(super) fn texts<'a>(texts: impl Iterator<Item = &'a str>) -> Result<Parameter> {
    Ok((Box::new(texts.map(storable).collect::<Result<Vec<String>>>()?), Type::TEXT_ARRAY))
}

/// Returns several texts, some of them null.
pub(super) fn texts_if_any<'a>(texts: impl Iterator<Item = Option<&'a str>>) -> Result<Parameter> {
    let texts = texts.map(|text| text.map(storable).transpose()).collect::<Result<Vec<_>>>()?;
    Ok((Box::new(texts), Type::TEXT_ARRAY))
}

/// Returns a whole number or null.
pub(super) fn number(number: impl Into<Option<i64>>) -> Parameter {
    (Box::new(number.into()), Type::INT8)
}

/// Returns several whole numbers, some of them null.
pub(super) fn numbers(numbers: impl Iterator<Item = Option<i64>>) -> Parameter {
    (Box::new(numbers.collect::<Vec<_>>()), Type::INT8_ARRAY)
}

/// Returns bytes.
pub(super) fn bytes(bytes: &[u8]) -> Parameter {
    (Box::new(bytes.to_vec()), Type::BYTEA)
}

fn storable(text: &str) -> Result<String> {
    if text.contains('\0') {
        return Err(Error::new(Kind::Invalid, "PostgreSQL cannot keep the character U+0000 in a text")
            .hint("leave it out of names and reasons"));
    }
    Ok(text.to_owned())
}
