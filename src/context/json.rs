//! JSON documents → contexts, as `LaunchDarkly` writes them.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use crate::model::{Context, ContextKind, Number, Part, Value};

use super::error::ContextError;
use super::field::Columns;
use super::record::from_record;

/// A value read straight from JSON, its keys in the order of the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Document(pub Value);

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DocumentVisitor).map(Self)
    }
}

struct DocumentVisitor;

impl<'de> Visitor<'de> for DocumentVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        #[expect(
            clippy::cast_precision_loss,
            reason = "beyond 64 signed bits a number is a float, as in JavaScript"
        )]
        Ok(i64::try_from(number).map_or(Value::Number(Number::Float(number as f64)), Value::from))
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Value, E> {
        if number.is_finite() {
            Ok(Value::Number(Number::Float(number)))
        } else {
            Err(E::custom("a number that is not finite"))
        }
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Document(element)) = elements.next_element()? {
            list.push(element);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut object: Vec<(String, Value)> = Vec::new();
        while let Some((key, Document(value))) = entries.next_entry::<String, Document>()? {
            if object.iter().any(|(other, _)| *other == key) {
                return Err(A::Error::custom(format_args!("the key `{key}` stands twice")));
            }
            object.push((key, value));
        }
        Ok(Value::Object(object))
    }
}

/// Returns the context of a JSON text; see [`from_value`].
///
/// # Errors
/// When it is no JSON, or no context.
pub fn from_text(text: &str, columns: &Columns) -> Result<Context, ContextError> {
    match serde_json::from_str(text) {
        Ok(Document(value)) => from_value(value, columns),
        Err(error) => Err(not_json(&error)),
    }
}

/// Returns the error of a text that is no JSON, with its place and what to write there.
fn not_json(error: &serde_json::Error) -> ContextError {
    let whole = error.to_string();
    let what = whole.split(" at line ").next().unwrap_or(&whole);
    let hint = match what {
        what if what.contains("stands twice") => "keep one of the two",
        what if what.contains("out of range") => "write it as text, in quotes",
        what if what.starts_with("EOF") => "close what is still open",
        what if what.starts_with("expected value") || what.starts_with("expected ident") => {
            "text stands in quotes in JSON"
        }
        what if what.starts_with("trailing comma") => "remove the comma",
        _ => r#"write an object such as {"kind":"user","key":"u-1"}"#,
    };
    let what = if what.starts_with("EOF") { "the text ends too early" } else { what };
    let error = ContextError::new("context", format!("not JSON: {what}")).at(error.line(), error.column());
    error.with_hint(hint)
}

/// Returns the context of a JSON value; see [`from_value`].
///
/// # Errors
/// When it is no context.
pub fn from_json(value: &serde_json::Value) -> Result<Context, ContextError> {
    from_value(value.clone().into(), &Columns::default())
}

/// Returns the context of a value: `{"kind":"user","key":"u1",…}`, `{"kind":"multi","user":{…},"org":{…}}`,
/// or an object without `kind`, which is a record of a user, see [`from_record`]. Keys are always text: a
/// whole number becomes its decimal text.
///
/// # Errors
/// When it is none of these; the path says where.
pub fn from_value(value: Value, columns: &Columns) -> Result<Context, ContextError> {
    let Value::Object(mut entries) = value else {
        return Err(ContextError::new("context", format!("{} is not a context", value.kind()))
            .with_hint(r#"write an object such as {"kind":"user","key":"u-1"}"#));
    };
    let Some(at) = entries.iter().position(|(name, _)| name == "kind") else {
        return from_record(entries, columns);
    };
    let (_, kind) = entries.remove(at);
    let Value::Text(kind) = kind else {
        return Err(ContextError::new("kind", format!("{} is not a context kind", kind.kind()))
            .with_hint(r#"write "kind":"user""#));
    };
    let mut context = Context::default();
    if kind != "multi" {
        let kind = kind_of(&kind, "kind")?;
        fill(context.part_mut(&kind), &kind, entries)?;
        return Ok(context);
    }
    if entries.is_empty() {
        return Err(ContextError::new("context", "a multi context without any kind")
            .with_hint(r#"write {"kind":"multi","user":{"key":"u-1"},"org":{"key":"acme"}}"#));
    }
    for (kind, part) in entries {
        let kind = kind_of(&kind, &kind)?;
        match part {
            Value::Object(entries) => fill(context.part_mut(&kind), &kind, entries)?,
            other => {
                let message = format!("{} is not an object with a key", other.kind());
                let hint = format!(r#"write "{kind}":{{"key":"…"}}"#);
                return Err(ContextError::new(kind.as_str(), message).with_hint(hint));
            }
        }
    }
    Ok(context)
}

fn kind_of(kind: &str, path: &str) -> Result<ContextKind, ContextError> {
    ContextKind::try_from(kind).map_err(|error| {
        ContextError::new(path, error.to_string()).with_hint("write such as user, org or device")
    })
}

/// Puts the entries of an object into a part: its `key`, and attributes.
pub(super) fn fill(
    part: &mut Part,
    kind: &ContextKind,
    entries: Vec<(String, Value)>,
) -> Result<(), ContextError> {
    for (name, value) in entries {
        if name == "key" {
            part.key = key_of(kind, value)?;
        } else {
            part.set(name, value);
        }
    }
    Ok(())
}

/// Returns the text of a key; none where it is null or empty.
pub(super) fn key_of(kind: &ContextKind, value: Value) -> Result<Option<String>, ContextError> {
    let path = || format!("{kind}.key");
    match value {
        Value::Null => Ok(None),
        Value::Text(text) => Ok(Some(text).filter(|text| !text.is_empty())),
        Value::Number(number) => number.as_unit().map(Some).ok_or_else(|| {
            ContextError::new(
                path(),
                format!("{number} is not a whole number that every system writes alike"),
            )
            .with_hint("write the key as text, in quotes")
        }),
        other => Err(ContextError::new(path(), format!("{} is not a key", other.kind()))
            .with_hint(r#"write "key":"u-1""#)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context(text: &str) -> Result<Context, String> {
        from_text(text, &Columns::default()).map_err(|error| error.to_string())
    }

    fn key<'a>(context: &'a Context, kind: &str) -> Option<&'a str> {
        context.key(&ContextKind::try_from(kind).expect("a kind"))
    }

    fn attribute<'a>(context: &'a Context, kind: &str, name: &str) -> Option<&'a Value> {
        context.part(&ContextKind::try_from(kind).expect("a kind")).and_then(|part| part.attribute(name))
    }

    #[test]
    fn one_kind_and_several() {
        let one = context(r#"{"kind":"user","key":"u1","email":"a@b.c","age":7}"#).expect("a context");
        assert_eq!(key(&one, "user"), Some("u1"));
        assert_eq!(attribute(&one, "user", "age"), Some(&7.into()));
        let many = context(r#"{"kind":"multi","user":{"key":"u1"},"org":{"key":"acme","plan":"pro"}}"#);
        let many = many.expect("a context");
        assert_eq!((key(&many, "user"), key(&many, "org")), (Some("u1"), Some("acme")));
        assert_eq!(attribute(&many, "org", "plan"), Some(&"pro".into()));
        let device = context(r#"{"kind":"device","key":"d"}"#).expect("a context");
        assert_eq!((key(&device, "device"), key(&device, "user")), (Some("d"), None));
    }

    #[test]
    fn without_a_kind_it_is_a_record_of_a_user() {
        let bare = context(r#"{"id":42,"org":"acme","plan":"pro"}"#).expect("a context");
        assert_eq!((key(&bare, "user"), key(&bare, "org")), (Some("42"), Some("acme")));
        assert_eq!(attribute(&bare, "user", "plan"), Some(&"pro".into()));
    }

    #[test]
    fn keys_are_text() {
        assert_eq!(key(&context(r#"{"kind":"user","key":42}"#).expect("a context"), "user"), Some("42"));
        assert_eq!(key(&context(r#"{"kind":"user","key":42.0}"#).expect("a context"), "user"), Some("42"));
        assert_eq!(key(&context(r#"{"kind":"user","key":""}"#).expect("a context"), "user"), None);
        assert_eq!(key(&context(r#"{"kind":"user","key":null}"#).expect("a context"), "user"), None);
        assert_eq!(key(&context(r#"{"kind":"user"}"#).expect("a context"), "user"), None);
    }

    #[test]
    fn mistakes_name_the_path() {
        for (text, message) in [
            (r#"{"kind":"user","key":["u1"]}"#, "user.key: a list is not a key"),
            (r#"{"kind":"multi","org":{"key":true}}"#, "org.key: a boolean is not a key"),
            (r#"{"kind":"multi","org":"acme"}"#, "org: text is not an object with a key"),
            (r#"{"kind":"multi"}"#, "context: a multi context without any kind"),
            (r#"{"kind":7,"key":"u1"}"#, "kind: a number is not a context kind"),
            (r#"["u1"]"#, "context: a list is not a context"),
            (r#"{"id":{"a":1}}"#, "user.key: an object is not a key"),
        ] {
            assert_eq!(context(text), Err(message.to_owned()), "{text}");
        }
        assert!(context(r#"{"kind":"a b","key":"u1"}"#).is_err_and(|message| message.starts_with("kind: ")));
        assert!(context(r#"{"id":0.5}"#).is_err_and(|message| message.contains("whole number")));
        assert!(context("{").is_err_and(|message| message.starts_with("context: not JSON: ")));
        assert!(context(r#"{"id":1,"id":2}"#).is_err_and(|message| message.contains("stands twice")));
    }

    #[test]
    fn from_json_agrees_with_the_text() {
        let text = r#"{"kind":"multi","user":{"key":1,"tags":["a",{"b":null}]},"org":{"key":"o","n":1.5}}"#;
        let value = serde_json::from_str(text).expect("JSON");
        assert_eq!(from_json(&value).map_err(|error| error.to_string()), context(text));
    }
}
