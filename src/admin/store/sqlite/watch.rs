//! Noticing that somebody changed the file.

use rusqlite::{Connection, OpenFlags};

use crate::error::Result;

use super::failure::failed;
use super::local::LocalStore;

/// A look at the file that tells whether it changed since the last look, whoever did it: a process beside this one
/// or this one. Costs some microseconds.
#[derive(Debug)]
pub(in crate::admin::store) struct SqliteWatch {
    connection: Connection,
    shown: String,
    seen: i64,
}

impl LocalStore {
    /// Starts to watch the store, which must exist.
    pub(in crate::admin::store) fn watch(&self) -> Result<SqliteWatch> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection =
            Connection::open_with_flags(self.path(), flags).map_err(|error| failed(self.shown(), error))?;
        let mut watch = SqliteWatch { connection, shown: self.shown().to_owned(), seen: 0 };
        watch.changed()?;
        Ok(watch)
    }
}

impl SqliteWatch {
    /// Tells whether the store changed since the last time this was asked, or since the watch began. `SQLite` counts
    /// the commits of other connections, and every write of a [`LocalStore`] has its own.
    pub(in crate::admin::store) fn changed(&mut self) -> Result<bool> {
        let now: i64 = self
            .connection
            .pragma_query_value(None, "data_version", |row| row.get(0))
            .map_err(|error| failed(&self.shown, error))?;
        let changed = now != self.seen;
        self.seen = now;
        Ok(changed)
    }
}
