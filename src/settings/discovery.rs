//! Where flags.toml is.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Error, Kind, Result};

use super::folders::Folders;

const NAME: &str = "flags.toml";

/// What looking for flags.toml came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FlagFile {
    /// There it is.
    Found {
        /// Its absolute path.
        path: PathBuf,
        /// Its path as the user would write it: `flags.toml`, `../flags.toml`, or as it was named.
        shown: String,
    },
    /// There is none; nobody named one.
    Missing {
        /// The folders looked in, the starting folder first.
        looked_in: Vec<PathBuf>,
    },
}

impl FlagFile {
    /// Returns the path, if there is one.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Found { path, .. } => Some(path),
            Self::Missing { .. } => None,
        }
    }

    /// Returns the path and how to show it, for a command that cannot do without.
    ///
    /// # Errors
    /// When there is none.
    pub fn required(&self) -> Result<(&Path, &str)> {
        match self {
            Self::Found { path, shown } => Ok((path, shown)),
            Self::Missing { looked_in } => {
                let place = match looked_in.as_slice() {
                    [first] => format!("in {}", first.display()),
                    [first, .., last] => {
                        format!("in {} or above it, up to {}", first.display(), last.display())
                    }
                    [] => "here".to_owned(),
                };
                Err(Error::new(Kind::Invalid, format!("there is no flags.toml {place}"))
                    .hint("`ffctl init` writes one; `--flags FILE` names another"))
            }
        }
    }
}

/// Takes the flags.toml that the user named.
///
/// # Errors
/// When there is no such file.
pub(super) fn named_flag_file(named: &Path, named_by: &str, folders: &Folders) -> Result<FlagFile> {
    let path = folders.absolute(named);
    match fs::metadata(&path) {
        Ok(found) if found.is_dir() => {
            Err(Error::new(Kind::Invalid, format!("{named_by}: `{}` is a folder", named.display()))
                .hint(format!("name the file: `{}`", named.join(NAME).display())))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(Error::new(Kind::Invalid, format!("{named_by}: there is no file `{}`", named.display()))
                .hint("`ffctl init` writes a flags.toml"))
        }
        // What else is wrong with it is said where it is read.
        _ => Ok(FlagFile::Found { path, shown: named.display().to_string() }),
    }
}

/// Looks for flags.toml in `start` and the folders above it. The last folder looked in is the root of the
/// repository (it has a `.git`), the home, or, on Unix, the last one that belongs to the owner of `start`:
/// a file that somebody else put above one's own folders is nobody's definitions.
pub fn find_flag_file(start: &Path, home: Option<&Path>) -> FlagFile {
    // Without symbolic links, or `..` would mean another folder than the one walked to.
    let resolved = fs::canonicalize(start).unwrap_or_else(|_| start.to_owned());
    let home = home.map(|home| fs::canonicalize(home).unwrap_or_else(|_| home.to_owned()));
    let owner = owner_of(&resolved);
    let mut looked_in = Vec::new();
    let mut shown = String::new();
    for folder in resolved.ancestors() {
        if owner_of(folder) != owner {
            break;
        }
        looked_in.push(folder.to_owned());
        let path = folder.join(NAME);
        // A link that leads nowhere is found as well: reading it tells what is wrong.
        if fs::symlink_metadata(&path).is_ok_and(|found| !found.is_dir()) {
            return FlagFile::Found { path, shown: shown + NAME };
        }
        if home.as_deref() == Some(folder) || fs::symlink_metadata(folder.join(".git")).is_ok() {
            break;
        }
        shown.push_str("../");
    }
    FlagFile::Missing { looked_in }
}

/// Returns the owner of a folder; the same for all where owners are not numbers.
#[cfg(unix)]
fn owner_of(folder: &Path) -> Option<u32> {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(folder).ok().map(|metadata| metadata.uid())
}

/// Returns the owner of a folder; the same for all where owners are not numbers.
#[cfg(not(unix))]
fn owner_of(_: &Path) -> Option<u32> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Tree(tempfile::TempDir);

    impl Tree {
        fn new(folders: &[&str]) -> Self {
            let root = tempfile::tempdir().expect("a folder");
            for folder in folders {
                fs::create_dir_all(root.path().join(folder)).expect("a folder");
            }
            Self(root)
        }

        fn path(&self, inside: &str) -> PathBuf {
            fs::canonicalize(self.0.path()).expect("there").join(inside)
        }

        fn write(&self, inside: &str) {
            fs::write(self.path(inside), "schema = 1\n").expect("written");
        }
    }

    #[test]
    fn it_is_found_above_and_shown_from_the_start() {
        let tree = Tree::new(&["home/repo/a/b"]);
        tree.write("home/repo/flags.toml");
        let found = find_flag_file(&tree.path("home/repo/a/b"), Some(&tree.path("home")));
        let path = tree.path("home/repo/flags.toml");
        assert_eq!(found, FlagFile::Found { path, shown: "../../flags.toml".to_owned() });
        let here = find_flag_file(&tree.path("home/repo"), None);
        assert!(matches!(here, FlagFile::Found { shown, .. } if shown == NAME));
    }

    #[test]
    fn the_walk_ends_at_the_repository_and_at_home() {
        let tree = Tree::new(&["home/repo/.git", "home/repo/a", "home/other"]);
        tree.write("flags.toml");
        let missing = find_flag_file(&tree.path("home/repo/a"), Some(&tree.path("home")));
        assert_eq!(
            missing,
            FlagFile::Missing { looked_in: vec![tree.path("home/repo/a"), tree.path("home/repo")] }
        );
        let missing = find_flag_file(&tree.path("home/other"), Some(&tree.path("home")));
        assert_eq!(
            missing,
            FlagFile::Missing { looked_in: vec![tree.path("home/other"), tree.path("home")] }
        );
        let error = missing.required().expect_err("none");
        assert!(error.hints()[0].contains("ffctl init"));
    }

    #[test]
    fn a_folder_of_that_name_is_no_file() {
        let tree = Tree::new(&["a/flags.toml", "a/.git"]);
        assert!(find_flag_file(&tree.path("a"), None).path().is_none());
    }

    #[cfg(unix)]
    #[test]
    fn the_walk_ends_below_a_folder_of_another_owner() {
        let tree = Tree::new(&["theirs/mine/a"]);
        tree.write("theirs/flags.toml");
        if std::os::unix::fs::chown(tree.path("theirs"), Some(65_534), None).is_err() {
            return; // Only root can give a folder away.
        }
        let missing = find_flag_file(&tree.path("theirs/mine/a"), None);
        let looked_in = vec![tree.path("theirs/mine/a"), tree.path("theirs/mine")];
        assert_eq!(missing, FlagFile::Missing { looked_in });
    }

    #[test]
    fn a_named_file_must_be_there() {
        let tree = Tree::new(&["a"]);
        tree.write("a/mine.toml");
        let folders = Folders { start: tree.path("a"), ..Folders::default() };
        let found = named_flag_file(Path::new("mine.toml"), "`--flags`", &folders).expect("there");
        assert_eq!(found.required().expect("there"), (tree.path("a/mine.toml").as_path(), "mine.toml"));
        let error = named_flag_file(Path::new("other.toml"), "`--flags`", &folders).expect_err("not there");
        assert_eq!(error.to_string(), "`--flags`: there is no file `other.toml`");
        assert!(named_flag_file(Path::new("../a"), "`--flags`", &folders).is_err());
    }
}
