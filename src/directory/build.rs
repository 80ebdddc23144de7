//! A record → what is known of its user.

use std::collections::BTreeMap;

use crate::model::{Number, Timestamp, Value};

use super::oddity::Oddity;
use super::record::{Field, Record};
use super::user::{Fact, Origin, SegmentOrigin, UserRecord};

/// The roles that are segments as well.
const ROLES: [&str; 3] = ["admin", "moderator", "employee"];

/// Returns what a record says of the user with this key. What is odd in it costs that attribute alone.
///
/// # Errors
/// When it is the record of somebody else.
pub fn build(key: &str, record: Record) -> Result<UserRecord, String> {
    let mut user = UserRecord::bare(key);
    check_id(key, record.id, &mut user)?;
    if let Some(name) = text("name", record.name, &mut user) {
        user.field("name", Value::Text(name));
    }
    if let Some(email) = text("email", record.email, &mut user) {
        if email.rsplit_once('@').is_none_or(|(_, domain)| domain.is_empty()) {
            user.odd("email_domain", "there is nothing after an `@` in the email");
        }
        user.field("email", Value::Text(email));
    }
    if let Some(created_at) = created_at(record.created_at, &mut user) {
        user.field("created_at", created_at);
    }
    let metadata = record.metadata.transpose().unwrap_or_else(|message| {
        user.odd("metadata", message);
        None
    });
    let mut in_metadata = Vec::new();
    let (mut role, mut customs) = (record.role.map(|role| (role, Origin::Field, "role")), Vec::new());
    for (name, read) in metadata.unwrap_or_default() {
        match name.as_str() {
            "segments" => in_metadata = segments(read, &mut user),
            "role" => role = role.or(Some((read, Origin::Metadata, "metadata.role"))),
            "" => user.odd("metadata", "a key without a name"),
            _ => customs.push((name, read)),
        }
    }
    let role = role.and_then(|(read, origin, place)| Some((text(place, Some(read), &mut user)?, origin)));
    if let Some((role, origin)) = &role {
        let (name, value) = ("role".to_owned(), Value::from(role.as_str()));
        user.facts.push(Fact { name, value, origin: *origin });
    }
    for (name, read) in customs {
        match read {
            Ok(Value::Null) => {}
            Ok(value) => {
                user.facts.push(Fact { name: format!("custom_{name}"), value, origin: Origin::Metadata });
            }
            Err(message) => user.odd(format!("metadata.{name}"), message),
        }
    }
    user.segments = joined(in_metadata, role.as_ref().map(|(role, _)| role.as_str()));
    Ok(user)
}

impl UserRecord {
    fn field(&mut self, name: &str, value: Value) {
        self.facts.push(Fact { name: name.to_owned(), value, origin: Origin::Field });
    }

    fn odd(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.oddities.push(Oddity::new(field, message));
    }
}

/// Takes care that a record is the one that was asked for: the attributes of somebody else would be worse than none.
fn check_id(key: &str, id: Option<Field>, user: &mut UserRecord) -> Result<(), String> {
    let read = match id {
        None => Err("there is none".to_owned()),
        Some(Err(message)) => Err(message),
        Some(Ok(Value::Text(id))) => Ok(id),
        Some(Ok(Value::Number(number))) => {
            number.as_unit().ok_or_else(|| "a number that is not whole".to_owned())
        }
        Some(Ok(other)) => Err(format!("{} is not an id", other.kind())),
    };
    match read {
        Ok(id) if id != key => Err("its answer is the record of somebody else".to_owned()),
        Ok(_) => Ok(()),
        Err(message) => {
            user.odd("id", message);
            Ok(())
        }
    }
}

/// Returns the text of a field; none if it is empty.
fn text(name: &str, read: Option<Field>, user: &mut UserRecord) -> Option<String> {
    match read? {
        Ok(Value::Text(text)) => Some(text).filter(|text| !text.is_empty()),
        Ok(Value::Null) => None,
        Ok(other) => {
            user.odd(name, format!("{} is not text", other.kind()));
            None
        }
        Err(message) => {
            user.odd(name, message);
            None
        }
    }
}

/// Returns when an account was made, as it was written: RFC 3339 with a zone, or epoch milliseconds.
fn created_at(read: Option<Field>, user: &mut UserRecord) -> Option<Value> {
    let message = match read? {
        Ok(Value::Text(text)) if text.is_empty() => return None,
        Ok(Value::Text(text)) => match Timestamp::parse(&text) {
            Ok(_) => return Some(Value::Text(text)),
            Err(error) => shortened(&error.to_string()),
        },
        Ok(Value::Number(number)) => match number.whole() {
            Some(millis) => return Some(Value::Number(Number::Integer(millis))),
            None => "a number that is not whole milliseconds".to_owned(),
        },
        Ok(other) => format!("{} is not a time", other.kind()),
        Err(message) => message,
    };
    user.odd("created_at", message);
    None
}

/// Characters of a message that quotes a record.
const LONGEST: usize = 120;

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Returns the segments of the metadata: a list, or one word.
fn segments(read: Field, user: &mut UserRecord) -> Vec<String> {
    let mut odd = |message: String| user.odd("metadata.segments", message);
    match read {
        Ok(Value::Null) => Vec::new(),
        Ok(Value::Text(word)) if word.is_empty() => Vec::new(),
        Ok(Value::Text(word)) if word.chars().any(|c| c.is_whitespace() || ",;[]{}\"".contains(c)) => {
            odd("text that is not one word; several are a list".to_owned());
            Vec::new()
        }
        Ok(Value::Text(word)) => vec![word],
        Ok(Value::List(elements)) => {
            let mut names = Vec::new();
            for element in elements {
                match element {
                    Value::Text(name) if !name.is_empty() => names.push(name),
                    Value::Text(_) => odd("an empty name in the list".to_owned()),
                    other => odd(format!("{} in the list is not the name of a segment", other.kind())),
                }
            }
            names
        }
        Ok(other) => {
            odd(format!("{} is neither a list nor one word", other.kind()));
            Vec::new()
        }
        Err(message) => {
            odd(message);
            Vec::new()
        }
    }
}

/// Returns all segments, sorted and each once.
fn joined(in_metadata: Vec<String>, role: Option<&str>) -> Vec<(String, SegmentOrigin)> {
    let mut all: BTreeMap<String, SegmentOrigin> =
        in_metadata.into_iter().map(|name| (name, SegmentOrigin::Metadata)).collect();
    if let Some(role) = role.filter(|role| ROLES.contains(role)) {
        let both = |origin: &mut SegmentOrigin| *origin = SegmentOrigin::RoleAndMetadata;
        all.entry(role.to_owned()).and_modify(both).or_insert(SegmentOrigin::Role);
    }
    all.into_iter().collect()
}
