//! Opening the store, to read or to write, and making sure that it is one.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior, ffi};

use crate::admin::permit::Permit;
use crate::admin::store::newer::newer;
use crate::error::{Error, Kind, Result};

use super::chained::chain_all;
use super::create::create;
use super::failure::{damaged, failed, failed_io};
use super::schema;
use super::seal;
use super::sweep::{folder_of, sweep};

/// How long to wait for other processes; each holds the store for some milliseconds.
const PATIENCE: Duration = Duration::from_secs(10);

/// Runs `read` in one consistent view of the store, with the version of the store; none if there is no store.
pub(super) fn reading<T>(
    path: &Path,
    shown: &str,
    read: impl Fn(&Transaction<'_>, usize) -> Result<T>,
) -> Result<Option<T>> {
    match fs::metadata(path) {
        Ok(found) if found.is_file() => {}
        Ok(_) => {
            return Err(Error::new(Kind::Local, format!("the local store `{shown}` is not a file"))
                .hint("`--store FILE` names another place"));
        }
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed_io(shown, "read", error)),
    }
    let attempt = |flags| {
        let mut connection = open(path, flags).map_err(Attempt::Sqlite)?;
        let transaction = connection.transaction().map_err(Attempt::Sqlite)?;
        // One of an older version lacks columns at most, see `schema`.
        let version = version(&transaction, path, shown)?;
        if version >= seal::SINCE {
            seal::check(&transaction, shown, version).map_err(Attempt::Failed)?;
        }
        read(&transaction, version).map_err(Attempt::Failed)
    };
    let result = match attempt(OpenFlags::SQLITE_OPEN_READ_ONLY) {
        // A writer was killed in its commit: the half of it must be rolled back before anybody can read, and
        // that takes the right to write.
        Err(Attempt::Sqlite(error)) if extended_code(&error) == Some(ffi::SQLITE_READONLY_ROLLBACK) => {
            attempt(OpenFlags::SQLITE_OPEN_READ_WRITE)
        }
        result => result,
    };
    result.map(Some).map_err(|attempt| attempt.into_error(shown))
}

/// Runs `write` in one transaction that no other writer can get into; commits if it returns `true` beside
/// its result, else takes everything back. Creates the store if there is none.
pub(super) fn writing<T>(
    permit: Permit,
    path: &Path,
    shown: &str,
    write: impl FnOnce(&Transaction<'_>) -> Result<(T, bool)>,
) -> Result<T> {
    if let Err(error) = fs::metadata(path) {
        if error.kind() != ErrorKind::NotFound {
            return Err(failed_io(shown, "write", error));
        }
        create(permit, path, shown)?;
    }
    let sqlite = |error| failed(shown, error);
    let mut connection = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(sqlite)?;
    connection.pragma_update(None, "synchronous", "extra").map_err(sqlite)?;
    connection.pragma_update(None, "foreign_keys", true).map_err(sqlite)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(sqlite)?;
    let version = version(&transaction, path, shown).map_err(|attempt| attempt.into_error(shown))?;
    if version >= seal::SINCE {
        seal::check(&transaction, shown, version)?;
    }
    if version < schema::current() {
        schema::migrate(&transaction, version).map_err(sqlite)?;
        if version < schema::SINCE_CHAIN {
            chain_all(&transaction, shown, version)?;
        }
    }
    let (result, commit) = write(&transaction)?;
    if commit {
        seal::renew(&transaction).map_err(sqlite)?;
        transaction.commit().map_err(sqlite)?;
        sweep(folder_of(path), path);
    }
    Ok(result)
}

/// A failure that the caller may still know a way around.
enum Attempt {
    Sqlite(rusqlite::Error),
    Failed(Error),
}

impl Attempt {
    fn into_error(self, shown: &str) -> Error {
        match self {
            Self::Sqlite(error) => failed(shown, error),
            Self::Failed(error) => error,
        }
    }
}

fn open(path: &Path, access: OpenFlags) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(PATIENCE)?;
    Ok(connection)
}

/// Returns the store's version, after making sure that it is a store and all of it is there.
fn version(transaction: &Transaction<'_>, path: &Path, shown: &str) -> std::result::Result<usize, Attempt> {
    let number = |pragma| transaction.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    let version = number("user_version").map_err(Attempt::Sqlite)?;
    // Under the transaction's lock nobody else changes the file's length.
    let length =
        number("page_count").map_err(Attempt::Sqlite)? * number("page_size").map_err(Attempt::Sqlite)?;
    let found = fs::metadata(path).map_err(|error| Attempt::Failed(failed_io(shown, "read", error)))?.len();
    if found == 0 || u64::try_from(length) != Ok(found) {
        let what = match found {
            0 => "it is an empty file".to_owned(),
            found => format!("it has {found} bytes and should have {length}"),
        };
        return Err(Attempt::Failed(damaged(shown, what)));
    }
    if number("application_id").map_err(Attempt::Sqlite)? != i64::from(schema::APPLICATION_ID) {
        let message = format!("`{shown}` is an SQLite file but not a store of ffctl");
        return Err(Attempt::Failed(
            Error::new(Kind::Local, message).hint("`--store FILE` names another file"),
        ));
    }
    match usize::try_from(version) {
        Ok(version) if (1..=schema::current()).contains(&version) => Ok(version),
        Ok(version) if version > schema::current() => {
            Err(Attempt::Failed(newer(Kind::Local, None, version, schema::current())))
        }
        _ => Err(Attempt::Failed(damaged(shown, format!("it says that it has version {version}")))),
    }
}

fn extended_code(error: &rusqlite::Error) -> Option<i32> {
    error.sqlite_error().map(|error| error.extended_code)
}
