//! Sending changes.

use std::collections::BTreeMap;

use reqwest::header::{HeaderName, IF_MATCH};
use serde_json::{Map, Value, json};

use crate::admin::chain::EntryHash;
use crate::admin::change_set::{ChangeSet, FlagChange, Written};
use crate::admin::permit::Permit;
use crate::error::{Error, Kind, Result};
use crate::layer::{Version, patch_to_json};

use super::answer::{Answer, Tag};
use super::elements::each_of;
use super::read::UNKNOWN_FLAG;
use super::refusal::{Asked, outcome_is_unknown};
use super::server::RemoteServer;
use super::transport::Sent;
use crate::net::Failure;

impl RemoteServer {
    /// Sends a change set: one flag to its own route, several in one request that the server does whole or
    /// not at all. Guarded by `If-Match` where the version is known.
    ///
    /// # Errors
    /// When the server refuses, or cannot do several at once ([`Kind::Refused`], nothing is written); when
    /// the change was sent and no usable answer came back ([`Kind::OutcomeUnknown`]).
    pub fn write(&self, _: &Permit, set: &ChangeSet) -> Result<Written> {
        let Sent { result, before } = match set.changes.as_slice() {
            [] => return Ok(Written::default()),
            [change] => self.write_one(set, change)?,
            changes => self.write_several(set, changes)?,
        };
        // Whatever comes of it, what was read before it may be outdated now.
        if before || !matches!(&result, Err(failure) if !failure.sent) {
            self.forget();
        }
        let answer = result.map_err(|failure| self.lost(failure, before))?;
        let asked = match set.changes.as_slice() {
            [change] => Asked::Flag(&change.flag),
            _ => Asked::Flags,
        };
        if answer.status.is_success() {
            return self.written(set, &answer);
        }
        if outcome_is_unknown(answer.status) {
            let said = answer.explanation().map(|text| format!(": {text}")).unwrap_or_default();
            return Err(self.outcome_unknown(&format!("it answered {}{said}", answer.status)));
        }
        // The attempt before may be what it speaks of.
        if before && matches!(answer.status.as_u16(), 409 | 412 | 503) {
            return Err(self.outcome_unknown(&format!("sent again, it answered {}", answer.status)));
        }
        if answer.status.is_redirection() {
            return Err(self.transport().redirected(&answer));
        }
        if matches!(asked, Asked::Flags)
            && answer.lacks_route()
            && answer.code().as_deref() != Some(UNKNOWN_FLAG)
        {
            let message = format!(
                "{}: it cannot change several flags all or nothing; nothing was changed",
                self.label()
            );
            return Err(Error::new(Kind::Refused, message).hint("change one flag at a time"));
        }
        Err(self.refused(asked, &answer))
    }

    fn write_one(&self, set: &ChangeSet, change: &FlagChange) -> Result<Sent> {
        if matches!(change.flag.as_str(), "." | ".." | "") {
            return Err(Error::new(Kind::Unknown, format!("{}: `{}` is no flag", self.label(), change.flag)));
        }
        let mut body = patch_to_json(&change.patch);
        ending(&mut body, change);
        if let (Value::Object(body), Some(reason)) = (&mut body, &set.reason) {
            body.insert("reason".to_owned(), json!(reason));
        }
        let mut headers = vec![key_header(set)];
        if let Some(tag) = tag_of(change)? {
            headers.push((IF_MATCH, tag.to_owned()));
        }
        self.transport().patch(&["feature-flags", &change.flag], headers, &body)
    }

    fn write_several(&self, set: &ChangeSet, changes: &[FlagChange]) -> Result<Sent> {
        let mut flags = Map::new();
        for change in changes {
            let mut entry = Map::new();
            if let Some(tag) = tag_of(change)? {
                entry.insert("if_match".to_owned(), json!(tag));
            }
            let mut patch = patch_to_json(&change.patch);
            ending(&mut patch, change);
            entry.insert("patch".to_owned(), patch);
            if flags.insert(change.flag.clone(), Value::Object(entry)).is_some() {
                return Err(Error::new(Kind::Bug, format!("`{}` stands twice in one change", change.flag)));
            }
        }
        let mut body = Map::new();
        if let Some(reason) = &set.reason {
            body.insert("reason".to_owned(), json!(reason));
        }
        body.insert("flags".to_owned(), Value::Object(flags));
        self.transport().patch(&["feature-flags"], vec![key_header(set)], &Value::Object(body))
    }

    /// Reads what a success says. Any success counts as written, with or without a body; reading back is the
    /// caller's part. Only a web page is no answer of an API.
    fn written(&self, set: &ChangeSet, answer: &Answer) -> Result<Written> {
        if answer.is_page() {
            return Err(self.outcome_unknown("it answered with a web page"));
        }
        let several = set.changes.len() > 1;
        let (number, head, tags) = match answer.content() {
            Ok(body) if several => {
                let mut tags = BTreeMap::new();
                let beside = each_of(body, "flags", &mut |_, entry| {
                    tags.extend(tag_of_entry(&entry));
                    Ok(())
                });
                match beside {
                    Ok(beside) => (beside.journal, beside.head, tags),
                    Err(_) => (number_of(answer), head_of(answer), tags),
                }
            }
            _ => (number_of(answer), head_of(answer), BTreeMap::new()),
        };
        let repeated = answer.headers.get("idempotent-replayed").is_some_and(|value| value == "true");
        let mut written = Written { number, head, repeated, ..Written::default() };
        if let Err(failure) = &answer.body {
            written.notes.push(format!("the change was accepted, but {}", failure.reason));
        }
        written.versions = match set.changes.as_slice() {
            [change] => BTreeMap::from([(change.flag.clone(), answer.tag().version())]),
            changes => {
                let version =
                    |change: &FlagChange| tags.get(&change.flag).cloned().unwrap_or(Version::Unknown);
                changes.iter().map(|change| (change.flag.clone(), version(change))).collect()
            }
        };
        Ok(written)
    }

    fn lost(&self, failure: Failure, before: bool) -> Error {
        if failure.sent || before {
            self.outcome_unknown(&failure.reason)
        } else {
            self.transport().unreachable(failure)
        }
    }

    fn outcome_unknown(&self, reason: &str) -> Error {
        let message =
            format!("{}: the change was sent, and whether it took effect is unknown: {reason}", self.label());
        Error::new(Kind::OutcomeUnknown, message)
    }
}

/// Adds when a change ends by itself.
fn ending(patch: &mut Value, change: &FlagChange) {
    if let Value::Object(patch) = patch {
        change.ends.insert_into(patch);
    }
}

fn key_header(set: &ChangeSet) -> (HeaderName, String) {
    (HeaderName::from_static("idempotency-key"), set.key.as_str().to_owned())
}

fn tag_of(change: &FlagChange) -> Result<Option<&str>> {
    match &change.expect {
        Version::Tag(tag) => Ok(Some(tag)),
        Version::Unknown => Ok(None),
        Version::Journal(_) => {
            Err(Error::new(Kind::Bug, "a version of the local store was given to a server"))
        }
    }
}

/// Returns the number of the journal entry that the answer names.
fn number_of(answer: &Answer) -> Option<u64> {
    answer.json().ok()?.get("journal").and_then(Value::as_u64)
}

/// Returns the hash of the journal entry that the answer names.
fn head_of(answer: &Answer) -> Option<EntryHash> {
    answer.json().ok()?.get("head").and_then(Value::as_str).and_then(EntryHash::parse)
}

fn tag_of_entry(entry: &Value) -> Option<(String, Version)> {
    let (name, tag) = (entry.get("name")?.as_str()?, entry.get("etag")?.as_str()?);
    Some((name.to_owned(), Tag::parse(tag).version()))
}
