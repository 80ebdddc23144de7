//! Writing a file so that it is either the old one or the new one, whatever happens in between.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::admin::Permit;
use crate::error::{Error, Kind, Result};

const PREFIX: &str = ".ffctl-";
const SUFFIX: &str = ".tmp";
/// A file is written in some milliseconds.
const ABANDONED: Duration = Duration::from_mins(1);

/// A file as it was read: its real place, and what stood in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileSnapshot {
    /// The file itself, links followed.
    pub path: PathBuf,
    /// Its text; none if there was no file.
    pub text: Option<String>,
}

/// Reads a file that is going to be changed.
///
/// # Errors
/// Kind `Local` when it cannot be read or is not UTF-8.
pub fn read_file(path: &Path) -> Result<FileSnapshot> {
    let failed = |error: std::io::Error| {
        Error::new(Kind::Local, format!("cannot read `{}`", path.display())).caused_by(error)
    };
    match fs::read_to_string(path) {
        Ok(text) => Ok(FileSnapshot { path: path.canonicalize().map_err(failed)?, text: Some(text) }),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Ok(FileSnapshot { path: path.to_owned(), text: None })
        }
        Err(error) => Err(failed(error)),
    }
}

/// Replaces the file of `snapshot` with `text`: written to a temporary file in the same folder, synced, renamed,
/// with the old file's permissions.
///
/// # Errors
/// Kind `Conflict` when the file is no longer what the snapshot says, `Local` when it cannot be written; the
/// file is then as it was.
pub fn write_file(_permit: &Permit, snapshot: &FileSnapshot, text: &str) -> Result<()> {
    let path = &snapshot.path;
    let failed = |error: std::io::Error| {
        let message = format!("cannot write `{}`", path.display());
        match error.kind() {
            ErrorKind::NotFound => Error::new(Kind::Local, message).hint("its folder must exist"),
            _ => Error::new(Kind::Local, message).caused_by(error),
        }
    };
    // Held until the file is replaced, so that two runs of this program cannot both find it unchanged. Where
    // files cannot be locked, the comparison below is all there is.
    let _held = lock(path);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    let mut file = builder.prefix(PREFIX).suffix(SUFFIX).tempfile_in(folder).map_err(failed)?;
    sweep(folder, file.as_file());
    file.write_all(text.as_bytes()).map_err(failed)?;
    match fs::metadata(path) {
        Ok(metadata) => file.as_file().set_permissions(metadata.permissions()).map_err(failed)?,
        Err(_) => readable(file.as_file()).map_err(failed)?,
    }
    file.as_file().sync_all().map_err(failed)?;
    if read_file(path)?.text != snapshot.text {
        return Err(Error::new(Kind::Conflict, format!("`{}` changed meanwhile", path.display()))
            .hint("nothing was written; look at the file and run the command again"));
    }
    match &snapshot.text {
        Some(_) => file.persist(path).map_err(|error| failed(error.error))?,
        None => file.persist_noclobber(path).map_err(|error| match error.error.kind() {
            ErrorKind::AlreadyExists => {
                Error::new(Kind::Conflict, format!("`{}` exists already", path.display()))
            }
            _ => failed(error.error),
        })?,
    };
    // The rename itself must survive a crash; a file system that cannot sync a folder has done what it can.
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
    Ok(())
}

/// Writes a file that is not there yet, or has nothing in it: written to a temporary file in the same folder, synced,
/// renamed, with the permissions of what was there.
///
/// # Errors
/// Kind `Conflict` when there is something in it meanwhile, `Local` when it cannot be written; it is then as it was.
pub fn write_list(_permit: &Permit, path: &Path, from: &mut File) -> Result<()> {
    let failed = |error: std::io::Error| {
        Error::new(Kind::Local, format!("cannot write `{}`", path.display())).caused_by(error)
    };
    let taken = || {
        Error::new(Kind::Conflict, format!("`{}` was written meanwhile", path.display()))
            .hint("it stays as it is; name another file and run the command again")
    };
    let there = fs::metadata(path).ok();
    let path = &path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    let mut file = builder.prefix(PREFIX).suffix(SUFFIX).tempfile_in(folder).map_err(failed)?;
    std::io::copy(from, file.as_file_mut()).map_err(failed)?;
    match &there {
        Some(there) => file.as_file().set_permissions(there.permissions()).map_err(failed)?,
        None => readable(file.as_file()).map_err(failed)?,
    }
    file.as_file().sync_all().map_err(failed)?;
    let persisted = match there {
        Some(_) if fs::metadata(path).is_ok_and(|there| there.len() > 0) => return Err(taken()),
        Some(_) => file.persist(path),
        None => file.persist_noclobber(path),
    };
    persisted.map(drop).map_err(|error| match error.error.kind() {
        ErrorKind::AlreadyExists => taken(),
        _ => failed(error.error),
    })
}

/// Takes away what processes left that were killed while they wrote; what cannot be taken away stays.
fn sweep(folder: &Path, newest: &File) {
    let written = |metadata: fs::Metadata| metadata.modified().ok();
    let Some(now) = newest.metadata().ok().and_then(written) else { return };
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let ours = name.to_str().is_some_and(|name| name.starts_with(PREFIX) && name.ends_with(SUFFIX));
        let age = || now.duration_since(entry.metadata().ok().and_then(written)?).ok();
        if ours && age().is_some_and(|age| age > ABANDONED) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Keeps other runs of this program from writing the file, as long as the result lives.
#[cfg(unix)]
fn lock(path: &Path) -> Option<File> {
    let file = File::open(path).ok()?;
    file.lock().ok()?;
    Some(file)
}

/// Windows would keep this very run from reading it, too.
#[cfg(not(unix))]
fn lock(_path: &Path) -> Option<File> {
    None
}

/// Gives a new file the usual permissions instead of those of a temporary one.
#[cfg(unix)]
fn readable(file: &File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_file: &File) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(snapshot: &FileSnapshot, text: &str) -> Result<()> {
        write_file(&Permit::unless_dry_run(false).expect("no dry run"), snapshot, text)
    }

    #[test]
    fn a_file_is_replaced_only_if_it_is_still_the_same() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("flags.toml");
        let absent = read_file(&path).expect("absent");
        assert_eq!(absent.text, None);
        write(&absent, "one").expect("written");
        let error = write(&absent, "two").expect_err("it exists now");
        assert_eq!(error.kind(), Kind::Conflict);
        let present = read_file(&path).expect("present");
        write(&present, "two").expect("written");
        assert_eq!(write(&present, "three").expect_err("changed").kind(), Kind::Conflict);
        assert_eq!(fs::read_to_string(&path).expect("read"), "two");
        assert_eq!(fs::read_dir(folder.path()).expect("list").count(), 1, "no leftovers");
    }

    #[test]
    fn what_a_killed_run_left_is_swept() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        let (old, new, other) = (at(".ffctl-a.tmp"), at(".ffctl-b.tmp"), at(".ffctl-c"));
        for path in [&old, &new, &other] {
            fs::write(path, "").expect("written");
        }
        let hour_ago =
            fs::metadata(&new).and_then(|new| new.modified()).expect("a time") - Duration::from_hours(1);
        for path in [&old, &other] {
            File::options().write(true).open(path).and_then(|file| file.set_modified(hour_ago)).expect("set");
        }
        write(&read_file(&at("flags.toml")).expect("absent"), "one").expect("written");
        assert_eq!((old.exists(), new.exists(), other.exists()), (false, true, true));
    }

    #[cfg(unix)]
    #[test]
    fn permissions_and_links_stay() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().expect("a folder");
        let (path, link) = (folder.path().join("real"), folder.path().join("link"));
        fs::write(&path, "one").expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("set");
        symlink(&path, &link).expect("linked");
        write(&read_file(&link).expect("read"), "two").expect("written");
        assert!(fs::symlink_metadata(&link).expect("link").is_symlink());
        assert_eq!(fs::metadata(&path).expect("file").permissions().mode() & 0o777, 0o640);
        assert_eq!(fs::read_to_string(&path).expect("read"), "two");
    }
}
