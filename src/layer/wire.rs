//! Overrides as JSON: in the admin API, in the local store and in the journal alike.
//!
//! `{"enabled":true,"rollout":"25%","serve":"v3","split":[["v2",75],["v3",25]],"users":{"u1":"on"},
//! "orgs":{"acme":"off"}}`; in a patch `null` clears.

use serde_json::{Map, Value, json};

use crate::model::{Serve, Share, Split, VariationName, Weight};

use super::field::{Field, FieldValue, Patch, Values};
use super::origin::Origin;

/// Why JSON is no override: the path and what is wrong there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{path}`: {message}")]
pub struct WireError {
    path: String,
    message: String,
}

impl WireError {
    /// Returns the place as a JSON pointer (RFC 6901).
    pub fn pointer(&self) -> String {
        // A key of a list may hold any character, the point among them.
        let (field, key) = self.path.split_once('.').unwrap_or((&self.path, ""));
        match key {
            "" if field == "override" => String::new(),
            "" => format!("/{field}"),
            key => format!("/{field}/{}", key.replace('~', "~0").replace('/', "~1")),
        }
    }
}

pub(super) fn wrong(path: &str, message: impl std::fmt::Display) -> WireError {
    let (path, message) = (path.to_owned(), message.to_string());
    WireError { path, message }
}

/// Returns the JSON of a patch.
pub fn patch_to_json(patch: &Patch) -> Value {
    let mut object = Map::new();
    for (field, value) in patch {
        match (field, value) {
            (Field::Enabled, value) => insert(&mut object, "enabled", value.as_ref()),
            (Field::Rollout, value) => insert(&mut object, "rollout", value.as_ref()),
            (Field::Serve, None) => {
                object.insert("serve".into(), Value::Null);
                object.insert("split".into(), Value::Null);
            }
            (Field::Serve, Some(value)) => {
                let (name, other) = match value {
                    FieldValue::Serve(Serve::Split(_)) => ("split", "serve"),
                    _ => ("serve", "split"),
                };
                insert(&mut object, name, Some(value));
                object.insert(other.into(), Value::Null);
            }
            (Field::User(key), value) => entry(&mut object, "users", key, value.as_ref()),
            (Field::Org(key), value) => entry(&mut object, "orgs", key, value.as_ref()),
        }
    }
    Value::Object(object)
}

/// Returns the JSON of what a layer sets: like a patch, but without what is not set.
pub fn values_to_json(values: &Values) -> Value {
    let patch = values.iter().map(|(field, (value, _))| (field.clone(), Some(value.clone()))).collect();
    let mut json = patch_to_json(&patch);
    if let Value::Object(object) = &mut json {
        object.retain(|_, value| !value.is_null());
    }
    json
}

fn insert(object: &mut Map<String, Value>, name: &str, value: Option<&FieldValue>) {
    object.insert(name.into(), value.map_or(Value::Null, value_to_json));
}

fn entry(object: &mut Map<String, Value>, list: &str, key: &str, value: Option<&FieldValue>) {
    let entries = object.entry(list).or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(entries) = entries {
        insert(entries, key, value);
    }
}

/// Returns the JSON of one value.
fn value_to_json(value: &FieldValue) -> Value {
    match value {
        FieldValue::Switch(on) => json!(on),
        FieldValue::Weight(weight) => json!(weight),
        FieldValue::Serve(Serve::Variation(variation)) | FieldValue::Variation(variation) => json!(variation),
        FieldValue::Serve(Serve::Split(split)) => json!(split),
    }
}

/// Reads what a layer sets, all from the same place. Unknown keys are passed over: a newer server may send
/// more than this build knows.
///
/// # Errors
/// When it is no object, or a known key holds something else than it should.
pub fn values_from_json(json: &Value, origin: &Origin) -> Result<Values, WireError> {
    let patch = patch_from_json(json)?;
    let set = |(field, value): (Field, Option<FieldValue>)| Some((field, (value?, origin.clone())));
    Ok(patch.into_iter().filter_map(set).collect())
}

/// Reads a patch; `null` clears. Unknown keys are passed over.
///
/// # Errors
/// When it is no object, or a known key holds something else than it should.
pub fn patch_from_json(json: &Value) -> Result<Patch, WireError> {
    let Value::Object(object) = json else { return Err(wrong("override", "not an object")) };
    let mut patch = Patch::new();
    for (name, value) in object {
        match name.as_str() {
            "enabled" => {
                patch.insert(Field::Enabled, read(value, |value| switch(name, value))?);
            }
            "rollout" => {
                patch.insert(Field::Rollout, read(value, |value| weight(name, value))?);
            }
            // The one of the two that is set wins over the null of the other.
            "serve" | "split" => {
                let read = read(value, |value| if name == "serve" { serve(value) } else { split(value) })?;
                if read.is_some() || !patch.contains_key(&Field::Serve) {
                    patch.insert(Field::Serve, read);
                }
            }
            "users" => entries(&mut patch, name, value, Field::User)?,
            "orgs" => entries(&mut patch, name, value, Field::Org)?,
            _ => {}
        }
    }
    Ok(patch)
}

fn read(
    value: &Value,
    parse: impl FnOnce(&Value) -> Result<FieldValue, WireError>,
) -> Result<Option<FieldValue>, WireError> {
    if value.is_null() { Ok(None) } else { parse(value).map(Some) }
}

fn switch(path: &str, value: &Value) -> Result<FieldValue, WireError> {
    value.as_bool().map(FieldValue::Switch).ok_or_else(|| wrong(path, "not true or false"))
}

fn weight(path: &str, value: &Value) -> Result<FieldValue, WireError> {
    let text = value.as_str().ok_or_else(|| wrong(path, "not a percentage in quotes, such as \"25%\""))?;
    let weight = Weight::parse(text).map_err(|error| wrong(path, error))?;
    // A person who types 25 means percent; what a program sends might be a fraction, a count or thousandths.
    if text.trim_end().ends_with('%') {
        Ok(FieldValue::Weight(weight))
    } else {
        Err(wrong(path, format!("`{text}` does not say that it is a percentage; write \"{weight}\"")))
    }
}

fn variation(path: &str, value: &Value) -> Result<VariationName, WireError> {
    let text = value.as_str().ok_or_else(|| wrong(path, "not the name of a variation"))?;
    VariationName::try_from(text).map_err(|error| wrong(path, error))
}

fn serve(value: &Value) -> Result<FieldValue, WireError> {
    Ok(FieldValue::Serve(Serve::Variation(variation("serve", value)?)))
}

fn split(value: &Value) -> Result<FieldValue, WireError> {
    let pairs = value.as_array().ok_or_else(|| wrong("split", "not a list of pairs"))?;
    let pair = |pair: &Value| match pair.as_array().map(Vec::as_slice) {
        Some([name, share]) => {
            let number = share.as_i64().ok_or_else(|| wrong("split", "a share is a whole number"))?;
            let share = Share::try_from(number).map_err(|error| wrong("split", error))?;
            Ok((variation("split", name)?, share))
        }
        _ => Err(wrong("split", "a pair is a variation and its share")),
    };
    let pairs = pairs.iter().map(pair).collect::<Result<Vec<_>, _>>()?;
    let split = Split::new(pairs).map_err(|error| wrong("split", error))?;
    Ok(FieldValue::Serve(Serve::Split(split)))
}

fn entries(
    patch: &mut Patch,
    list: &str,
    value: &Value,
    field: fn(String) -> Field,
) -> Result<(), WireError> {
    let object = value.as_object().ok_or_else(|| wrong(list, "not an object of keys and variations"))?;
    for (key, value) in object {
        let path = format!("{list}.{key}");
        let value = read(value, |value| variation(&path, value).map(FieldValue::Variation))?;
        patch.insert(field(key.clone()), value);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_reads_back() {
        let texts = [
            r#"{"enabled":true,"rollout":"12.5%","users":{"u1":"on","u2":null},"orgs":{"acme":"off"}}"#,
            r#"{"split":[["v3",25],["v2",75]],"serve":null}"#,
            r#"{"serve":"v2","split":null}"#,
            r#"{"serve":null,"split":null}"#,
            r#"{"enabled":null,"rollout":null}"#,
        ];
        for text in texts {
            let json: Value = serde_json::from_str(text).expect("json");
            let patch = patch_from_json(&json).expect(text);
            assert_eq!(patch_to_json(&patch), json, "{text}");
        }
    }

    #[test]
    fn mistakes_name_their_path() {
        let cases = [
            (r#"{"enabled":"yes"}"#, "`enabled`"),
            (r#"{"rollout":25}"#, "`rollout`"),
            (r#"{"rollout":"0.25"}"#, "`rollout`"),
            (r#"{"rollout":"25"}"#, "`rollout`: `25` does not say that it is a percentage; write \"25%\""),
            (r#"{"rollout":"0"}"#, "`rollout`: `0` does not say that it is a percentage; write \"0%\""),
            (r#"{"orgs":{"acme":1}}"#, "`orgs.acme`"),
            (r#"{"split":{"v2":1}}"#, "`split`"),
            (r#"{"split":[["v2",0]]}"#, "`split`"),
            ("[]", "`override`"),
        ];
        for (text, path) in cases {
            let error = patch_from_json(&serde_json::from_str(text).expect("json")).expect_err(text);
            assert!(error.to_string().starts_with(path), "{error}");
        }
    }
}
