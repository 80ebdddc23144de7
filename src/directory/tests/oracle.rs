//! What a record must come to, worked out anew: over plain JSON, with a calendar of its own, knowing nothing of the
//! code that is tested.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// What evaluation sees of a user, and how many things were odd.
#[derive(Debug, PartialEq)]
pub(super) struct Seen {
    pub(super) attributes: Map<String, Value>,
    pub(super) segments: BTreeSet<String>,
    pub(super) age_days: Option<i64>,
    pub(super) email_domain: Option<String>,
    /// The fields that a note names, sorted.
    pub(super) odd: Vec<String>,
}

/// Works out what a record says at a time, given in epoch milliseconds. The defined segments are those of the test.
pub(super) fn seen(record: &Value, now: i64) -> Seen {
    let mut attributes = Map::new();
    let mut odd = Vec::new();
    let mut segments = BTreeSet::new();
    let some = |name: &str| record.get(name).filter(|value| !value.is_null());

    match some("id") {
        Some(Value::String(_)) => {}
        Some(Value::Number(number)) if number.is_i64() => {}
        _ => odd.push("id".to_owned()),
    }
    let mut email_domain = None;
    for name in ["name", "email"] {
        match some(name) {
            None => {}
            Some(Value::String(text)) if text.is_empty() => {}
            Some(Value::String(text)) => {
                attributes.insert(name.to_owned(), json!(text));
            }
            Some(_) => odd.push(name.to_owned()),
        }
    }
    if let Some(email) = attributes.get("email").and_then(Value::as_str) {
        let after: Vec<&str> = email.split('@').collect();
        match after.as_slice() {
            [.., _, last] if !last.is_empty() => email_domain = Some((*last).to_owned()),
            _ => odd.push("email_domain".to_owned()),
        }
    }
    let mut age_days = None;
    match some("created_at") {
        None => {}
        Some(Value::String(text)) if text.is_empty() => {}
        Some(value) => match millis(value) {
            None => odd.push("created_at".to_owned()),
            Some(created) => {
                attributes.insert("created_at".to_owned(), value.clone());
                let lived = i128::from(now) - i128::from(created);
                if lived >= 0 {
                    age_days = i64::try_from(lived / 86_400_000).ok();
                }
            }
        },
    }
    let mut metadata = Map::new();
    match some("metadata") {
        None => {}
        Some(Value::Object(object)) => metadata.clone_from(object),
        Some(Value::String(text)) if text.trim().is_empty() => {}
        Some(Value::String(text)) => match serde_json::from_str(text) {
            Ok(Value::Object(object)) => metadata = object,
            Ok(Value::Null) => {}
            Ok(_) | Err(_) => odd.push("metadata".to_owned()),
        },
        Some(_) => odd.push("metadata".to_owned()),
    }
    let (role, place) = match some("role") {
        Some(role) => (Some(role), "role"),
        None => (metadata.get("role").filter(|role| !role.is_null()), "metadata.role"),
    };
    match role {
        None => {}
        Some(Value::String(role)) => {
            if !role.is_empty() {
                attributes.insert("role".to_owned(), json!(role));
            }
            if ["admin", "moderator", "employee"].contains(&role.as_str()) {
                segments.insert(role.clone());
            }
        }
        Some(_) => odd.push(place.to_owned()),
    }
    for (key, value) in &metadata {
        match key.as_str() {
            "role" => {}
            "segments" => {
                let (names, wrong) = given(value);
                segments.extend(names);
                odd.extend(std::iter::repeat_n("metadata.segments".to_owned(), wrong));
            }
            "" => odd.push("metadata".to_owned()),
            _ if value.is_null() => {}
            _ => {
                attributes.insert(format!("custom_{key}"), value.clone());
            }
        }
    }
    // The segments that the test defines.
    if email_domain.as_deref() == Some("agpt.co") {
        segments.insert("staff".to_owned());
    }
    if age_days.is_some_and(|days| days < 7) {
        segments.insert("new_user".to_owned());
    }
    if age_days.is_some_and(|days| days >= 30) {
        segments.insert("settled".to_owned());
    }
    odd.sort();
    Seen { attributes, segments, age_days, email_domain, odd }
}

/// The names that metadata gives, and how many things in it are no names.
fn given(value: &Value) -> (Vec<String>, usize) {
    match value {
        Value::Null => (Vec::new(), 0),
        Value::String(word) if word.is_empty() => (Vec::new(), 0),
        Value::String(word) if word.contains([' ', ',', '\n', '\t', '[', ']', '{', '}', '"', ';']) => {
            (Vec::new(), 1)
        }
        Value::String(word) => (vec![word.clone()], 0),
        Value::Array(list) => {
            let names: Vec<String> = list
                .iter()
                .filter_map(Value::as_str)
                .filter(|name| !name.is_empty())
                .map(str::to_owned)
                .collect();
            let wrong = list.len() - names.len();
            (names, wrong)
        }
        _ => (Vec::new(), 1),
    }
}

/// Reads a time in one of the forms that the generator writes, by counting days.
fn millis(value: &Value) -> Option<i64> {
    if let Some(number) = value.as_i64() {
        return Some(number);
    }
    let text = value.as_str()?;
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let zone = text.get(19..)?;
    let offset_minutes = match zone {
        "Z" => 0,
        _ if zone.len() == 6 => {
            let size = zone.get(1..3)?.parse::<i64>().ok()? * 60 + zone.get(4..6)?.parse::<i64>().ok()?;
            if zone.starts_with('-') { -size } else { size }
        }
        _ => return None,
    };
    let leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let mut days = 0;
    for passed in 1970..year {
        days += if leap(passed) { 366 } else { 365 };
    }
    let lengths = [31, if leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    days += lengths.iter().take(usize::try_from(month - 1).ok()?).sum::<i64>() + day - 1;
    Some((((days * 24 + hour) * 60 + minute - offset_minutes) * 60 + second) * 1_000)
}
