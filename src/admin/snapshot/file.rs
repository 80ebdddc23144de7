//! Putting a snapshot where it stays: the whole file at once, and never over another one by mistake.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// Bytes of the largest file that is read.
pub const LARGEST_SNAPSHOT: u64 = 32 * 1024 * 1024;

/// Writes a file for its owner alone, with its folder; over another one only if `replace`.
///
/// # Errors
/// As the system has it; [`io::ErrorKind::AlreadyExists`] where there is such a file.
pub fn save(path: &Path, text: &str, replace: bool) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new().prefix(".ffctl-").suffix(".tmp").tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    let persisted = if replace { file.persist(path) } else { file.persist_noclobber(path) };
    persisted.map(drop).map_err(|error| error.error)
}
