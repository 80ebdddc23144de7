//! Changing overrides: one transaction for the comparison, the overrides, the journal and the key.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, Transaction, params};
use serde_json::{Value, json};

use crate::admin::chain::EntryHash;
use crate::admin::change_set::{ChangeSet, FlagChange, Written};
use crate::admin::permit::Permit;
use crate::error::{Error, Kind, Result};
use crate::layer::{Field, FieldValue, Patch, Version, patch_to_json};
use crate::model::Timestamp;

use super::connection::{reading, writing};
use super::failure::{damaged, failed};
use super::field_text::{parse_patch, parse_value};
use super::local::LocalStore;
use super::read::number;
use super::record::Entry;
use super::schema::SINCE_CHAIN;

/// What the journal says of who did it.
pub(super) const TOOL: &str = concat!("ffctl ", env!("CARGO_PKG_VERSION"));

impl LocalStore {
    /// Applies a change set, or nothing of it. What is already as asked is left alone; if that is everything,
    /// nothing is journalled.
    ///
    /// # Errors
    /// When a flag has changed since the expected version (the message says how), the key was used for
    /// another change, or the store cannot be written.
    pub fn write(&self, permit: &Permit, set: &ChangeSet) -> Result<Written> {
        writing(*permit, self.path(), self.shown(), |transaction| {
            Write { store: self, transaction }.apply(set)
        })
    }

    /// Returns what [`LocalStore::write`] would return, and writes nothing.
    ///
    /// # Errors
    /// As [`LocalStore::write`].
    pub fn rehearse(&self, permit: &Permit, set: &ChangeSet) -> Result<Written> {
        writing(*permit, self.path(), self.shown(), |transaction| {
            let (written, _) = Write { store: self, transaction }.apply(set)?;
            Ok((written, false))
        })
    }

    /// Tells what the attempt of this name has come to.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn attempt(&self, set: &ChangeSet) -> Result<Attempt> {
        let found = reading(self.path(), self.shown(), |transaction, version| {
            if version < SINCE_CHAIN {
                Ok(Attempt::New)
            } else {
                Write { store: self, transaction }.attempt(set)
            }
        })?;
        Ok(found.unwrap_or(Attempt::New))
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
    pub(super) store: &'a LocalStore,
    pub(super) transaction: &'a Transaction<'a>,
}

/// What really changes of one flag.
pub(super) struct Difference<'a> {
    pub(super) flag: &'a str,
    pub(super) before: Patch,
    pub(super) after: Patch,
    pub(super) expires_at: Option<Timestamp>,
}

impl Write<'_> {
    fn apply(&self, set: &ChangeSet) -> Result<(Written, bool)> {
        match self.attempt(set)? {
            Attempt::New => {}
            Attempt::Made(written) => return Ok((written, false)),
            Attempt::Another(number) => {
                let label = self.store.label();
                let message =
                    format!("{label:#}: the key of this change stands for another one, journal {number}");
                return Err(Error::new(Kind::Conflict, message).hint("repeat the command without its key"));
            }
        }
        let mut versions = BTreeMap::new();
        let mut differences = Vec::new();
        for change in &set.changes {
            let version = self.version(&change.flag)?;
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
        };
        let (number, head) = self.record(&entry, &differences)?;
        for difference in &differences {
            versions.insert(difference.flag.to_owned(), Version::Journal(number));
        }
        Ok((Written { number: Some(number), head: Some(head), versions, ..Written::default() }, true))
    }

    /// Tells what the attempt of this name has come to.
    fn attempt(&self, set: &ChangeSet) -> Result<Attempt> {
        let found = self
            .transaction
            .query_row(
                "SELECT number, request, hash FROM journal WHERE key = ?1",
                [set.key.as_str()],
                |row| Ok((number(row, 0)?, row.get::<_, String>(1)?, row.get::<_, Option<[u8; 32]>>(2)?)),
            )
            .optional()
            .map_err(|error| self.failed(error))?;
        let Some((number, first, hash)) = found else { return Ok(Attempt::New) };
        if first != request(set) {
            return Ok(Attempt::Another(number));
        }
        let mut versions = BTreeMap::new();
        for change in &set.changes {
            versions.insert(change.flag.clone(), Version::Journal(self.version(&change.flag)?));
        }
        let head = hash.map(EntryHash);
        Ok(Attempt::Made(Written { number: Some(number), head, versions, repeated: true, notes: Vec::new() }))
    }

    fn version(&self, flag: &str) -> Result<u64> {
        let mut statement = self
            .transaction
            .prepare_cached("SELECT number FROM version WHERE flag = ?1")
            .map_err(|error| self.failed(error))?;
        let found = statement.query_row([flag], |row| number(row, 0)).optional();
        Ok(found.map_err(|error| self.failed(error))?.unwrap_or(0))
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
        let mut statement = self
            .transaction
            .prepare(
                "SELECT number, at, actor, before, after FROM journal_change JOIN journal USING (number)
                 WHERE flag = ?1 AND number > ?2 ORDER BY number DESC LIMIT 3",
            )
            .map_err(|error| self.failed(error))?;
        let mut rows =
            statement.query(params![flag, signed(expected)]).map_err(|error| self.failed(error))?;
        let mut since = Vec::new();
        while let Some(row) = rows.next().map_err(|error| self.failed(error))? {
            since.push(self.told(row)?);
        }
        let message =
            format!("{:#}: `{flag}` was changed meanwhile: {}", self.store.label(), since.join("; "));
        Ok(Error::new(Kind::Conflict, message))
    }

    fn told(&self, row: &rusqlite::Row<'_>) -> Result<String> {
        let sqlite = |error| self.failed(error);
        let number = number(row, 0).map_err(sqlite)?;
        let at = Timestamp::from_millis(row.get(1).map_err(sqlite)?);
        let actor: Option<String> = row.get(2).map_err(sqlite)?;
        let patch = |column| -> Result<Patch> {
            let text: String = row.get(column).map_err(sqlite)?;
            parse_patch(&text).map_err(|what| damaged(self.store.shown(), what))
        };
        let (before, after) = (patch(3)?, patch(4)?);
        let show = |value: Option<&Option<FieldValue>>| match value {
            Some(Some(value)) => value.to_string(),
            _ => "not set".to_owned(),
        };
        let fields = after
            .iter()
            .map(|(field, value)| format!("{field} {} → {}", show(before.get(field)), show(Some(value))));
        let fields: Vec<_> = fields.collect();
        let by = actor.map(|actor| format!(" by {actor}")).unwrap_or_default();
        Ok(format!("{} (journal {number}{by}, {at})", fields.join(", ")))
    }

    fn difference<'c>(&self, change: &'c FlagChange) -> Result<Difference<'c>> {
        let (before, after) = (Patch::new(), Patch::new());
        let mut difference = Difference { flag: &change.flag, before, after, expires_at: change.expires_at };
        for (field, wanted) in &change.patch {
            let present = self.present(&change.flag, field)?;
            let is_so = match (&present, wanted) {
                (None, None) => true,
                // What stays for good anyway has no end to set.
                (Some((value, ends)), Some(wanted)) => {
                    value == wanted && (ends.is_none() || *ends == change.expires_at)
                }
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
        let mut statement = self
            .transaction
            .prepare_cached("SELECT value, expires_at FROM override WHERE flag = ?1 AND field = ?2")
            .map_err(|error| self.failed(error))?;
        let row: Option<(String, Option<i64>)> = statement
            .query_row([flag, &name], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()
            .map_err(|error| self.failed(error))?;
        let Some((text, ends)) = row else { return Ok(None) };
        let parsed = parse_value(&name, &text).map_err(|what| damaged(self.store.shown(), what))?;
        Ok(Some((parsed.1, ends.map(Timestamp::from_millis))))
    }

    pub(super) fn failed(&self, error: rusqlite::Error) -> Error {
        failed(self.store.shown(), error)
    }
}

/// Returns what a key stands for: the flags and their patches, not who asks when and why.
fn request(set: &ChangeSet) -> String {
    if let Some(asked) = &set.asked {
        return asked.clone();
    }
    let changes = set.changes.iter().map(|change| match change.expires_at {
        None => json!([change.flag, patch_to_json(&change.patch)]),
        Some(ends) => json!([change.flag, patch_to_json(&change.patch), ends.millis()]),
    });
    Value::Array(changes.collect()).to_string()
}

pub(super) fn unsigned(number: i64) -> u64 {
    u64::try_from(number).expect("journal numbers start at 1")
}

pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
