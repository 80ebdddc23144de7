//! Who changed what: entries of a target's journal, and of the changes of local files.

use crate::layer::{Ends, Field, FieldEnds, FieldValue, Patch, Source, Values};
use crate::model::Timestamp;

use super::chain::EntryHash;
use super::token_change::TokenChange;

/// Which entries are wanted; the newest come first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalFilter {
    /// Only changes of this flag.
    pub flag: Option<String>,
    /// Only entries after this number.
    pub after: Option<u64>,
    /// Only entries before this number.
    pub before: Option<u64>,
    /// At most so many.
    pub limit: u32,
}

impl Default for JournalFilter {
    fn default() -> Self {
        Self { flag: None, after: None, before: None, limit: 100 }
    }
}

/// One change of a target.
#[derive(Clone, Debug, PartialEq)]
pub struct JournalEntry {
    /// Its number: from 1, without gaps, per target.
    pub number: u64,
    /// When.
    pub at: Option<Timestamp>,
    /// Who.
    pub actor: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// The program that did it, such as `ffctl 0.1.0`.
    pub tool: Option<String>,
    /// What it changed; the named flag alone if the filter names one.
    pub changes: Vec<JournalChange>,
    /// What it did to a token; none for a change of flags.
    pub token: Option<TokenChange>,
    /// What holds it and all before it together; none where a target does not say.
    pub hash: Option<EntryHash>,
}

impl JournalEntry {
    /// Tells it in a sentence: `enabled off → on (journal 17 by ana, 2026-11-22T09:30:00Z)`.
    pub fn in_words(&self) -> String {
        let show = |value: Option<&Option<FieldValue>>| match value {
            Some(Some(value)) => value.to_string(),
            _ => "not set".to_owned(),
        };
        let fields = self.changes.iter().flat_map(|change| {
            let one = |(field, after)| {
                format!("{field} {} → {}", show(change.before.get(field)), show(Some(after)))
            };
            change.after.iter().map(one).collect::<Vec<_>>()
        });
        let fields: Vec<String> = fields.collect();
        let by = self.actor.as_ref().map(|actor| format!(" by {actor}")).unwrap_or_default();
        let at = self.at.map(|at| format!(", {at}")).unwrap_or_default();
        format!("{} (journal {}{by}{at})", fields.join(", "), self.number)
    }
}

/// What an entry changed of one flag's override: the fields that it touched and no others, so that applying
/// `before` undoes it.
#[derive(Clone, Debug, PartialEq)]
pub struct JournalChange {
    /// The flag.
    pub flag: String,
    /// The fields as they were; none for a field that was not set.
    pub before: Patch,
    /// The fields as they are since.
    pub after: Patch,
    /// When all that it sets ends by itself; none if it stays, or if each field has an end of its own.
    pub expires_at: Option<Timestamp>,
    /// When fields end that do not all end at the same time; the others stay.
    pub ends: FieldEnds,
}

impl JournalChange {
    /// Returns the change from one state of the fields that it touches to another, which ends as `ends` says.
    pub fn new(flag: String, before: Patch, after: Patch, ends: &Ends) -> Self {
        let set = after.iter().filter(|(_, value)| value.is_some()).map(|(field, _)| field);
        let each: Vec<_> = set.map(|field| (field, ends.of(field))).collect();
        let first = each.first().and_then(|(_, ends)| *ends);
        let same = each.iter().all(|(_, ends)| *ends == first);
        let expires_at = first.filter(|_| same);
        let each = each.into_iter().filter(|_| !same);
        let ends = each.filter_map(|(field, ends)| Some((field.clone(), ends?))).collect();
        Self { flag, before, after, expires_at, ends }
    }

    /// Returns when a field ends that it set; none if it stays.
    pub fn ends_of(&self, field: &Field) -> Option<Timestamp> {
        self.ends.get(field).copied().or(self.expires_at)
    }

    /// Returns the fields that are not as it left them: each with what it left and what is there now.
    pub fn overtaken<'a>(
        &'a self,
        now: Option<&'a Values>,
    ) -> impl Iterator<Item = (&'a Field, Option<&'a FieldValue>, Option<&'a FieldValue>)> {
        let present = move |field| now.and_then(|values| values.get(field)).map(|(value, _)| value);
        let all = self.after.iter().map(move |(field, left)| (field, left.as_ref(), present(field)));
        all.filter(|(_, left, present)| left != present)
    }
}

/// A change of a local file: `.env` or flags.toml.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileChange {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// The layer that the file is: `env` or `default`.
    pub layer: Source,
    /// The file, absolute.
    pub file: String,
    /// What changed in it.
    pub edits: Vec<FileEdit>,
    /// What the edits did to its lines, one after the other.
    pub hunks: Vec<Hunk>,
}

/// What an edit did to the lines of a file. All texts are whole lines with their ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hunk {
    /// The flag.
    pub flag: String,
    /// The first line that changed, from 1.
    pub line: usize,
    /// Up to three lines above.
    pub above: String,
    /// The lines that went.
    pub before: String,
    /// The lines that came.
    pub after: String,
    /// Up to three lines below.
    pub below: String,
}

/// One edit of a file: the text of a value, as it stood and as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileEdit {
    /// The flag.
    pub flag: String,
    /// What was edited: a variable (`FF_X`) or a key (`flags.x.enabled`).
    pub place: String,
    /// The text before; none if there was no such place.
    pub before: Option<String>,
    /// The text since; none if the place is gone.
    pub after: Option<String>,
}

/// A journalled change of a local file, shown as `L17`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileJournalEntry {
    /// Its number: from 1, without gaps, per store.
    pub number: u64,
    /// The program that did it.
    pub tool: Option<String>,
    /// The change.
    pub change: FileChange,
}
