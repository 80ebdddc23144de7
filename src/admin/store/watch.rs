//! Noticing that somebody changed a store.

use crate::error::Result;

use super::either::Store;
use super::postgres::PostgresWatch;
use super::sqlite::SqliteWatch;

/// Tells whether a store changed, whoever did it: another process or this one.
#[derive(Debug)]
pub struct StoreWatch(Watched);

#[derive(Debug)]
enum Watched {
    /// A file tells it when it is asked, which costs some microseconds.
    Sqlite(SqliteWatch),
    /// A database tells it by itself.
    Postgres(PostgresWatch),
}

impl Store {
    /// Starts to watch the store, which must exist. `wake` is called, from another thread, when it is worth asking the
    /// watch at once; a file never calls, and has to be asked now and then.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn watch(&self, wake: impl Fn() + Send + Sync + 'static) -> Result<StoreWatch> {
        Ok(StoreWatch(match self {
            Self::Sqlite(store) => Watched::Sqlite(store.watch()?),
            Self::Postgres(store) => Watched::Postgres(store.watch(wake)?),
        }))
    }
}

impl StoreWatch {
    /// Tells whether the store changed since the last time this was asked, or since the watch began. Never waits.
    ///
    /// # Errors
    /// While the store cannot be read.
    pub fn changed(&mut self) -> Result<bool> {
        match &mut self.0 {
            Watched::Sqlite(watch) => watch.changed(),
            Watched::Postgres(watch) => watch.changed(),
        }
    }
}
