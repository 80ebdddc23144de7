//! The evaluation context of `OpenFeature` → ours.

use crate::context::{Columns, ContextError, from_record, from_value};
use crate::model::{Context, Value};

/// The name that `OpenFeature` gives the key of whom it evaluates for.
const TARGETING_KEY: &str = "targetingKey";

/// Returns the context of an `OpenFeature` context: a record whose id is `targetingKey`, so that `org`, `org.plan`,
/// `device.key` and `metadata` mean what they mean in every record, and everything else is an attribute of the user.
/// With `"kind": "multi"` it is a context of several kinds, each an object with `key` or `targetingKey`.
///
/// # Errors
/// When it is no object, or a key is no text or whole number.
pub(super) fn from_openfeature(value: Option<Value>) -> Result<Context, ContextError> {
    let entries = match value {
        None | Some(Value::Null) => return Ok(Context::default()),
        Some(Value::Object(entries)) => entries,
        // Says what is wrong with it.
        Some(other) => return from_value(other, &Columns::default()),
    };
    let multi = entries.iter().any(|(name, value)| name == "kind" && value.as_text() == Some("multi"));
    if multi {
        return from_value(Value::Object(several_kinds(entries)), &Columns::default());
    }
    from_record(entries, &Columns { id: Some(TARGETING_KEY.to_owned()), org: None })
}

/// Takes `targetingKey` for `key` in every kind; one that stands beside the kinds is the user's.
fn several_kinds(entries: Vec<(String, Value)>) -> Vec<(String, Value)> {
    let mut kinds: Vec<(String, Value)> = Vec::with_capacity(entries.len());
    let mut user = None;
    for (name, value) in entries {
        match value {
            value if name == TARGETING_KEY => user = Some(value),
            Value::Object(part) => kinds.push((name, Value::Object(part.into_iter().map(key).collect()))),
            value => kinds.push((name, value)),
        }
    }
    let Some(user) = user else { return kinds };
    match kinds.iter_mut().find(|(name, _)| name == "user") {
        Some((_, Value::Object(part))) if part.iter().any(|(name, _)| name == "key") => {}
        Some((_, Value::Object(part))) => part.push(("key".to_owned(), user)),
        Some(_) => {}
        None => kinds.push(("user".to_owned(), Value::Object(vec![("key".to_owned(), user)]))),
    }
    kinds
}

fn key((name, value): (String, Value)) -> (String, Value) {
    if name == TARGETING_KEY { ("key".to_owned(), value) } else { (name, value) }
}

#[cfg(test)]
mod tests {
    use crate::context::{Document, from_text};

    use super::*;

    fn context(text: &str) -> Result<Context, String> {
        let Document(value) = serde_json::from_str(text).expect("JSON");
        from_openfeature(Some(value)).map_err(|error| error.to_string())
    }

    #[test]
    fn a_context_of_openfeature_means_what_a_record_means() {
        for (text, ours) in [
            (r#"{"targetingKey":"u1"}"#, r#"{"kind":"user","key":"u1"}"#),
            (r#"{"targetingKey":7,"age":7}"#, r#"{"kind":"user","key":"7","age":7}"#),
            (r#"{"plan":"pro"}"#, r#"{"kind":"user","plan":"pro"}"#),
            (r#"{"targetingKey":""}"#, r#"{"kind":"user"}"#),
            // Nothing else is the key, whatever it is called.
            (r#"{"targetingKey":"u1","id":"x"}"#, r#"{"kind":"user","key":"u1","id":"x"}"#),
            (
                r#"{"targetingKey":"u1","org":"acme"}"#,
                r#"{"kind":"multi","user":{"key":"u1"},"org":{"key":"acme"}}"#,
            ),
            (
                r#"{"targetingKey":"u1","org":{"key":"acme","plan":"pro"},"device.key":"d"}"#,
                r#"{"kind":"multi","user":{"key":"u1"},"org":{"key":"acme","plan":"pro"},"device":{"key":"d"}}"#,
            ),
            (
                r#"{"kind":"multi","user":{"targetingKey":"u1"},"org":{"key":"acme","plan":"pro"}}"#,
                r#"{"kind":"multi","user":{"key":"u1"},"org":{"key":"acme","plan":"pro"}}"#,
            ),
            (
                r#"{"kind":"multi","targetingKey":"u1","org":{"targetingKey":"acme"},"user":{"age":1}}"#,
                r#"{"kind":"multi","org":{"key":"acme"},"user":{"age":1,"key":"u1"}}"#,
            ),
            (
                r#"{"targetingKey":"u1","kind":"multi","org":{"key":"acme"}}"#,
                r#"{"kind":"multi","org":{"key":"acme"},"user":{"key":"u1"}}"#,
            ),
        ] {
            let ours = from_text(ours, &Columns::default()).map_err(|error| error.to_string());
            assert_eq!(context(text), ours, "{text}");
        }
    }

    #[test]
    fn nothing_is_a_context_of_nobody() {
        assert_eq!(from_openfeature(None), Ok(Context::default()));
        assert_eq!(from_openfeature(Some(Value::Null)), Ok(Context::default()));
        assert_eq!(context("{}"), Ok(Context::default()));
    }

    #[test]
    fn what_is_no_context_is_refused() {
        for (text, message) in [
            ("[]", "context: a list is not a context"),
            (r#""u1""#, "context: text is not a context"),
            (r#"{"targetingKey":true}"#, "user.key: a boolean is not a key"),
            (r#"{"targetingKey":{"a":1}}"#, "user.key: an object is not a key"),
            (r#"{"kind":"multi","org":"acme"}"#, "org: text is not an object with a key"),
        ] {
            assert_eq!(context(text), Err(message.to_owned()), "{text}");
        }
    }
}
