//! A new store, which other processes see whole or not at all.

use std::fs::{self, File};
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::admin::permit::Permit;
use crate::error::Result;

use super::failure::{failed, failed_io};
use super::schema;

const PREFIX: &str = ".ffctl-store-";
/// A store is made in some milliseconds.
const ABANDONED: Duration = Duration::from_mins(1);

/// Creates the store and its folder, which nobody else can read. If another process is faster, its store
/// stays.
///
/// It is made beside its place and linked there when it is complete. So an empty or short file is never a
/// store that is just being made, and can be reported as damaged.
pub(super) fn create(_: Permit, path: &Path, shown: &str) -> Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let io = |error| failed_io(shown, "create", error);
    create_folder(folder).map_err(io)?;
    let file = tempfile::Builder::new().prefix(PREFIX).tempfile_in(folder).map_err(io)?;
    sweep(folder, file.as_file());
    fill(file.path()).map_err(|error| failed(shown, error))?;
    file.as_file().sync_all().map_err(io)?;
    match file.persist_noclobber(path) {
        Err(error) if error.error.kind() != std::io::ErrorKind::AlreadyExists => Err(io(error.error)),
        _ => Ok(()),
    }
}

/// Takes away what processes left that were killed while they made a store; what cannot be taken away stays.
fn sweep(folder: &Path, newest: &File) {
    let made = |metadata: fs::Metadata| metadata.modified().ok();
    let Some(now) = newest.metadata().ok().and_then(made) else { return };
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let ours = entry.file_name().to_string_lossy().starts_with(PREFIX);
        let age = || now.duration_since(entry.metadata().ok().and_then(made)?).ok();
        if ours && age().is_some_and(|age| age > ABANDONED) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn fill(path: &Path) -> rusqlite::Result<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    // Nobody else sees this file, so there is nothing to roll back to.
    connection.pragma_update(None, "journal_mode", "off")?;
    connection.execute_batch("BEGIN")?;
    connection.pragma_update(None, "application_id", schema::APPLICATION_ID)?;
    schema::migrate(&connection, 0)?;
    connection.execute_batch("COMMIT")?;
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
