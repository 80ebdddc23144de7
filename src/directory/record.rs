//! A record as it came: its declared fields alone, each read by itself, so that one that cannot be read costs nothing
//! but itself.

use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::context::Document;
use crate::model::Value;

/// What a field holds, or why it cannot be read.
pub(super) type Field = Result<Value, String>;

/// The declared fields of a record; everything else in it is left where it was. A field that is null is none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    pub(super) id: Option<Field>,
    pub(super) name: Option<Field>,
    pub(super) email: Option<Field>,
    pub(super) created_at: Option<Field>,
    pub(super) role: Option<Field>,
    pub(super) metadata: Option<Metadata>,
}

/// The metadata of a record: its keys in order, or why there are none.
pub(super) type Metadata = Result<Vec<(String, Field)>, String>;

impl Record {
    /// Reads a record from the text of a JSON object.
    ///
    /// # Errors
    /// What it is instead, without anything that stands in it.
    pub fn from_json(text: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(text).map_err(|_| "its answer is not UTF-8".to_owned())?;
        let entries = entries(text.trim_start_matches('\u{feff}'))
            .map_err(|_| "its answer is no JSON object with the fields of a user".to_owned())?;
        let mut record = Self::default();
        for (name, raw) in &entries {
            let place = match name.as_str() {
                "id" => &mut record.id,
                "name" => &mut record.name,
                "email" => &mut record.email,
                "created_at" => &mut record.created_at,
                "role" => &mut record.role,
                "metadata" => {
                    let twice = record.metadata.is_some();
                    let read = if twice { Some(Err(TWICE.to_owned())) } else { metadata(raw) };
                    record.metadata = read.or(record.metadata);
                    continue;
                }
                _ => continue,
            };
            let twice = place.is_some();
            let read = if twice { Some(Err(TWICE.to_owned())) } else { field(raw) };
            *place = read.or(place.take());
        }
        let none = record == Self::default();
        if none { Err("its answer has none of the fields of a user".to_owned()) } else { Ok(record) }
    }
}

const TWICE: &str = "it stands twice";

/// Reads one value; none if it is null.
fn field(raw: &RawValue) -> Option<Field> {
    match serde_json::from_str(raw.get()) {
        Ok(Document(Value::Null)) => None,
        Ok(Document(value)) => Some(Ok(value)),
        Err(error) => {
            let whole = error.to_string();
            let what = whole.split(" at line ").next().unwrap_or_default();
            // The key that stands twice is the user's; it says nothing that helps.
            let what = if what.contains("stands twice") { "a key in it stands twice" } else { what };
            Some(Err(what.to_owned()))
        }
    }
}

/// Reads an object, or text that is the JSON of one; none if it is null or empty text.
fn metadata(raw: &RawValue) -> Option<Metadata> {
    let object = |text: &str| {
        let entries = entries(text).ok()?;
        let mut fields: Vec<(String, Field)> = Vec::new();
        for (name, raw) in entries {
            let read = field(raw).unwrap_or(Ok(Value::Null));
            match fields.iter_mut().find(|(other, _)| *other == name) {
                Some((_, before)) => *before = Err(TWICE.to_owned()),
                None => fields.push((name, read)),
            }
        }
        Some(fields)
    };
    if let Some(fields) = object(raw.get()) {
        return Some(Ok(fields));
    }
    let text = match field(raw)? {
        Ok(Value::Text(text)) if text.trim().is_empty() => return None,
        Ok(Value::Text(text)) => text,
        Ok(other) => return Some(Err(format!("{} is not an object", other.kind()))),
        Err(message) => return Some(Err(message)),
    };
    if let Some(fields) = object(&text) {
        return Some(Ok(fields));
    }
    match serde_json::from_str(&text) {
        Ok(Document(Value::Null)) => None,
        Ok(Document(other)) => Some(Err(format!("text with {} is not an object", other.kind()))),
        Err(_) => Some(Err("text that is not JSON".to_owned())),
    }
}

/// Reads the entries of a JSON object in their order, their values unread.
fn entries(text: &str) -> Result<Vec<(String, &RawValue)>, serde_json::Error> {
    struct Entries;
    impl<'de> Visitor<'de> for Entries {
        type Value = Vec<(String, &'de RawValue)>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut all = Vec::new();
            while let Some(entry) = map.next_entry::<String, &RawValue>()? {
                all.push(entry);
            }
            Ok(all)
        }
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let all = (&mut deserializer).deserialize_map(Entries)?;
    deserializer.end()?;
    Ok(all)
}
