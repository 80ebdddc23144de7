//! A file that holds a secret: written whole, for its owner alone.

use std::fs::{self, DirBuilder, File};
use std::io::{ErrorKind, Write};
use std::path::Path;

use crate::admin::Permit;
use crate::error::{Error, Kind, Result};

/// Writes a file that only its owner may read, into a folder that only its owner may look into if it has to be made: a temporary
/// file, synced, renamed over what was there.
///
/// # Errors
/// Kind `Local` when it cannot be written; what was there is then still there.
pub fn write_private_file(_permit: &Permit, path: &Path, shown: &str, text: &str) -> Result<()> {
    let failed = |error: std::io::Error| {
        Error::new(Kind::Local, format!("cannot write the token file `{shown}`")).caused_by(error)
    };
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(failed)?;
    // Temporary files are their owner's alone from the start.
    let mut builder = tempfile::Builder::new();
    let mut file = builder.prefix(".ffctl-").suffix(".tmp").tempfile_in(folder).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    // A file system that cannot sync a folder has done what it can.
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
    Ok(())
}

/// Takes such a file away; tells whether there was one.
///
/// # Errors
/// Kind `Local` when it is there and cannot be taken away.
pub fn remove_private_file(_permit: &Permit, path: &Path, shown: &str) -> Result<bool> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(false),
        Err(error) => {
            Err(Error::new(Kind::Local, format!("cannot remove the token file `{shown}`")).caused_by(error))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn it_is_its_owners_alone_whatever_was_there() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("tokens/prod.token");
        let permit = Permit::unless_dry_run(false).expect("no dry run");
        let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        write_private_file(&permit, &path, "t", "one").expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("set");
        write_private_file(&permit, &path, "t", "two").expect("written");
        assert_eq!((mode(&path), mode(path.parent().expect("a folder"))), (0o600, 0o700));
        assert_eq!(fs::read_to_string(&path).expect("read"), "two");
        assert!(remove_private_file(&permit, &path, "t").expect("removed"));
        assert!(!remove_private_file(&permit, &path, "t").expect("gone"));
        assert_eq!(fs::read_dir(folder.path().join("tokens")).expect("listed").count(), 0, "no leftovers");
    }
}
