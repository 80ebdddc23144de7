//! A store, whichever database keeps it.

use crate::admin::permit::Permit;
use crate::error::Result;
use crate::layer::TargetLabel;

use super::postgres::PostgresStore;
use super::rows::Rows;
use super::sqlite::LocalStore;

/// Where overrides, tokens and their journal are kept. Nothing is opened or asked before it is needed.
#[derive(Clone, Debug)]
pub enum Store {
    /// A file of this machine.
    Sqlite(LocalStore),
    /// A database that several servers can share.
    Postgres(PostgresStore),
}

impl From<LocalStore> for Store {
    fn from(store: LocalStore) -> Self {
        Self::Sqlite(store)
    }
}

impl Store {
    /// Returns how to name it.
    pub fn label(&self) -> &TargetLabel {
        match self {
            Self::Sqlite(store) => store.label(),
            Self::Postgres(store) => store.label(),
        }
    }

    /// Makes sure, before a server serves it, that the store can be used and is of this program's version. A file is
    /// made or brought up by the first write; in a database that is done now, whoever else starts at the same time.
    ///
    /// # Errors
    /// When it cannot be reached or used, or a newer program wrote it.
    pub fn prepare(&self, permit: &Permit) -> Result<()> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(store) => store.prepare(*permit),
        }
    }

    /// Runs `read` in one consistent view of the store; none if there is no store yet.
    pub(super) fn reading<T>(&self, read: impl Fn(&dyn Rows) -> Result<T>) -> Result<Option<T>> {
        match self {
            Self::Sqlite(store) => store.reading(|rows| read(rows)),
            Self::Postgres(store) => store.reading(|rows| read(rows)),
        }
    }

    /// Runs `write` in one transaction that no other writer can get into; commits if it returns `true` beside its
    /// result, else takes everything back. Makes the store if there is none.
    pub(super) fn writing<T>(
        &self,
        permit: Permit,
        write: impl FnOnce(&dyn Rows) -> Result<(T, bool)>,
    ) -> Result<T> {
        match self {
            Self::Sqlite(store) => store.writing(permit, |rows| write(rows)),
            Self::Postgres(store) => store.writing(permit, |rows| write(rows)),
        }
    }
}
