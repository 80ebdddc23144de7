//! The server's journal: `{"entries":[{"number":17,"at":"…","actor":"…","reason":"…","changes":[{"flag":"x",
//! "before":{…},"after":{…}}]}]}`, before and after being patches of the override; an entry that made or revoked a token
//! has `"token":{"change":"created",…}` and no changes.

use serde_json::Value;

use crate::admin::chain::EntryHash;
use crate::admin::journal::{JournalChange, JournalEntry, JournalFilter};
use crate::admin::token_change::TokenChange;
use crate::error::{Error, Kind, Result};
use crate::layer::{FieldEnds, ends_from_json, ends_time, patch_from_json};
use crate::model::Timestamp;

use super::elements::each_of;
use super::refusal::Asked;
use super::server::RemoteServer;
use crate::net::clean;

/// Entries that are asked for at once.
const PAGE: u32 = 1_000;

impl RemoteServer {
    /// Asks for journal entries, newest first.
    ///
    /// # Errors
    /// When the server cannot be reached in time, refuses, keeps no journal, or answers something else.
    pub fn journal(&self, filter: &JournalFilter) -> Result<Vec<JournalEntry>> {
        let mut query = Vec::new();
        if let Some(flag) = &filter.flag {
            query.push(("flag", flag.clone()));
        }
        if let Some(after) = filter.after {
            query.push(("after", after.to_string()));
        }
        if let Some(before) = filter.before {
            query.push(("before", before.to_string()));
        }
        query.push(("limit", filter.limit.to_string()));
        let answer = self.transport().get(&["journal"], &query)?;
        if answer.lacks_route() || (answer.status.is_success() && answer.is_page()) {
            let message = format!("{}: it keeps no journal that could be asked for", self.label());
            return Err(Error::new(Kind::Unreachable, message)
                .hint("the receipt of a change there has the command that takes it back"));
        }
        if !answer.status.is_success() {
            return Err(self.refused(Asked::Journal, &answer));
        }
        let mut entries = answer.content().and_then(entries).map_err(|what| {
            Error::new(Kind::Unreachable, format!("{}: its journal cannot be read: {what}", self.label()))
        })?;
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.number));
        entries.truncate(usize::try_from(filter.limit).unwrap_or(usize::MAX));
        Ok(entries)
    }
}

impl RemoteServer {
    /// Asks for the whole journal, page by page; oldest entries first.
    ///
    /// # Errors
    /// As [`RemoteServer::journal`].
    pub fn whole_journal(&self) -> Result<Vec<JournalEntry>> {
        let mut all: Vec<JournalEntry> = Vec::new();
        loop {
            let before = all.last().map(|entry| entry.number);
            let page = self.journal(&JournalFilter { before, limit: PAGE, ..JournalFilter::default() })?;
            let first = page.first().map(|entry| entry.number);
            if before.is_some() && first >= before {
                let message = format!("{}: its journal can only be read in part", self.label());
                return Err(Error::new(Kind::Unreachable, message));
            }
            let reached = page.last().is_none_or(|entry| entry.number <= 1);
            all.extend(page);
            if reached {
                all.reverse();
                return Ok(all);
            }
        }
    }
}

fn entries(body: &[u8]) -> std::result::Result<Vec<JournalEntry>, String> {
    let mut entries = Vec::new();
    each_of(body, "entries", &mut |index, entry| {
        entries.push(entry_of(&entry).map_err(|what| format!("entry {}: {what}", index + 1))?);
        Ok(())
    })?;
    Ok(entries)
}

fn entry_of(entry: &Value) -> std::result::Result<JournalEntry, String> {
    let text = |name: &str| entry.get(name).and_then(Value::as_str).map(str::to_owned);
    let changes = entry.get("changes").and_then(Value::as_array).ok_or("no list `changes`")?;
    Ok(JournalEntry {
        number: entry.get("number").and_then(Value::as_u64).ok_or("no `number`")?,
        at: text("at").and_then(|at| Timestamp::parse(&at).ok()),
        actor: text("actor"),
        reason: text("reason"),
        tool: text("tool"),
        changes: changes.iter().map(change_of).collect::<std::result::Result<_, _>>()?,
        token: match entry.get("token") {
            None | Some(Value::Null) => None,
            Some(json) => {
                Some(TokenChange::from_json(json, ends_time).ok_or("a `token` that cannot be read")?)
            }
        },
        hash: text("hash").and_then(|text| EntryHash::parse(&text)),
    })
}

fn change_of(change: &Value) -> std::result::Result<JournalChange, String> {
    let flag = change.get("flag").and_then(Value::as_str).ok_or("a change without `flag`")?.to_owned();
    let patch = |name: &str| match change.get(name) {
        None | Some(Value::Null) => Ok(crate::layer::Patch::new()),
        Some(json) => patch_from_json(json).map_err(|error| clean(&error.to_string(), None)),
    };
    let expires_at = change.get("expires_at").and_then(Value::as_str);
    Ok(JournalChange {
        before: patch("before")?,
        after: patch("after")?,
        expires_at: expires_at.and_then(|text| Timestamp::parse(text).ok()),
        ends: match change.get("ends") {
            None | Some(Value::Null) => FieldEnds::new(),
            Some(json) => ends_from_json(json, ends_time).map_err(|error| clean(&error.to_string(), None))?,
        },
        flag,
    })
}
