//! A snapshot by its word, and what it says as other rooms have it.

use std::io::Read;
use std::path::{Path, PathBuf};

use crate::admin::{LARGEST_SNAPSHOT, SnapshotError, SnapshotFile, SnapshotFlag};
use crate::answer::{Seen, SeenFlags};
use crate::error::{Error, Kind, Result, did_you_mean};
use crate::report::{StateWord, TargetReport};
use crate::settings::Settings;

use super::super::load::text_of;
use super::super::session::Session;

/// What the files of named snapshots end with.
pub(super) const SUFFIX: &str = ".json";
/// The global options that say which flags and which target are meant.
pub(super) const OF_TARGETS: [&str; 7] =
    ["--flags", "--env-file", "--profile", "--local", "--store", "--offline", "--max-age"];
/// The longest name.
const LONGEST: usize = 100;

impl Session {
    /// Reads a snapshot by its name or its file.
    ///
    /// # Errors
    /// Kind `Unknown` when there is no such name, `Local` for a file that cannot be read, `Invalid` for one that is
    /// no snapshot, damaged, or of a later version.
    pub(in super::super) fn snapshot(&self, word: &str) -> Result<SnapshotFile> {
        let (path, shown) = self.snapshot_path(word)?;
        read(&path).map_err(|error| match error.kind() {
            Kind::Unknown if is_file(word) => Error::new(Kind::Local, format!("there is no file `{word}`")),
            Kind::Unknown => {
                let names = snapshot_names(&self.settings);
                let error = Error::new(Kind::Unknown, format!("there is no snapshot `{word}`"));
                error.hint(
                    did_you_mean(word, names.iter().map(String::as_str))
                        .unwrap_or_else(|| "`ffctl snapshot list` names them all".to_owned()),
                )
            }
            kind => {
                let message = format!("snapshot `{shown}`: {}", error.message());
                let named = Error::new(kind, message);
                error.hints().iter().fold(named, Error::hint)
            }
        })
    }

    /// Returns the file that a word names, and as the user would write it.
    ///
    /// # Errors
    /// When it can be no name, or names have no folder on this system.
    pub(super) fn snapshot_path(&self, word: &str) -> Result<(PathBuf, String)> {
        let folders = &self.settings.folders;
        if is_file(word) {
            return Ok((folders.absolute(Path::new(word)), word.to_owned()));
        }
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let begins = word.starts_with(|c: char| c.is_ascii_alphanumeric());
        if !begins || word.len() > LONGEST || !word.chars().all(fits) {
            let message = format!("`{word}` is no name of a snapshot");
            return Err(Error::new(Kind::Usage, message)
                .hint("letters, digits, `-`, `_` and `.`, as in before-the-launch")
                .hint("or a file: ./before.json"));
        }
        let folder = self.settings.snapshot_folder()?.ok_or_else(|| {
            Error::new(Kind::Local, "this system names no folder for snapshots")
                .hint("name a file: ./before.json")
        })?;
        Ok((folder.join(format!("{word}{SUFFIX}")), word.to_owned()))
    }
}

/// Returns the names of the snapshots that are kept, sorted; none where they cannot be read.
pub(in super::super) fn snapshot_names(settings: &Settings) -> Vec<String> {
    let folder = settings.snapshot_folder().ok().flatten();
    let entries = folder.and_then(|folder| std::fs::read_dir(folder).ok()).into_iter().flatten();
    let name = |entry: std::fs::DirEntry| {
        let name = entry.file_name().to_str()?.strip_suffix(SUFFIX)?.to_owned();
        (!name.starts_with('.')).then_some(name)
    };
    let mut names: Vec<String> = entries.flatten().filter_map(name).collect();
    names.sort_unstable();
    names
}

/// Tells whether a word is a file rather than a name.
pub(super) fn is_file(word: &str) -> bool {
    word.contains(['/', '\\']) || word.to_ascii_lowercase().ends_with(SUFFIX)
}

/// Reads a file; kind `Unknown` if there is none.
pub(super) fn read(path: &Path) -> Result<SnapshotFile> {
    let mut bytes = Vec::new();
    let read =
        std::fs::File::open(path).and_then(|file| file.take(LARGEST_SNAPSHOT + 1).read_to_end(&mut bytes));
    read.map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Error::new(Kind::Unknown, "there is none"),
        _ => Error::new(Kind::Local, format!("it cannot be read: {error}")),
    })?;
    if bytes.len() as u64 > LARGEST_SNAPSHOT {
        return Err(Error::new(Kind::Invalid, "it is too large for a snapshot"));
    }
    let text = text_of(bytes, "the file").map_err(|error| Error::new(Kind::Invalid, error.message()))?;
    SnapshotFile::decode(&text).map_err(|error| {
        let hint = match &error {
            SnapshotError::Foreign(_) => "`ffctl snapshot save FILE` writes one",
            SnapshotError::Newer(_) => "a newer ffctl reads it",
            SnapshotError::Damaged => "take another copy of it: what it says can not be relied on",
        };
        Error::new(Kind::Invalid, error.to_string()).hint(hint)
    })
}

/// Returns the target of a snapshot as reports name it.
pub(in super::super) fn target_of(snapshot: &SnapshotFile) -> TargetReport {
    let target = &snapshot.target;
    TargetReport {
        kind: if target.kind == "local" { "local" } else { "server" },
        profile: target.profile.clone(),
        address: target.address.clone(),
        label: label_of(snapshot),
    }
}

/// Returns how a person names the target of a snapshot.
pub(super) fn label_of(snapshot: &SnapshotFile) -> String {
    let target = &snapshot.target;
    match (target.kind.as_str(), &target.profile) {
        ("local", _) => format!("local store {}", target.address),
        (_, Some(profile)) => format!("{profile} {}", target.address),
        (_, None) => target.address.clone(),
    }
}

/// Returns what a snapshot says of every flag.
pub(in super::super) fn seen(snapshot: &SnapshotFile) -> SeenFlags {
    let one = |(name, flag): (&String, &SnapshotFlag)| {
        let fields = flag.fields.as_ref();
        let seen = Seen {
            state: StateWord::parse(&flag.state).unwrap_or(StateWord::Invalid),
            summary: flag.summary.clone(),
            enabled: flag.enabled,
            source: flag.source.clone(),
            fields: fields.map(|all| all.iter().map(|(name, value)| (name.clone(), value.clone())).collect()),
            place: None,
            problems: Vec::new(),
            declared: flag.declared,
            journal: None,
        };
        (name.clone(), seen)
    };
    snapshot.flags.iter().map(one).collect()
}
