//! One entry of the journal with what it does to the overrides: together, or not at all.

use rusqlite::{OptionalExtension, params};

use crate::admin::chain::EntryHash;
use crate::admin::journal::{JournalChange, JournalEntry};
use crate::error::Result;
use crate::layer::patch_to_json;
use crate::model::Timestamp;

use super::failure::damaged;
use super::field_text::value_text;
use super::seal::Journal;
use super::write::{Difference, TOOL, Write, signed};

/// What an entry says beside its differences.
pub(super) struct Entry<'a> {
    /// When.
    pub(super) at: Timestamp,
    /// Who.
    pub(super) actor: Option<&'a str>,
    /// Why.
    pub(super) reason: Option<&'a str>,
    /// The attempt's name.
    pub(super) key: &'a str,
    /// What the name stands for.
    pub(super) request: &'a str,
}

impl Write<'_> {
    /// Journals differences and makes them so; returns the number of the entry and its hash. The number is the one
    /// after the last: the transaction keeps every other writer out, and entries are never deleted, so there are no
    /// gaps.
    pub(super) fn record(
        &self,
        entry: &Entry<'_>,
        differences: &[Difference<'_>],
    ) -> Result<(u64, EntryHash)> {
        let (last, previous) = self.head()?;
        let number = last + 1;
        let hash = previous.next(&JournalEntry {
            number,
            at: Some(entry.at),
            actor: entry.actor.map(str::to_owned),
            reason: entry.reason.map(str::to_owned),
            tool: Some(TOOL.to_owned()),
            changes: differences.iter().map(Difference::journalled).collect(),
            hash: None,
        });
        let Entry { at, actor, reason, key, request } = entry;
        self.run(
            "INSERT INTO journal (number, at, actor, reason, tool, key, request, hash)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![signed(number), at.millis(), actor, reason, TOOL, key, request, hash.0],
        )?;
        for difference in differences {
            let (before, after) = (patch_to_json(&difference.before), patch_to_json(&difference.after));
            let ends = difference.expires_at.map(Timestamp::millis);
            self.run(
                "INSERT INTO journal_change (flag, number, before, after, expires_at) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![difference.flag, signed(number), before.to_string(), after.to_string(), ends],
            )?;
        }
        Journal::Target.seal(self.transaction, signed(number)).map_err(|error| self.failed(error))?;
        for difference in differences {
            self.set(difference, signed(number))?;
        }
        Ok((number, hash))
    }

    /// Returns the number and the hash of the last entry; 0 and the default before the first.
    fn head(&self) -> Result<(u64, EntryHash)> {
        let last: Option<(i64, Option<[u8; 32]>)> = self
            .transaction
            .query_row("SELECT number, hash FROM journal ORDER BY number DESC LIMIT 1", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()
            .map_err(|error| self.failed(error))?;
        match last {
            None => Ok((0, EntryHash::default())),
            Some((number, Some(hash))) => Ok((super::write::unsigned(number), EntryHash(hash))),
            Some((number, None)) => {
                Err(damaged(self.store.shown(), format!("entry {number} of its journal has no hash")))
            }
        }
    }

    fn set(&self, difference: &Difference<'_>, number: i64) -> Result<()> {
        let flag = difference.flag;
        let ends = difference.expires_at.map(Timestamp::millis);
        for (field, value) in &difference.after {
            let name = field.to_string();
            match value {
                None => self.run("DELETE FROM override WHERE flag = ?1 AND field = ?2", params![flag, name])?,
                Some(value) => self.run(
                    "INSERT INTO override (flag, field, value, number, expires_at) VALUES (?1, ?2, ?3, ?4, ?5)
                     ON CONFLICT DO UPDATE SET value = excluded.value, number = excluded.number,
                         expires_at = excluded.expires_at",
                    params![flag, name, value_text(field, value), number, ends],
                )?,
            }
        }
        self.run(
            "INSERT INTO version (flag, number) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET number = excluded.number",
            params![flag, number],
        )
    }

    fn run(&self, sql: &str, parameters: &[&dyn rusqlite::ToSql]) -> Result<()> {
        let mut statement = self.transaction.prepare_cached(sql).map_err(|error| self.failed(error))?;
        statement.execute(parameters).map(drop).map_err(|error| self.failed(error))
    }
}

impl Difference<'_> {
    fn journalled(&self) -> JournalChange {
        JournalChange {
            flag: self.flag.to_owned(),
            before: self.before.clone(),
            after: self.after.clone(),
            expires_at: self.expires_at,
        }
    }
}
