//! A new store, which other processes see whole or not at all.

use std::fs;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use crate::admin::permit::Permit;
use crate::error::Result;

use super::failure::{failed, failed_io};
use super::schema;
use super::seal;
use super::sweep::{PREFIX, folder_of, sweep};

/// Creates the store and its folder, which nobody else can read. If another process is faster, its store
/// stays.
///
/// It is made beside its place and linked there when it is complete. So an empty or short file is never a
/// store that is just being made, and can be reported as damaged.
pub(super) fn create(_: Permit, path: &Path, shown: &str) -> Result<()> {
    let folder = folder_of(path);
    let io = |error| failed_io(shown, "create", error);
    create_folder(folder).map_err(io)?;
    let file = tempfile::Builder::new().prefix(PREFIX).tempfile_in(folder).map_err(io)?;
    sweep(folder, file.path());
    fill(file.path()).map_err(|error| failed(shown, error))?;
    file.as_file().sync_all().map_err(io)?;
    match file.persist_noclobber(path) {
        Err(error) if error.error.kind() != std::io::ErrorKind::AlreadyExists => Err(io(error.error)),
        _ => Ok(()),
    }
}

fn fill(path: &Path) -> rusqlite::Result<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    // Nobody else sees this file, so there is nothing to roll back to.
    connection.pragma_update(None, "journal_mode", "off")?;
    let transaction = connection.transaction()?;
    transaction.pragma_update(None, "application_id", schema::APPLICATION_ID)?;
    schema::migrate(&transaction, 0)?;
    seal::renew(&transaction)?;
    transaction.commit()?;
    connection.close().map_err(|(_, error)| error)
}

#[cfg(unix)]
fn create_folder(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn create_folder(folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder)
}
