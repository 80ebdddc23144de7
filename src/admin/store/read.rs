//! The overrides of the store, as a layer.

use rusqlite::{Row, Transaction};

use crate::error::Result;
use crate::layer::{AdminLayer, Freshness, Origin, TargetLabel, Version};
use crate::model::Timestamp;

use super::connection::reading;
use super::failure::{damaged, failed};
use super::field_text::parse_value;
use super::local::LocalStore;
use super::schema::SINCE_CHAIN;

/// Returns the query of overrides in a store of this version.
fn query(version: usize) -> String {
    let ends = if version >= SINCE_CHAIN { "override.expires_at" } else { "NULL" };
    format!(
        "SELECT override.flag, field, value, number, at, actor, {ends} FROM override JOIN journal USING (number)"
    )
}

impl LocalStore {
    /// Reads all overrides.
    ///
    /// # Errors
    /// When the file is damaged, no store, or cannot be read; never when there is none.
    pub fn read(&self) -> Result<AdminLayer> {
        let layer = reading(self.path(), self.shown(), |transaction, version| {
            let label = self.label_as(transaction, version)?;
            let mut layer = AdminLayer::empty(label, Freshness::Live);
            let all = format!("{} ORDER BY override.flag, field", query(version));
            self.overrides(transaction, &mut layer, &all, [])?;
            self.versions(transaction, &mut layer, "SELECT flag, number FROM version", [])?;
            Ok(layer)
        })?;
        Ok(layer.unwrap_or_else(|| self.nothing()))
    }

    /// Reads the overrides of some flags alone.
    ///
    /// # Errors
    /// As [`LocalStore::read`].
    pub fn read_flags(&self, flags: &[&str]) -> Result<AdminLayer> {
        let layer = reading(self.path(), self.shown(), |transaction, version| {
            let label = self.label_as(transaction, version)?;
            let mut layer = AdminLayer::empty(label, Freshness::Live);
            let one = format!("{} WHERE override.flag = ?1 ORDER BY field", query(version));
            for flag in flags {
                self.overrides(transaction, &mut layer, &one, [*flag])?;
                self.versions(
                    transaction,
                    &mut layer,
                    "SELECT flag, number FROM version WHERE flag = ?1",
                    [*flag],
                )?;
            }
            Ok(layer)
        })?;
        Ok(layer.unwrap_or_else(|| self.nothing()))
    }

    /// Returns how to name the store as it is now; by its place alone if it cannot be read.
    pub fn label_now(&self) -> TargetLabel {
        let label =
            reading(self.path(), self.shown(), |transaction, version| self.label_as(transaction, version));
        label.ok().flatten().unwrap_or_else(|| self.label().clone())
    }

    /// Returns how to name the store: one that has tokens is given out by a server.
    fn label_as(&self, transaction: &Transaction<'_>, version: usize) -> Result<TargetLabel> {
        let served = version >= SINCE_CHAIN
            && transaction
                .query_row("SELECT EXISTS (SELECT 1 FROM token)", [], |row| row.get(0))
                .map_err(|error| failed(self.shown(), error))?;
        Ok(TargetLabel { served, ..self.label().clone() })
    }

    fn nothing(&self) -> AdminLayer {
        AdminLayer::empty(self.label().clone(), Freshness::Live)
    }

    fn overrides(
        &self,
        transaction: &Transaction<'_>,
        layer: &mut AdminLayer,
        query: &str,
        parameters: impl rusqlite::Params,
    ) -> Result<()> {
        let sqlite = |error| failed(self.shown(), error);
        let mut statement = transaction.prepare_cached(query).map_err(sqlite)?;
        let mut rows = statement.query(parameters).map_err(sqlite)?;
        while let Some(row) = rows.next().map_err(sqlite)? {
            let flag: String = row.get(0).map_err(sqlite)?;
            let (field, value): (String, String) = (row.get(1).map_err(sqlite)?, row.get(2).map_err(sqlite)?);
            let (field, value) = parse_value(&field, &value).map_err(|what| damaged(self.shown(), what))?;
            let origin = origin(row).map_err(sqlite)?;
            layer.overrides.entry(flag).or_default().insert(field, (value, origin));
        }
        Ok(())
    }

    fn versions(
        &self,
        transaction: &Transaction<'_>,
        layer: &mut AdminLayer,
        query: &str,
        parameters: impl rusqlite::Params,
    ) -> Result<()> {
        let sqlite = |error| failed(self.shown(), error);
        let mut statement = transaction.prepare_cached(query).map_err(sqlite)?;
        let versions =
            statement.query_map(parameters, |row| Ok((row.get(0)?, number(row, 1)?))).map_err(sqlite)?;
        for version in versions {
            let (flag, number) = version.map_err(sqlite)?;
            layer.versions.insert(flag, Version::Journal(number));
        }
        Ok(())
    }
}

fn origin(row: &Row<'_>) -> rusqlite::Result<Origin> {
    Ok(Origin::Journal {
        number: number(row, 3)?,
        at: Some(Timestamp::from_millis(row.get(4)?)),
        by: row.get(5)?,
        expires_at: row.get::<_, Option<i64>>(6)?.map(Timestamp::from_millis),
    })
}

/// Returns a journal number.
pub(super) fn number(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let number: i64 = row.get(column)?;
    u64::try_from(number).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, number))
}
