//! Changing overrides: one transaction for the comparison, the overrides, the journal and the key.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, Transaction, params};
use serde_json::{Value, json};

use crate::admin::change_set::{ChangeSet, FlagChange, Written};
use crate::admin::permit::Permit;
use crate::error::{Error, Kind, Result};
use crate::layer::{Field, FieldValue, Patch, Version, patch_to_json};
use crate::model::Timestamp;

use super::connection::writing;
use super::failure::{damaged, failed};
use super::field_text::{parse_patch, parse_value, value_text};
use super::local::LocalStore;
use super::read::number;
use super::seal::Journal;

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
}

struct Write<'a> {
    store: &'a LocalStore,
    transaction: &'a Transaction<'a>,
}

/// What really changes of one flag.
struct Difference<'a> {
    flag: &'a str,
    before: Patch,
    after: Patch,
}

impl Write<'_> {
    fn apply(&self, set: &ChangeSet) -> Result<(Written, bool)> {
        let request = request(set);
        if let Some(written) = self.repeated(set, &request)? {
            return Ok((written, false));
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
        let number = self.journal(set, &request, &differences)?;
        Journal::Target.seal(self.transaction, number).map_err(|error| self.failed(error))?;
        for difference in &differences {
            self.set(difference, number)?;
            versions.insert(difference.flag.to_owned(), Version::Journal(unsigned(number)));
        }
        Ok((Written { number: Some(unsigned(number)), versions, ..Written::default() }, true))
    }

    /// Returns the first result, if the key was used before.
    fn repeated(&self, set: &ChangeSet, request: &str) -> Result<Option<Written>> {
        let found = self
            .transaction
            .query_row("SELECT number, request FROM journal WHERE key = ?1", [set.key.as_str()], |row| {
                Ok((number(row, 0)?, row.get::<_, String>(1)?))
            })
            .optional()
            .map_err(|error| self.failed(error))?;
        match found {
            None => Ok(None),
            Some((number, first)) if first == request => {
                let mut versions = BTreeMap::new();
                for change in &set.changes {
                    versions.insert(change.flag.clone(), Version::Journal(self.version(&change.flag)?));
                }
                Ok(Some(Written { number: Some(number), versions, repeated: true, notes: Vec::new() }))
            }
            Some((number, _)) => {
                let label = self.store.label();
                let message =
                    format!("{label:#}: the key of this change stands for another one, journal {number}");
                Err(Error::new(Kind::Conflict, message).hint("repeat the command without its key"))
            }
        }
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
        let mut difference = Difference { flag: &change.flag, before: Patch::new(), after: Patch::new() };
        for (field, wanted) in &change.patch {
            let present = self.present(&change.flag, field)?;
            if present != *wanted {
                difference.before.insert(field.clone(), present);
                difference.after.insert(field.clone(), wanted.clone());
            }
        }
        Ok(difference)
    }

    fn present(&self, flag: &str, field: &Field) -> Result<Option<FieldValue>> {
        let name = field.to_string();
        let mut statement = self
            .transaction
            .prepare_cached("SELECT value FROM override WHERE flag = ?1 AND field = ?2")
            .map_err(|error| self.failed(error))?;
        let text: Option<String> = statement
            .query_row([flag, &name], |row| row.get(0))
            .optional()
            .map_err(|error| self.failed(error))?;
        let parsed = text.map(|text| parse_value(&name, &text)).transpose();
        Ok(parsed.map_err(|what| damaged(self.store.shown(), what))?.map(|(_, value)| value))
    }

    /// Writes the journal entry. Its number is the one after the last: the transaction keeps every other
    /// writer out, and entries are never deleted, so there are no gaps.
    fn journal(&self, set: &ChangeSet, request: &str, differences: &[Difference<'_>]) -> Result<i64> {
        let sqlite = |error| self.failed(error);
        let number: i64 = self
            .transaction
            .query_row(
                "INSERT INTO journal (number, at, actor, reason, tool, key, request)
                 SELECT coalesce(max(number), 0) + 1, ?1, ?2, ?3, ?4, ?5, ?6 FROM journal RETURNING number",
                params![set.at.millis(), set.actor, set.reason, TOOL, set.key.as_str(), request],
                |row| row.get(0),
            )
            .map_err(sqlite)?;
        let mut statement = self
            .transaction
            .prepare_cached(
                "INSERT INTO journal_change (flag, number, before, after) VALUES (?1, ?2, ?3, ?4)",
            )
            .map_err(sqlite)?;
        for difference in differences {
            let (before, after) = (patch_to_json(&difference.before), patch_to_json(&difference.after));
            statement
                .execute(params![difference.flag, number, before.to_string(), after.to_string()])
                .map_err(sqlite)?;
        }
        Ok(number)
    }

    fn set(&self, difference: &Difference<'_>, number: i64) -> Result<()> {
        let run = |sql: &str, parameters: &[&dyn rusqlite::ToSql]| -> Result<()> {
            let mut statement = self.transaction.prepare_cached(sql).map_err(|error| self.failed(error))?;
            statement.execute(parameters).map(|_| ()).map_err(|error| self.failed(error))
        };
        let flag = difference.flag;
        for (field, value) in &difference.after {
            let name = field.to_string();
            match value {
                None => run("DELETE FROM override WHERE flag = ?1 AND field = ?2", params![flag, name])?,
                Some(value) => run(
                    "INSERT INTO override (flag, field, value, number) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT DO UPDATE SET value = excluded.value, number = excluded.number",
                    params![flag, name, value_text(field, value), number],
                )?,
            }
        }
        run(
            "INSERT INTO version (flag, number) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET number = excluded.number",
            params![flag, number],
        )
    }

    fn failed(&self, error: rusqlite::Error) -> Error {
        failed(self.store.shown(), error)
    }
}

/// Returns what a key stands for: the flags and their patches, not who asks when and why.
fn request(set: &ChangeSet) -> String {
    let changes = set.changes.iter().map(|change| json!([change.flag, patch_to_json(&change.patch)]));
    Value::Array(changes.collect()).to_string()
}

pub(super) fn unsigned(number: i64) -> u64 {
    u64::try_from(number).expect("journal numbers start at 1")
}

pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
