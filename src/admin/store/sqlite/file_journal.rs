//! The journal of changes of local files, kept beside the overrides.

use rusqlite::params;
use serde_json::{Value, json};

use crate::admin::journal::{FileChange, FileEdit, FileJournalEntry, Hunk, JournalFilter};
use crate::admin::store::history::gapless;
use crate::error::Result;
use crate::layer::Source;
use crate::model::Timestamp;

use super::connection::reading;
use super::failure::{damaged, failed};
use super::local::LocalStore;
use super::rows::{number, signed};
use super::seal::{self, Journal};

impl LocalStore {
    /// Returns journalled changes of local files, newest first.
    ///
    /// # Errors
    /// When the store is damaged or cannot be read.
    pub fn file_journal(&self, filter: &JournalFilter) -> Result<Vec<FileJournalEntry>> {
        let entries = reading(self.path(), self.shown(), |transaction, version| {
            let sqlite = |error| failed(self.shown(), error);
            let is_sealed = version >= seal::SINCE;
            let hunks = if is_sealed { "hunks" } else { "'[]'" };
            let mut statement = transaction
                .prepare(&format!(
                    "SELECT number, at, actor, reason, tool, layer, file, edits, {hunks} FROM file_journal
                     WHERE number > ?1 AND (?2 IS NULL OR EXISTS
                         (SELECT 1 FROM json_each(edits) WHERE value ->> 'flag' = ?2))
                     ORDER BY number DESC LIMIT ?3"
                ))
                .map_err(sqlite)?;
            let after = signed(filter.after.unwrap_or(0));
            let mut rows = statement.query(params![after, filter.flag, filter.limit]).map_err(sqlite)?;
            let mut found = Vec::new();
            while let Some(row) = rows.next().map_err(sqlite)? {
                let (layer, edits): (String, String) =
                    (row.get(5).map_err(sqlite)?, row.get(7).map_err(sqlite)?);
                let hunks: String = row.get(8).map_err(sqlite)?;
                let layer = Source::ALL.into_iter().find(|source| source.word() == layer);
                let (Some(layer), Some(edits), Some(hunks)) =
                    (layer, parse_edits(&edits), parse_hunks(&hunks))
                else {
                    return Err(damaged(self.shown(), "an entry of a file cannot be read"));
                };
                let change = FileChange {
                    at: Timestamp::from_millis(row.get(1).map_err(sqlite)?),
                    actor: row.get(2).map_err(sqlite)?,
                    reason: row.get(3).map_err(sqlite)?,
                    layer,
                    file: row.get(6).map_err(sqlite)?,
                    edits,
                    hunks,
                };
                if is_sealed {
                    Journal::Files.check(transaction, self.shown(), version, row.get(0).map_err(sqlite)?)?;
                }
                let (number, tool) = (number(row, 0).map_err(sqlite)?, row.get(4).map_err(sqlite)?);
                found.push(FileJournalEntry { number, tool, change });
            }
            let numbers: Vec<u64> = found.iter().map(|entry| entry.number).collect();
            gapless(&numbers, filter, |what| damaged(self.shown(), what))?;
            Ok(found)
        })?;
        Ok(entries.unwrap_or_default())
    }
}

pub(super) fn edits_text(edits: &[FileEdit]) -> String {
    let edit = |edit: &FileEdit| json!({ "flag": edit.flag, "place": edit.place, "before": edit.before, "after": edit.after });
    Value::Array(edits.iter().map(edit).collect()).to_string()
}

fn parse_edits(text: &str) -> Option<Vec<FileEdit>> {
    let edits: Value = serde_json::from_str(text).ok()?;
    let text = |edit: &Value, name: &str| edit[name].as_str().map(str::to_owned);
    let edit = |edit: &Value| {
        let (flag, place) = (text(edit, "flag")?, text(edit, "place")?);
        Some(FileEdit { flag, place, before: text(edit, "before"), after: text(edit, "after") })
    };
    edits.as_array()?.iter().map(edit).collect()
}

pub(super) fn hunks_text(hunks: &[Hunk]) -> String {
    let hunk = |hunk: &Hunk| {
        json!({ "flag": hunk.flag, "line": hunk.line, "above": hunk.above,
        "before": hunk.before, "after": hunk.after, "below": hunk.below })
    };
    Value::Array(hunks.iter().map(hunk).collect()).to_string()
}

fn parse_hunks(text: &str) -> Option<Vec<Hunk>> {
    let hunks: Value = serde_json::from_str(text).ok()?;
    let hunk = |hunk: &Value| {
        let text = |name: &str| hunk[name].as_str().map(str::to_owned);
        Some(Hunk {
            flag: text("flag")?,
            line: usize::try_from(hunk["line"].as_u64()?).ok().filter(|line| *line > 0)?,
            above: text("above")?,
            before: text("before")?,
            after: text("after")?,
            below: text("below")?,
        })
    };
    hunks.as_array()?.iter().map(hunk).collect()
}
