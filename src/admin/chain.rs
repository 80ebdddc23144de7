//! The chain of hashes that holds a journal together: whoever changes, drops or inserts an entry has to change every
//! hash after it, and a receipt of any later change shows that.
//!
//! The hash of an entry is the SHA-256 of its canonical form: the JSON object
//!
//! ```json
//! {"actor":"ana","at":1790000000000,"changes":[{"after":{"enabled":true},"before":{"enabled":null},
//! "expires_at":1790003600000,"flag":"x"}],"number":17,"previous":"<hash of 16>","reason":null,"tool":"ffctl 0.1.0"}
//! ```
//!
//! as RFC 8785 writes it (keys sorted, no blanks). Times are milliseconds since the epoch; the changes are sorted by
//! flag; `expires_at` is there only where the change ends by itself, and `ends` (`{"rollout":1790003600000}`) only where
//! its fields do so at different times; `token` (`{"change":"created","name":"ci","number":3,"role":"editor"}`, with
//! `expires_at` for one that ends) only where a token was made or revoked, which changes no flag; `previous` of the first
//! entry is 64 zeros. All numbers are whole and below 2^53, so no other rule of that RFC matters.

use std::fmt;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::hex::hex;
use crate::layer::{ends_to_json, patch_to_json};
use crate::model::Timestamp;

use super::journal::{JournalChange, JournalEntry};

/// The hash of a journal entry, and with it of all entries before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EntryHash(pub(super) [u8; 32]);

impl EntryHash {
    /// Returns the hash of an entry that stands behind one with the hash `self`; of the first, behind the default.
    #[must_use]
    pub fn next(self, entry: &JournalEntry) -> Self {
        let mut changes: Vec<&JournalChange> = entry.changes.iter().collect();
        changes.sort_by(|one, other| one.flag.cmp(&other.flag));
        let changes = changes.into_iter().map(|change| {
            let mut object = json!({
                "flag": change.flag,
                "before": patch_to_json(&change.before),
                "after": patch_to_json(&change.after),
            });
            if let Some(ends) = change.expires_at {
                object["expires_at"] = json!(ends.millis());
            }
            if !change.ends.is_empty() {
                object["ends"] = ends_to_json(&change.ends, |ends| json!(ends.millis()));
            }
            object
        });
        let mut object = json!({
            "number": entry.number,
            "at": entry.at.map(Timestamp::millis),
            "actor": entry.actor,
            "reason": entry.reason,
            "tool": entry.tool,
            "changes": changes.collect::<Vec<_>>(),
            "previous": self.to_string(),
        });
        if let Some(token) = &entry.token {
            object["token"] = token.to_json(|ends| json!(ends.millis()));
        }
        Self(Sha256::digest(canonical(object).to_string().as_bytes()).into())
    }

    /// Reads a hash; none unless it is 64 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let digits: Vec<u8> = text.chars().map(|c| c.to_digit(16)?.try_into().ok()).collect::<Option<_>>()?;
        let bytes: Vec<u8> = digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect();
        (digits.len() == 64).then(|| bytes.try_into().ok().map(Self)).flatten()
    }
}

impl fmt::Display for EntryHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&hex(&self.0))
    }
}

impl serde::Serialize for EntryHash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Why a journal is not the one that was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("entry {number}: {what}")]
pub struct ChainError {
    /// The first entry that does not fit.
    pub number: u64,
    /// What is wrong with it.
    pub what: &'static str,
}

/// Recomputes the chain over all entries, the oldest first; returns the hash of the last.
///
/// # Errors
/// The first entry that is not the one that was written, or before which one is missing.
pub fn verify_chain<'a>(
    entries: impl IntoIterator<Item = &'a JournalEntry>,
) -> Result<EntryHash, ChainError> {
    let mut head = EntryHash::default();
    for (number, entry) in (1..).zip(entries) {
        let wrong = |what| ChainError { number, what };
        if entry.number != number {
            return Err(wrong("it is missing"));
        }
        head = head.next(entry);
        match entry.hash {
            Some(hash) if hash == head => {}
            Some(_) => return Err(wrong("it, or one before it, is not the one that was written")),
            None => return Err(wrong("it has no hash")),
        }
    }
    Ok(head)
}

/// Returns the value with the keys of every object sorted as RFC 8785 wants it: by their UTF-16 code units.
fn canonical(value: Value) -> Value {
    match value {
        Value::Object(object) => {
            let mut members: Vec<(String, Value)> = object.into_iter().collect();
            members.sort_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
            Value::Object(
                members.into_iter().map(|(key, value)| (key, canonical(value))).collect::<Map<_, _>>(),
            )
        }
        Value::Array(values) => Value::Array(values.into_iter().map(canonical).collect()),
        value => value,
    }
}

#[cfg(test)]
mod tests {
    use crate::admin::token::Role;
    use crate::admin::token_change::{TokenAct, TokenChange};
    use crate::layer::{Field, FieldEnds, patch_from_json};

    use super::*;

    fn entry(number: u64, hash: Option<EntryHash>) -> JournalEntry {
        let patch = |json: Value| patch_from_json(&json).expect("a patch");
        let change = |flag: &str, expires_at| JournalChange {
            flag: flag.to_owned(),
            before: patch(json!({ "users": { "\u{e9}": null, "u\n": null }, "enabled": null })),
            after: patch(json!({ "users": { "\u{e9}": "on", "u\n": "off" }, "enabled": true })),
            expires_at,
            ends: FieldEnds::new(),
        };
        JournalEntry {
            number,
            at: Some(Timestamp::from_millis(1_790_000_000_000)),
            actor: Some("ana".to_owned()),
            reason: None,
            tool: Some("ffctl 0.1.0".to_owned()),
            changes: vec![change("y", None), change("x", Some(Timestamp::from_millis(1_790_003_600_000)))],
            token: None,
            hash,
        }
    }

    #[test]
    fn the_hash_is_that_of_the_documented_form() {
        let text = concat!(
            r#"{"actor":"ana","at":1790000000000,"changes":["#,
            r#"{"after":{"enabled":true,"users":{"u\n":"off","é":"on"}},"#,
            r#""before":{"enabled":null,"users":{"u\n":null,"é":null}},"expires_at":1790003600000,"flag":"x"},"#,
            r#"{"after":{"enabled":true,"users":{"u\n":"off","é":"on"}},"#,
            r#""before":{"enabled":null,"users":{"u\n":null,"é":null}},"flag":"y"}],"number":1,"previous":"#,
            r#""0000000000000000000000000000000000000000000000000000000000000000","reason":null,"tool":"ffctl 0.1.0"}"#,
        );
        let expected = EntryHash(Sha256::digest(text.as_bytes()).into());
        assert_eq!(EntryHash::default().next(&entry(1, None)), expected);
        assert_eq!(EntryHash::parse(&expected.to_string()), Some(expected));
        assert_eq!((EntryHash::parse("ab"), EntryHash::parse(&"x".repeat(64))), (None, None));
    }

    /// An entry that tells of a token and of no flag.
    fn of_token(hash: Option<EntryHash>) -> JournalEntry {
        let token = TokenChange {
            act: TokenAct::Created,
            number: 3,
            name: "ci".to_owned(),
            role: Role::Editor,
            expires_at: Some(Timestamp::from_millis(1_790_003_600_000)),
        };
        JournalEntry { changes: Vec::new(), token: Some(token), ..entry(1, hash) }
    }

    #[test]
    fn the_hash_of_what_was_done_to_a_token_is_that_of_the_documented_form() {
        let text = concat!(
            r#"{"actor":"ana","at":1790000000000,"changes":[],"number":1,"previous":"#,
            r#""0000000000000000000000000000000000000000000000000000000000000000","reason":null,"#,
            r#""token":{"change":"created","expires_at":1790003600000,"name":"ci","number":3,"role":"editor"},"#,
            r#""tool":"ffctl 0.1.0"}"#,
        );
        let expected = EntryHash(Sha256::digest(text.as_bytes()).into());
        assert_eq!(EntryHash::default().next(&of_token(None)), expected);
        let tampers: [fn(&mut JournalEntry, TokenChange); 6] = [
            |entry, _| entry.token = None,
            |entry, token| entry.token = Some(TokenChange { act: TokenAct::Revoked, ..token }),
            |entry, token| entry.token = Some(TokenChange { number: 4, ..token }),
            |entry, token| entry.token = Some(TokenChange { name: "cj".to_owned(), ..token }),
            |entry, token| entry.token = Some(TokenChange { role: Role::Viewer, ..token }),
            |entry, token| entry.token = Some(TokenChange { expires_at: None, ..token }),
        ];
        for (at, tamper) in tampers.iter().enumerate() {
            let mut entry = of_token(Some(expected));
            assert_eq!(verify_chain([&entry]), Ok(expected));
            let token = entry.token.clone().expect("one");
            tamper(&mut entry, token);
            assert_eq!(verify_chain([&entry]).map_err(|error| error.number), Err(1), "{at}");
        }
    }

    #[test]
    fn every_change_of_an_entry_breaks_the_chain() {
        let mut entries = Vec::new();
        let mut head = EntryHash::default();
        for number in 1..=3 {
            head = head.next(&entry(number, None));
            entries.push(entry(number, Some(head)));
        }
        assert_eq!(verify_chain(&entries), Ok(head));
        assert_eq!(verify_chain(&[]), Ok(EntryHash::default()));
        let tampers: [fn(&mut JournalEntry); 9] = [
            |entry| entry.at = None,
            |entry| entry.actor = Some("ben".to_owned()),
            |entry| entry.reason = Some(String::new()),
            |entry| entry.tool = None,
            |entry| entry.changes.truncate(1),
            |entry| entry.changes[0].flag.push('z'),
            |entry| entry.changes[1].expires_at = None,
            |entry| drop(entry.changes[0].after.pop()),
            |entry| {
                entry.changes[0].ends = FieldEnds::from_iter([(Field::Enabled, Timestamp::from_millis(1))]);
            },
        ];
        for (at, tamper) in tampers.iter().enumerate() {
            let mut entries = entries.clone();
            tamper(&mut entries[1]);
            assert_eq!(verify_chain(&entries).map_err(|error| error.number), Err(2), "{at}");
        }
        let mut gap = entries.clone();
        gap.remove(1);
        assert_eq!(verify_chain(&gap), Err(ChainError { number: 2, what: "it is missing" }));
        let mut bare = entries;
        bare[2].hash = None;
        assert_eq!(verify_chain(&bare).map_err(|error| error.number), Err(3));
    }
}
