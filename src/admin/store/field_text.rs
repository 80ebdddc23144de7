//! How one field of an override stands in the store: its name, and the override with it alone as JSON; and what was done to
//! a token.

use serde_json::Value;

use crate::admin::token_change::TokenChange;
use crate::layer::{
    Field, FieldEnds, FieldValue, Patch, ends_from_json, ends_to_json, patch_from_json, patch_to_json,
};
use crate::model::Timestamp;

/// Returns the text of one value.
pub(super) fn value_text(field: &Field, value: &FieldValue) -> String {
    let mut json = patch_to_json(&Patch::from_iter([(field.clone(), Some(value.clone()))]));
    if let Value::Object(object) = &mut json {
        object.retain(|_, value| !value.is_null());
    }
    json.to_string()
}

/// Reads one value; the error is what is wrong with it.
pub(super) fn parse_value(field: &str, text: &str) -> Result<(Field, FieldValue), String> {
    let wrong = || format!("the value of `{field}` cannot be read");
    let mut patch = parse_patch(text)?;
    match (patch.pop(), patch.is_empty()) {
        (Some((found, Some(value))), true) if found.to_string() == field => Ok((found, value)),
        _ => Err(wrong()),
    }
}

/// Reads a patch of the journal; the error is what is wrong with it.
pub(super) fn parse_patch(text: &str) -> Result<Patch, String> {
    let json: Value = serde_json::from_str(text).map_err(|error| format!("an entry is no JSON: {error}"))?;
    patch_from_json(&json).map_err(|error| format!("an entry is no override: {error}"))
}

/// Returns the text of when fields end; none where none does.
pub(super) fn ends_text(ends: &FieldEnds) -> Option<String> {
    (!ends.is_empty()).then(|| ends_to_json(ends, |ends| ends.millis().into()).to_string())
}

/// Reads when fields end; the error is what is wrong with it.
pub(super) fn parse_ends(text: &str) -> Result<FieldEnds, String> {
    let wrong = |error: &dyn std::fmt::Display| format!("the ends of an entry cannot be read: {error}");
    let json: Value = serde_json::from_str(text).map_err(|error| wrong(&error))?;
    ends_from_json(&json, |ends| ends.as_i64().map(Timestamp::from_millis)).map_err(|error| wrong(&error))
}

/// Returns the text of what was done to a token.
pub(super) fn token_text(change: &TokenChange) -> String {
    change.to_json(|ends| ends.millis().into()).to_string()
}

/// Reads what was done to a token; the error is what is wrong with it.
pub(super) fn parse_token(text: &str) -> Result<TokenChange, String> {
    let json = serde_json::from_str(text).ok();
    let change =
        json.and_then(|json| TokenChange::from_json(&json, |ends| ends.as_i64().map(Timestamp::from_millis)));
    change.ok_or_else(|| "what an entry did to a token cannot be read".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_reads_back() {
        for text in [
            r#"{"enabled":false}"#,
            r#"{"rollout":"12.5%"}"#,
            r#"{"serve":"v3"}"#,
            r#"{"split":[["v2",75],["v3",25]]}"#,
            r#"{"users":{"u 1\n":"on"}}"#,
            r#"{"orgs":{"acme":"off"}}"#,
        ] {
            let patch = parse_patch(text).expect(text);
            let (field, value) = patch.into_iter().next().expect("one field");
            let value = value.expect("set");
            assert_eq!(value_text(&field, &value), text);
            assert_eq!(parse_value(&field.to_string(), text), Ok((field, value)));
        }
        assert!(parse_value("rollout", r#"{"enabled":false}"#).is_err());
        assert!(parse_value("enabled", r#"{"enabled":null}"#).is_err());
        assert!(parse_value("enabled", r#"{"enabled":false,"rollout":"1%"}"#).is_err());
        assert!(parse_value("enabled", "{").is_err());
    }
}
