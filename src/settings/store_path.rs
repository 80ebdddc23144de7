//! Which file the local store is.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Error, Kind, Result};

use super::folders::Folders;
use super::variables::Variables;

/// Returns the local store of a flags.toml: a file in the user's folder for state (or in `FFCTL_STATE_DIR`)
/// named after the folder of flags.toml and a hash of its path without symbolic links, so that every
/// checkout has its own. Nothing is created.
///
/// # Errors
/// When the system names no folder for state, or flags.toml is not there.
pub fn store_path(flag_file: &Path, variables: &Variables, folders: &Folders) -> Result<PathBuf> {
    let hint = "`--store FILE` names one";
    let folder = state_folder(variables, folders)?.ok_or_else(|| {
        Error::new(Kind::Local, "this system names no folder for the local store").hint(hint)
    })?;
    let path = fs::canonicalize(flag_file).map_err(|error| {
        let message = format!("cannot tell the local store of `{}`", folders.shown(flag_file));
        Error::new(Kind::Local, message).caused_by(error).hint(hint)
    })?;
    let hash = fnv1a(path.as_os_str().as_encoded_bytes());
    Ok(folder.join(format!("{}-{hash:016x}.sqlite3", stem(&path))))
}

/// Returns the folder of the local stores, and of what else is to stay: `FFCTL_STATE_DIR`, then the user's; none where
/// the system names none. Nothing is created.
///
/// # Errors
/// When the variable is empty or not UTF-8.
pub(super) fn state_folder(variables: &Variables, folders: &Folders) -> Result<Option<PathBuf>> {
    let named = variables.filled("FFCTL_STATE_DIR")?.map(|text| folders.absolute(Path::new(text)));
    Ok(named.or_else(|| folders.state.as_ref().map(|folder| folder.join("ffctl"))))
}

/// Returns what a person recognises: the name of the folder, and of the file if it is not flags.toml.
fn stem(path: &Path) -> String {
    let text = |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
    let mut stem = text(path.parent().and_then(Path::file_name));
    let file = text(path.file_stem());
    if stem.is_empty() || file != "flags" {
        stem = format!("{stem}-{file}");
    }
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '_' };
    stem.trim_start_matches(['-', '.']).chars().take(40).map(plain).collect()
}

/// Returns the 64-bit FNV-1a hash (Fowler, Noll, Vo; RFC 9923): it only has to keep a user's own checkouts apart.
fn fnv1a(bytes: &[u8]) -> u64 {
    let mix = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, mix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_fnv_1a() {
        // From RFC 9923, appendix C.
        assert_eq!(fnv1a(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a(b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fnv1a(b"foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn every_flags_toml_has_its_own_store() {
        let root = tempfile::tempdir().expect("a folder");
        let folder = root.path().join("my app");
        fs::create_dir(&folder).expect("a folder");
        let (flags, other) = (folder.join("flags.toml"), folder.join("other.toml"));
        fs::write(&flags, "").and_then(|()| fs::write(&other, "")).expect("written");
        let folders = Folders { start: folder, state: Some("/state".into()), ..Folders::default() };
        let path = |file: &Path, variables| store_path(file, &variables, &folders).expect("a path");
        let first = path(&flags, Variables::default());
        let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
        assert!(first.starts_with("/state/ffctl"));
        assert!(name(&first).is_some_and(|name| name.starts_with("my_app-") && name.len() == 6 + 1 + 16 + 8));
        assert_ne!(first, path(&other, Variables::default()));
        assert_eq!(first, path(&root.path().join("my app/../my app/flags.toml"), Variables::default()));
        let elsewhere = path(&flags, [("FFCTL_STATE_DIR", "s")].into());
        assert_eq!(elsewhere, folders.start.join("s").join(name(&first).unwrap_or_default()));
    }

    #[test]
    fn without_a_state_folder_the_hint_names_the_option() {
        let error =
            store_path(Path::new("/x"), &Variables::default(), &Folders::default()).expect_err("nowhere");
        assert_eq!((error.kind(), error.hints()[0].as_str()), (Kind::Local, "`--store FILE` names one"));
    }
}
