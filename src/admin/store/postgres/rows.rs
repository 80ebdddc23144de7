//! The rows of a store in a database.

use tokio_postgres::Row;
use tokio_postgres::types::FromSql;

use crate::admin::journal::JournalFilter;
use crate::admin::store::rows::{
    AttemptRow, ChangeRow, EntryRow, NewEntryRow, NewValueRow, OverrideRow, Rows, TokenRow,
};
use crate::error::{Error, Result};
use crate::layer::TargetLabel;

use super::failure::{Trouble, damaged};
use super::parameter::{Parameter, bytes, number, numbers, text, text_if_any, texts, texts_if_any};
use super::schema::{SINCE_FIELD_ENDS, SINCE_TOKEN_ENTRIES};
use super::sessions::Session;
use super::store::PostgresStore;

/// The rows within one transaction; one that reads may be of a store of an older version, which lacks columns.
pub(super) struct PostgresRows<'a> {
    pub(super) store: &'a PostgresStore,
    pub(super) session: Session,
    pub(super) version: usize,
}

impl PostgresRows<'_> {
    fn all<T>(
        &self,
        query: &'static str,
        parameters: Vec<Parameter>,
        read: impl Fn(&Columns<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let rows = self.store.sessions.query(&self.session, query, parameters);
        let rows = rows.map_err(|trouble| self.store.failed(trouble))?;
        rows.iter().map(|row| read(&Columns { row, store: self.store })).collect()
    }

    fn first<T>(
        &self,
        query: &'static str,
        parameters: Vec<Parameter>,
        read: impl Fn(&Columns<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        Ok(self.all(query, parameters, read)?.pop())
    }

    fn run(&self, statement: &'static str, parameters: Vec<Parameter>) -> Result<()> {
        self.all(statement, parameters, |_| Ok(())).map(drop)
    }
}

/// The columns of one row.
struct Columns<'a> {
    row: &'a Row,
    store: &'a PostgresStore,
}

impl Columns<'_> {
    fn get<T: for<'r> FromSql<'r>>(&self, column: usize) -> Result<T> {
        self.row
            .try_get(column)
            .map_err(|error| damaged(self.store.shown(), &Trouble::Database(error).words()))
    }

    /// Returns a number of the journal or of a token.
    fn number(&self, column: usize) -> Result<u64> {
        let wrong = |_| damaged(self.store.shown(), "a number is below 0");
        u64::try_from(self.get::<i64>(column)?).map_err(wrong)
    }

    /// Returns a SHA-256.
    fn digest(&self, column: usize) -> Result<[u8; 32]> {
        let wrong = |_| damaged(self.store.shown(), "a hash has not 32 bytes");
        self.get::<Vec<u8>>(column)?.try_into().map_err(wrong)
    }

    /// Returns the change whose columns begin at one.
    fn change(&self, at: usize) -> Result<ChangeRow> {
        Ok(ChangeRow {
            flag: self.get(at)?,
            before: self.get(at + 1)?,
            after: self.get(at + 2)?,
            expires_at: self.get(at + 3)?,
            ends: self.get(at + 4)?,
        })
    }
}

/// The query of entries, with the column that tells of a token.
macro_rules! entries {
    ($token:literal) => {
        concat!(
            "SELECT number, at, actor, reason, tool, hash, ",
            $token,
            " FROM ffctl.journal
             WHERE number > $1 AND number < $2 AND ($3 IS NULL OR EXISTS (SELECT FROM ffctl.journal_change c
                 WHERE c.flag = $3 AND c.number = journal.number))
             ORDER BY number DESC LIMIT $4"
        )
    };
}

fn overridden(row: &Columns<'_>) -> Result<OverrideRow> {
    Ok(OverrideRow {
        flag: row.get(0)?,
        field: row.get(1)?,
        value: row.get(2)?,
        number: row.number(3)?,
        at: row.get(4)?,
        actor: row.get(5)?,
        expires_at: row.get(6)?,
    })
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

impl Rows for PostgresRows<'_> {
    fn label(&self) -> &TargetLabel {
        self.store.label()
    }

    fn damaged(&self, what: String) -> Error {
        damaged(self.store.shown(), &what)
    }

    fn attempt(&self, key: &str) -> Result<Option<AttemptRow>> {
        let query = "SELECT number, request, hash FROM ffctl.journal WHERE key = $1";
        self.first(query, vec![text(key)?], |row| {
            Ok(AttemptRow { number: row.number(0)?, request: row.get(1)?, hash: Some(row.digest(2)?) })
        })
    }

    fn version(&self, flag: &str) -> Result<u64> {
        Ok(self.versions(Some(flag))?.pop().map_or(0, |(_, number)| number))
    }

    fn versions(&self, flag: Option<&str>) -> Result<Vec<(String, u64)>> {
        let query = "SELECT flag, number FROM ffctl.version WHERE $1 IS NULL OR flag = $1";
        self.all(query, vec![text_if_any(flag)?], |row| Ok((row.get(0)?, row.number(1)?)))
    }

    fn overrides(&self, flag: Option<&str>) -> Result<Vec<OverrideRow>> {
        let query = "SELECT o.flag, field, value, number, at, actor, expires_at
             FROM ffctl.override o JOIN ffctl.journal USING (number)
             WHERE $1 IS NULL OR o.flag = $1 ORDER BY o.flag, field";
        self.all(query, vec![text_if_any(flag)?], overridden)
    }

    fn value(&self, flag: &str, field: &str) -> Result<Option<(String, Option<i64>)>> {
        let query = "SELECT value, expires_at FROM ffctl.override WHERE flag = $1 AND field = $2";
        self.first(query, vec![text(flag)?, text(field)?], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    fn due(&self, now: i64) -> Result<Vec<OverrideRow>> {
        let query = "SELECT flag, field, value, number, at, actor, expires_at
             FROM ffctl.override JOIN ffctl.journal USING (number)
             WHERE expires_at <= $1 ORDER BY number, flag, field";
        self.all(query, vec![number(now)], overridden)
    }

    fn head(&self) -> Result<Option<(u64, Option<[u8; 32]>)>> {
        let query = "SELECT number, hash FROM ffctl.journal ORDER BY number DESC LIMIT 1";
        self.first(query, Vec::new(), |row| Ok((row.number(0)?, Some(row.digest(1)?))))
    }

    fn entries(&self, filter: &JournalFilter) -> Result<Vec<EntryRow>> {
        let query =
            if self.version >= SINCE_TOKEN_ENTRIES { entries!("token") } else { entries!("NULL::text") };
        let bounds = (signed(filter.after.unwrap_or(0)), signed(filter.before.unwrap_or(u64::MAX)));
        let flag = filter.flag.as_deref();
        let parameters =
            vec![number(bounds.0), number(bounds.1), text_if_any(flag)?, number(i64::from(filter.limit))];
        let mut found = self.all(query, parameters, |row| {
            Ok(EntryRow {
                number: row.number(0)?,
                at: row.get(1)?,
                actor: row.get(2)?,
                reason: row.get(3)?,
                tool: row.get(4)?,
                hash: Some(row.digest(5)?),
                changes: Vec::new(),
                token: row.get(6)?,
            })
        })?;
        let (Some(newest), Some(oldest)) = (found.first(), found.last()) else { return Ok(found) };
        let query = if self.version >= SINCE_FIELD_ENDS {
            "SELECT number, flag, before, after, expires_at, ends FROM ffctl.journal_change
             WHERE number BETWEEN $1 AND $2 AND ($3 IS NULL OR flag = $3) ORDER BY number DESC, flag"
        } else {
            "SELECT number, flag, before, after, expires_at, NULL::text FROM ffctl.journal_change
             WHERE number BETWEEN $1 AND $2 AND ($3 IS NULL OR flag = $3) ORDER BY number DESC, flag"
        };
        let parameters =
            vec![number(signed(oldest.number)), number(signed(newest.number)), text_if_any(flag)?];
        let mut changes =
            self.all(query, parameters, |row| Ok((row.number(0)?, row.change(1)?)))?.into_iter().peekable();
        for entry in &mut found {
            while let Some((_, change)) = changes.next_if(|(number, _)| *number == entry.number) {
                entry.changes.push(change);
            }
        }
        Ok(found)
    }

    fn add_entry(&self, entry: &NewEntryRow<'_>) -> Result<()> {
        let parameters = vec![
            number(signed(entry.number)),
            number(entry.at),
            text_if_any(entry.actor)?,
            text_if_any(entry.reason)?,
            text(entry.tool)?,
            text(entry.key)?,
            text(entry.request)?,
            bytes(&entry.hash),
            texts(entry.changes.iter().map(|change| change.flag.as_str()))?,
            texts(entry.changes.iter().map(|change| change.before.as_str()))?,
            texts(entry.changes.iter().map(|change| change.after.as_str()))?,
            numbers(entry.changes.iter().map(|change| change.expires_at)),
            texts_if_any(entry.changes.iter().map(|change| change.ends.as_deref()))?,
            text_if_any(entry.token.as_deref())?,
        ];
        let statement = "WITH entry AS (
                 INSERT INTO ffctl.journal (number, at, actor, reason, tool, key, request, hash, token)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $14) RETURNING number)
             INSERT INTO ffctl.journal_change (number, flag, before, after, expires_at, ends)
             SELECT entry.number, c.* FROM entry, unnest($9, $10, $11, $12, $13) c";
        self.run(statement, parameters)
    }

    fn set_value(&self, new: &NewValueRow<'_>) -> Result<()> {
        let (flag, field) = (text(new.flag)?, text(&new.field)?);
        let Some(value) = &new.value else {
            return self.run("DELETE FROM ffctl.override WHERE flag = $1 AND field = $2", vec![flag, field]);
        };
        let statement = "INSERT INTO ffctl.override (flag, field, value, number, expires_at)
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (flag, field) DO UPDATE SET value = excluded.value,
                 number = excluded.number, expires_at = excluded.expires_at";
        self.run(
            statement,
            vec![flag, field, text(value)?, number(signed(new.number)), number(new.expires_at)],
        )
    }

    fn set_version(&self, flag: &str, last: u64) -> Result<()> {
        let statement = "INSERT INTO ffctl.version (flag, number) VALUES ($1, $2)
             ON CONFLICT (flag) DO UPDATE SET number = excluded.number";
        self.run(statement, vec![text(flag)?, number(signed(last))])
    }

    fn tokens(&self) -> Result<Vec<TokenRow>> {
        let query = "SELECT number, name, role, created_at, expires_at, revoked_at, digest FROM ffctl.token
             ORDER BY number";
        self.all(query, Vec::new(), |row| {
            Ok(TokenRow {
                number: row.number(0)?,
                name: row.get(1)?,
                role: row.get(2)?,
                created_at: row.get(3)?,
                expires_at: row.get(4)?,
                revoked_at: row.get(5)?,
                digest: row.digest(6)?,
            })
        })
    }

    fn has_tokens(&self) -> Result<bool> {
        let any = self.first("SELECT EXISTS (SELECT FROM ffctl.token)", Vec::new(), |row| row.get(0))?;
        Ok(any.unwrap_or(false))
    }

    fn add_token(&self, token: &TokenRow) -> Result<()> {
        let statement =
            "INSERT INTO ffctl.token (number, name, role, created_at, expires_at, revoked_at, digest)
             VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let parameters = vec![
            number(signed(token.number)),
            text(&token.name)?,
            text(&token.role)?,
            number(token.created_at),
            number(token.expires_at),
            number(token.revoked_at),
            bytes(&token.digest),
        ];
        self.run(statement, parameters)
    }

    fn revoke_token(&self, token: u64, at: i64) -> Result<()> {
        let statement = "UPDATE ffctl.token SET revoked_at = $2 WHERE number = $1";
        self.run(statement, vec![number(signed(token)), number(at)])
    }
}
