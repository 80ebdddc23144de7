//! Changing overrides: one transaction for the comparison, the overrides, the journal and the key.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::admin::chain::EntryHash;
use crate::admin::change_set::{ChangeSet, FlagChange, Written};
use crate::admin::journal::{JournalEntry, JournalFilter};
use crate::admin::permit::Permit;
use crate::error::{Error, Kind, Result};
use crate::layer::{Ends, Field, FieldValue, Patch, Version, patch_to_json};
use crate::model::Timestamp;

use super::either::Store;
use super::field_text::{ends_text, parse_value};
use super::history::entries;
use super::record::Entry;
use super::rows::Rows;

/// What the journal says of who did it.
pub(super) const TOOL: &str = concat!("ffctl ", env!("CARGO_PKG_VERSION"));

/// How many changes since a version are told.
const TOLD: u32 = 3;

impl Store {
    /// Applies a change set, or nothing of it. What is already as asked is left alone; if that is everything,
    /// nothing is journalled.
    ///
    /// # Errors
    /// When a flag has changed since the expected version (the message says how), the key was used for
    /// another change, or the store cannot be written; [`Kind::OutcomeUnknown`] when its answer was lost and its key
    /// could not be looked up.
    pub fn write(&self, permit: &Permit, set: &ChangeSet) -> Result<Written> {
        match self.writing(*permit, |rows| Write { rows }.apply(set)) {
            Err(error) if error.kind() == Kind::OutcomeUnknown => self.settle(*permit, set, error),
            written => written,
        }
    }

    /// Returns what [`Store::write`] would return, and writes nothing.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub fn rehearse(&self, permit: &Permit, set: &ChangeSet) -> Result<Written> {
        self.writing(*permit, |rows| {
            let (written, _) = Write { rows }.apply(set)?;
            Ok((written, false))
        })
    }

    /// Tells what the attempt of this name has come to.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn attempt(&self, set: &ChangeSet) -> Result<Attempt> {
        let found = self.reading(|rows| Write { rows }.attempt(set))?;
        Ok(found.unwrap_or(Attempt::New))
    }

    /// Finds out by its key what became of an attempt whose answer was lost. The look is taken as a writer: a
    /// database lets it in only after the lost transaction has ended, and so it is final.
    fn settle(&self, permit: Permit, set: &ChangeSet, unknown: Error) -> Result<Written> {
        let Self::Postgres(store) = self else { return Err(unknown) };
        let look = || self.writing(permit, |rows| Ok((Write { rows }.attempt(set)?, false)));
        match store.insist(look) {
            Ok(Attempt::Made(written)) => Ok(Written { repeated: false, ..written }),
            Ok(Attempt::New | Attempt::Another(_)) => {
                let message = format!(
                    "{:#}: the connection was lost; nothing was changed, as its key tells",
                    self.label()
                );
                Err(Error::new(Kind::Unreachable, message).hint("try again"))
            }
            Err(_) => Err(unknown),
        }
    }
}

/// What an attempt of a name has come to so far.
#[derive(Clone, Debug, PartialEq)]
pub enum Attempt {
    /// Nobody made it.
    New,
    /// It was made, and this was its result.
    Made(Written),
    /// Its name was used for another change, the one of this journal number.
    Another(u64),
}

/// A transaction that changes overrides.
pub(super) struct Write<'a> {
    pub(super) rows: &'a dyn Rows,
}

/// What really changes of one flag.
pub(super) struct Difference<'a> {
    pub(super) flag: &'a str,
    pub(super) before: Patch,
    pub(super) after: Patch,
    pub(super) ends: Ends,
}

impl Write<'_> {
    fn apply(&self, set: &ChangeSet) -> Result<(Written, bool)> {
        match self.attempt(set)? {
            Attempt::New => {}
            Attempt::Made(written) => return Ok((written, false)),
            Attempt::Another(number) => {
                let label = self.rows.label();
                let message =
                    format!("{label:#}: the key of this change stands for another one, journal {number}");
                return Err(Error::new(Kind::Conflict, message).hint("repeat the command without its key"));
            }
        }
        let mut versions = BTreeMap::new();
        let mut differences = Vec::new();
        for change in &set.changes {
            let version = self.rows.version(&change.flag)?;
            self.compare(change, version)?;
            if versions.insert(change.flag.clone(), Version::Journal(version)).is_some() {
                return Err(Error::new(Kind::Bug, format!("`{}` stands twice in one change", change.flag)));
            }
            let difference = self.difference(change)?;
            if !difference.after.is_empty() {
                differences.push(difference);
            }
        }
        if differences.is_empty() {
            return Ok((Written { versions, ..Written::default() }, false));
        }
        let entry = Entry {
            at: set.at,
            actor: set.actor.as_deref(),
            reason: set.reason.as_deref(),
            key: set.key.as_str(),
            request: &request(set),
            token: None,
        };
        let (number, head) = self.record(&entry, &differences)?;
        for difference in &differences {
            versions.insert(difference.flag.to_owned(), Version::Journal(number));
        }
        Ok((Written { number: Some(number), head: Some(head), versions, ..Written::default() }, true))
    }

    /// Tells what the attempt of this name has come to.
    fn attempt(&self, set: &ChangeSet) -> Result<Attempt> {
        let Some(found) = self.rows.attempt(set.key.as_str())? else { return Ok(Attempt::New) };
        if found.request != request(set) {
            return Ok(Attempt::Another(found.number));
        }
        let mut versions = BTreeMap::new();
        for change in &set.changes {
            versions.insert(change.flag.clone(), Version::Journal(self.rows.version(&change.flag)?));
        }
        let head = found.hash.map(EntryHash);
        let number = Some(found.number);
        Ok(Attempt::Made(Written { number, head, versions, repeated: true, notes: Vec::new() }))
    }

    fn compare(&self, change: &FlagChange, version: u64) -> Result<()> {
        match change.expect {
            Version::Unknown => Ok(()),
            Version::Journal(expected) if expected == version => Ok(()),
            Version::Journal(expected) => Err(self.conflict(&change.flag, expected)?),
            Version::Tag(_) => Err(Error::new(Kind::Bug, "a server's tag was given to the local store")),
        }
    }

    /// Returns the error that says what changed since.
    fn conflict(&self, flag: &str, expected: u64) -> Result<Error> {
        let (flag_filter, after) = (Some(flag.to_owned()), Some(expected));
        let filter = JournalFilter { flag: flag_filter, after, limit: TOLD, ..JournalFilter::default() };
        let since: Vec<String> = entries(self.rows, &filter)?.iter().map(JournalEntry::in_words).collect();
        let message =
            format!("{:#}: `{flag}` was changed meanwhile: {}", self.rows.label(), since.join("; "));
        Ok(Error::new(Kind::Conflict, message))
    }

    fn difference<'c>(&self, change: &'c FlagChange) -> Result<Difference<'c>> {
        let (before, after) = (Patch::new(), Patch::new());
        let ends = change.ends.clone();
        let mut difference = Difference { flag: &change.flag, before, after, ends };
        for (field, wanted) in &change.patch {
            let present = self.present(&change.flag, field)?;
            let is_so = match (&present, wanted) {
                (None, None) => true,
                (Some((value, ends)), Some(wanted)) => value == wanted && change.ends.leave(field, *ends),
                _ => false,
            };
            if !is_so {
                difference.before.insert(field.clone(), present.map(|(value, _)| value));
                difference.after.insert(field.clone(), wanted.clone());
            }
        }
        Ok(difference)
    }

    /// Returns what a field is, and when that ends.
    fn present(&self, flag: &str, field: &Field) -> Result<Option<(FieldValue, Option<Timestamp>)>> {
        let name = field.to_string();
        let Some((text, ends)) = self.rows.value(flag, &name)? else { return Ok(None) };
        let (_, value) = parse_value(&name, &text).map_err(|what| self.rows.damaged(what))?;
        Ok(Some((value, ends.map(Timestamp::from_millis))))
    }
}

/// Returns what a key stands for: the flags and their patches, not who asks when and why.
fn request(set: &ChangeSet) -> String {
    if let Some(asked) = &set.asked {
        return asked.clone();
    }
    let changes = set.changes.iter().map(|change| match &change.ends {
        Ends::Together(None) => json!([change.flag, patch_to_json(&change.patch)]),
        Ends::Together(Some(ends)) => json!([change.flag, patch_to_json(&change.patch), ends.millis()]),
        Ends::Each(ends) => json!([change.flag, patch_to_json(&change.patch), ends_text(ends)]),
    });
    Value::Array(changes.collect()).to_string()
}
