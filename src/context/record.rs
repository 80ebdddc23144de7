//! Records of users → contexts: a JSON line, a row of a user directory.

use crate::model::{Context, ContextKind, Value};

use super::error::ContextError;
use super::field::{Columns, Role, ambiguous_id};
use super::json::{Document, fill, key_of};

/// Returns the context of a record: the id is the user's key, `org` (or the chosen field) the organisation's,
/// `kind.attribute` belongs to that kind, the entries of `metadata` become attributes with the prefix
/// `custom_` (see [`metadata`]), and everything else is an attribute of the user. An `org` that is an object
/// brings the organisation's key and attributes.
///
/// # Errors
/// When a key is no text or whole number, several fields could be the id, or `metadata` is no object.
pub fn from_record(
    fields: impl IntoIterator<Item = (String, Value)>,
    columns: &Columns,
) -> Result<Context, ContextError> {
    let fields: Vec<(String, Value)> = fields.into_iter().collect();
    let names = fields.iter().map(|(name, _)| name.as_str());
    let id = columns.id_of(names).map_err(|names| ambiguous_id(&names))?.map(str::to_owned);
    let mut context = Context::default();
    let mut later = None;
    for (name, value) in fields {
        match columns.role(&name, id.as_deref()) {
            Role::Key(kind) => match value {
                Value::Object(entries) if !kind.is_user() => {
                    fill(context.part_mut(&kind), &kind, entries)?;
                }
                Value::Null => {}
                value => context.part_mut(&kind).key = key_of(&kind, value)?,
            },
            Role::Attribute(kind, attribute) => context.part_mut(&kind).set(attribute, value),
            Role::Metadata => later = Some(value),
        }
    }
    if let Some(value) = later {
        let user = context.part_mut(&ContextKind::user());
        for (name, value) in metadata(value)? {
            if user.attribute(&name).is_none() {
                user.set(name, value);
            }
        }
    }
    Ok(context)
}

/// Returns the attributes of a record's `metadata`, an object or the JSON text of one: `custom_<key>` each,
/// but `segments` and `role` under their own names. A field of the record itself goes before them.
///
/// # Errors
/// When it is neither an object nor the JSON text of one.
pub fn metadata(value: Value) -> Result<Vec<(String, Value)>, ContextError> {
    let entries = match value {
        Value::Null => Vec::new(),
        Value::Text(text) if text.is_empty() => Vec::new(),
        Value::Text(text) => match serde_json::from_str(&text) {
            Ok(Document(Value::Object(entries))) => entries,
            Ok(Document(Value::Null)) => Vec::new(),
            Ok(Document(other)) => return Err(not_an_object(other.kind())),
            Err(error) => return Err(ContextError::new("metadata", format!("not JSON: {error}"))),
        },
        Value::Object(entries) => entries,
        other => return Err(not_an_object(other.kind())),
    };
    let named = |(key, value): (String, Value)| match key.as_str() {
        "segments" | "role" => (key, value),
        _ => (format!("custom_{key}"), value),
    };
    Ok(entries.into_iter().map(named).collect())
}

fn not_an_object(kind: &str) -> ContextError {
    ContextError::new("metadata", format!("{kind} is not an object"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(text: &str) -> Result<Context, String> {
        let Ok(Document(Value::Object(fields))) = serde_json::from_str(text) else { panic!("{text}") };
        from_record(fields, &Columns::default()).map_err(|error| error.to_string())
    }

    fn attribute(context: &Context, kind: &ContextKind, name: &str) -> Option<Value> {
        context.part(kind).and_then(|part| part.attribute(name)).cloned()
    }

    #[test]
    fn every_field_finds_its_place() {
        let text = r#"{"user_id":7,"org":"acme","org.plan":"pro","device.key":"d1","age":30,"email":null}"#;
        let context = record(text).expect("a context");
        let device = ContextKind::try_from("device").expect("a kind");
        assert_eq!(context.key(&ContextKind::user()), Some("7"));
        assert_eq!(context.key(&ContextKind::org()), Some("acme"));
        assert_eq!(context.key(&device), Some("d1"));
        assert_eq!(attribute(&context, &ContextKind::org(), "plan"), Some("pro".into()));
        assert_eq!(attribute(&context, &ContextKind::user(), "age"), Some(30.into()));
        assert_eq!(attribute(&context, &ContextKind::user(), "email"), None);
    }

    #[test]
    fn an_organisation_may_bring_its_attributes() {
        let context = record(r#"{"id":"u","org":{"key":12,"plan":"pro"}}"#).expect("a context");
        assert_eq!(context.key(&ContextKind::org()), Some("12"));
        assert_eq!(attribute(&context, &ContextKind::org(), "plan"), Some("pro".into()));
        assert_eq!(record(r#"{"id":"u","org":null}"#).expect("a context").key(&ContextKind::org()), None);
    }

    #[test]
    fn metadata_becomes_custom_attributes() {
        for text in [
            r#"{"id":"u","role":"admin","metadata":{"tier":3,"role":"guest","segments":["beta"]}}"#,
            r#"{"metadata":"{\"tier\":3,\"role\":\"guest\",\"segments\":[\"beta\"]}","id":"u","role":"admin"}"#,
        ] {
            let context = record(text).expect("a context");
            let user = |name| attribute(&context, &ContextKind::user(), name);
            assert_eq!(user("custom_tier"), Some(3.into()));
            assert_eq!(user("role"), Some("admin".into()));
            assert_eq!(user("segments"), Some(Value::List(vec!["beta".into()])));
            assert_eq!((user("custom_role"), user("custom_segments"), user("metadata")), (None, None, None));
        }
        let context = record(r#"{"id":"u","role":null,"metadata":{"role":"guest"}}"#).expect("a context");
        assert_eq!(attribute(&context, &ContextKind::user(), "role"), Some("guest".into()));
        assert!(record(r#"{"id":"u","metadata":""}"#).is_ok());
        assert_eq!(record(r#"{"id":"u","metadata":[1]}"#), Err("metadata: a list is not an object".into()));
        assert!(record(r#"{"id":"u","metadata":"{"}"#).is_err_and(|m| m.starts_with("metadata: not JSON")));
    }

    #[test]
    fn two_possible_ids_are_not_guessed_between() {
        let message = "user.key: `id` and `user_id` could be the id";
        assert_eq!(record(r#"{"id":"a","user_id":"b"}"#), Err(message.to_owned()));
        let columns = Columns { id: Some("user_id".into()), ..Columns::default() };
        let fields = [("id".to_owned(), Value::from("a")), ("user_id".to_owned(), Value::from("b"))];
        let context = from_record(fields, &columns).expect("a context");
        assert_eq!(context.key(&ContextKind::user()), Some("b"));
        assert_eq!(attribute(&context, &ContextKind::user(), "id"), Some("a".into()));
    }
}
