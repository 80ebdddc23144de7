//! What killed processes left.

use std::fs;
use std::path::Path;
use std::time::Duration;

/// How the file is called that becomes a store.
pub(super) const PREFIX: &str = ".ffctl-store-";
/// A store is made in some milliseconds.
const ABANDONED: Duration = Duration::from_mins(1);

/// Returns the folder of a store.
pub(super) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Takes away what processes left in the folder of a store that were killed while they made one; `written` is a
/// file of just now, which tells the time. What cannot be taken away stays.
pub(super) fn sweep(folder: &Path, written: &Path) {
    let made = |metadata: fs::Metadata| metadata.modified().ok();
    let Some(now) = fs::metadata(written).ok().and_then(made) else { return };
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let ours = entry.file_name().to_string_lossy().starts_with(PREFIX);
        let age = || now.duration_since(entry.metadata().ok().and_then(made)?).ok();
        if ours && age().is_some_and(|age| age > ABANDONED) {
            let _ = fs::remove_file(entry.path());
        }
    }
}
