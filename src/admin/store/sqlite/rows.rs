//! The rows of a store in an `SQLite` file.

use rusqlite::{OptionalExtension, Row, Transaction, params};

use crate::admin::journal::JournalFilter;
use crate::admin::permit::Permit;
use crate::admin::store::rows::{
    AttemptRow, ChangeRow, EntryRow, NewEntryRow, NewValueRow, OverrideRow, Rows, TokenRow,
};
use crate::error::{Error, Result};
use crate::layer::TargetLabel;

use super::connection::{reading, writing};
use super::failure::{damaged, failed};
use super::local::LocalStore;
use super::schema::{self, SINCE_CHAIN, SINCE_FIELD_ENDS, SINCE_TOKEN_ENTRIES};
use super::seal::{self, Journal};

/// The rows within one transaction; one that reads may be of a store of an older version, which lacks columns.
pub(super) struct SqliteRows<'a> {
    pub(super) store: &'a LocalStore,
    pub(super) transaction: &'a Transaction<'a>,
    pub(super) version: usize,
}

impl LocalStore {
    /// Runs `read` in one consistent view of the store; none if there is no store.
    pub(in crate::admin::store) fn reading<T>(
        &self,
        read: impl Fn(&dyn Rows) -> Result<T>,
    ) -> Result<Option<T>> {
        reading(self.path(), self.shown(), |transaction, version| {
            read(&SqliteRows { store: self, transaction, version })
        })
    }

    /// Runs `write` in one transaction, see [`writing`].
    pub(in crate::admin::store) fn writing<T>(
        &self,
        permit: Permit,
        write: impl FnOnce(&dyn Rows) -> Result<(T, bool)>,
    ) -> Result<T> {
        writing(permit, self.path(), self.shown(), |transaction| {
            write(&SqliteRows { store: self, transaction, version: schema::current() })
        })
    }
}

impl SqliteRows<'_> {
    fn failed(&self, error: rusqlite::Error) -> Error {
        failed(self.store.shown(), error)
    }

    /// Tells whether the store has tokens, ends and the chain.
    fn is_chained(&self) -> bool {
        self.version >= SINCE_CHAIN
    }

    /// Returns a column that there is since the chain.
    fn since_chain(&self, column: &'static str) -> &'static str {
        if self.is_chained() { column } else { "NULL" }
    }

    fn all<T>(
        &self,
        query: &str,
        parameters: impl rusqlite::Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let all = || -> rusqlite::Result<Vec<T>> {
            self.transaction.prepare_cached(query)?.query_map(parameters, read)?.collect()
        };
        all().map_err(|error| self.failed(error))
    }

    fn first<T>(
        &self,
        query: &str,
        parameters: impl rusqlite::Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>> {
        let first = || self.transaction.prepare_cached(query)?.query_row(parameters, read).optional();
        first().map_err(|error| self.failed(error))
    }

    fn run(&self, sql: &str, parameters: impl rusqlite::Params) -> Result<()> {
        let run = || self.transaction.prepare_cached(sql)?.execute(parameters);
        run().map(drop).map_err(|error| self.failed(error))
    }

    /// Returns the query of overridden fields.
    fn overridden(&self, rest: &str) -> String {
        let ends = self.since_chain("override.expires_at");
        format!(
            "SELECT override.flag, field, value, number, at, actor, {ends} FROM override JOIN journal USING (number) {rest}"
        )
    }
}

impl Rows for SqliteRows<'_> {
    fn label(&self) -> &TargetLabel {
        self.store.label()
    }

    fn damaged(&self, what: String) -> Error {
        damaged(self.store.shown(), what)
    }

    fn attempt(&self, key: &str) -> Result<Option<AttemptRow>> {
        if !self.is_chained() {
            return Ok(None);
        }
        self.first("SELECT number, request, hash FROM journal WHERE key = ?1", [key], |row| {
            Ok(AttemptRow { number: number(row, 0)?, request: row.get(1)?, hash: row.get(2)? })
        })
    }

    fn version(&self, flag: &str) -> Result<u64> {
        let found = self.first("SELECT number FROM version WHERE flag = ?1", [flag], |row| number(row, 0))?;
        Ok(found.unwrap_or(0))
    }

    fn versions(&self, flag: Option<&str>) -> Result<Vec<(String, u64)>> {
        let read = |row: &Row<'_>| Ok((row.get(0)?, number(row, 1)?));
        match flag {
            None => self.all("SELECT flag, number FROM version", [], read),
            Some(flag) => self.all("SELECT flag, number FROM version WHERE flag = ?1", [flag], read),
        }
    }

    fn overrides(&self, flag: Option<&str>) -> Result<Vec<OverrideRow>> {
        match flag {
            None => self.all(&self.overridden("ORDER BY override.flag, field"), [], overridden),
            Some(flag) => {
                self.all(&self.overridden("WHERE override.flag = ?1 ORDER BY field"), [flag], overridden)
            }
        }
    }

    fn value(&self, flag: &str, field: &str) -> Result<Option<(String, Option<i64>)>> {
        let query = "SELECT value, expires_at FROM override WHERE flag = ?1 AND field = ?2";
        self.first(query, [flag, field], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    fn due(&self, now: i64) -> Result<Vec<OverrideRow>> {
        let due = self.overridden("WHERE override.expires_at <= ?1 ORDER BY number, override.flag, field");
        self.all(&due, [now], overridden)
    }

    fn head(&self) -> Result<Option<(u64, Option<[u8; 32]>)>> {
        let last = "SELECT number, hash FROM journal ORDER BY number DESC LIMIT 1";
        self.first(last, [], |row| Ok((number(row, 0)?, row.get(1)?)))
    }

    fn entries(&self, filter: &JournalFilter) -> Result<Vec<EntryRow>> {
        let query = format!(
            "SELECT number, at, actor, reason, tool, {}, {} FROM journal
             WHERE number > ?1 AND number < ?4 AND (?2 IS NULL OR EXISTS
                 (SELECT 1 FROM journal_change WHERE flag = ?2 AND journal_change.number = journal.number))
             ORDER BY number DESC LIMIT ?3",
            self.since_chain("hash"),
            if self.version >= SINCE_TOKEN_ENTRIES { "token" } else { "NULL" },
        );
        let changes = format!(
            "SELECT flag, before, after, {}, {} FROM journal_change
             WHERE number = ?1 AND (?2 IS NULL OR flag = ?2) ORDER BY flag",
            self.since_chain("expires_at"),
            if self.version >= SINCE_FIELD_ENDS { "ends" } else { "NULL" },
        );
        let (after, before) = (signed(filter.after.unwrap_or(0)), signed(filter.before.unwrap_or(u64::MAX)));
        let mut found = self.all(&query, params![after, filter.flag, filter.limit, before], |row| {
            Ok(EntryRow {
                number: number(row, 0)?,
                at: row.get(1)?,
                actor: row.get(2)?,
                reason: row.get(3)?,
                tool: row.get(4)?,
                hash: row.get(5)?,
                changes: Vec::new(),
                token: row.get(6)?,
            })
        })?;
        for entry in &mut found {
            let number = signed(entry.number);
            if self.version >= seal::SINCE {
                Journal::Target.check(self.transaction, self.store.shown(), self.version, number)?;
            }
            entry.changes = self.all(&changes, params![number, filter.flag], change)?;
        }
        Ok(found)
    }

    fn add_entry(&self, entry: &NewEntryRow<'_>) -> Result<()> {
        let NewEntryRow { number, at, actor, reason, tool, key, request, hash, changes, token } = entry;
        let number = signed(*number);
        self.run(
            "INSERT INTO journal (number, at, actor, reason, tool, key, request, hash, token)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![number, at, actor, reason, tool, key, request, hash, token],
        )?;
        for ChangeRow { flag, before, after, expires_at, ends } in changes {
            self.run(
                "INSERT INTO journal_change (flag, number, before, after, expires_at, ends)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![flag, number, before, after, expires_at, ends],
            )?;
        }
        Journal::Target.seal(self.transaction, number).map_err(|error| self.failed(error))
    }

    fn set_value(&self, new: &NewValueRow<'_>) -> Result<()> {
        let NewValueRow { flag, field, value, number, expires_at } = new;
        match value {
            None => self.run("DELETE FROM override WHERE flag = ?1 AND field = ?2", params![flag, field]),
            Some(value) => self.run(
                "INSERT INTO override (flag, field, value, number, expires_at) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT DO UPDATE SET value = excluded.value, number = excluded.number,
                     expires_at = excluded.expires_at",
                params![flag, field, value, signed(*number), expires_at],
            ),
        }
    }

    fn set_version(&self, flag: &str, number: u64) -> Result<()> {
        self.run(
            "INSERT INTO version (flag, number) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET number = excluded.number",
            params![flag, signed(number)],
        )
    }

    fn tokens(&self) -> Result<Vec<TokenRow>> {
        if !self.is_chained() {
            return Ok(Vec::new());
        }
        let query = "SELECT number, name, role, created_at, expires_at, revoked_at, digest FROM token ORDER BY number";
        self.all(query, [], |row| {
            Ok(TokenRow {
                number: number(row, 0)?,
                name: row.get(1)?,
                role: row.get(2)?,
                created_at: row.get(3)?,
                expires_at: row.get(4)?,
                revoked_at: row.get(5)?,
                digest: row.get(6)?,
            })
        })
    }

    fn has_tokens(&self) -> Result<bool> {
        if !self.is_chained() {
            return Ok(false);
        }
        let any = self.first("SELECT EXISTS (SELECT 1 FROM token)", [], |row| row.get(0))?;
        Ok(any.unwrap_or(false))
    }

    fn add_token(&self, token: &TokenRow) -> Result<()> {
        let TokenRow { number, name, role, created_at, expires_at, revoked_at, digest } = token;
        self.run(
            "INSERT INTO token (number, name, role, created_at, expires_at, revoked_at, digest)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![signed(*number), name, role, created_at, expires_at, revoked_at, digest],
        )
    }

    fn revoke_token(&self, number: u64, at: i64) -> Result<()> {
        self.run("UPDATE token SET revoked_at = ?2 WHERE number = ?1", params![signed(number), at])
    }
}

fn overridden(row: &Row<'_>) -> rusqlite::Result<OverrideRow> {
    Ok(OverrideRow {
        flag: row.get(0)?,
        field: row.get(1)?,
        value: row.get(2)?,
        number: number(row, 3)?,
        at: row.get(4)?,
        actor: row.get(5)?,
        expires_at: row.get(6)?,
    })
}

fn change(row: &Row<'_>) -> rusqlite::Result<ChangeRow> {
    Ok(ChangeRow {
        flag: row.get(0)?,
        before: row.get(1)?,
        after: row.get(2)?,
        expires_at: row.get(3)?,
        ends: row.get(4)?,
    })
}

/// Returns a journal number.
pub(super) fn number(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let number: i64 = row.get(column)?;
    u64::try_from(number).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, number))
}

pub(super) fn unsigned(number: i64) -> u64 {
    u64::try_from(number).expect("journal numbers start at 1")
}

pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
