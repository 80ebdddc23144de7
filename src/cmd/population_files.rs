//! The files of a population: named one by one, or by a pattern.

use std::collections::HashSet;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use glob::{MatchOptions, Pattern, glob_with};

use crate::error::{Error, Kind, Result};
use crate::settings::Folders;
use crate::simulate::{Format, Input};

/// As shells match: `*` stops at a folder's end, and hidden files are to be named.
const MATCHING: MatchOptions =
    MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: true };

/// The files so far, so that none counts twice.
#[derive(Default)]
pub(super) struct Files {
    known: HashSet<PathBuf>,
}

/// A file that is there.
pub(super) struct Named {
    path: PathBuf,
    /// How to call it.
    name: String,
    /// How many bytes it has; none of a pipe or a device.
    pub(super) bytes: Option<u64>,
}

impl Files {
    /// Returns the file of an argument, or all that match it as a pattern, sorted by name.
    ///
    /// # Errors
    /// When there is none, one cannot be read, or one was named before.
    pub(super) fn named(&mut self, argument: &Path, folders: &Folders) -> Result<Vec<Named>> {
        let path = folders.absolute(argument);
        let name = argument.display().to_string();
        // A file of that very name is meant before any pattern.
        if !name.contains(['*', '?', '[']) || path.exists() {
            return Ok(vec![self.file(path, name)?]);
        }
        let matching = matching(argument, &name, &folders.start)?;
        matching
            .into_iter()
            .map(|path| {
                let shown = if argument.is_absolute() {
                    &path
                } else {
                    path.strip_prefix(&folders.start).unwrap_or(&path)
                };
                let name = shown.display().to_string();
                self.file(path, name)
            })
            .collect()
    }

    fn file(&mut self, path: PathBuf, name: String) -> Result<Named> {
        let failed = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound => Error::new(Kind::Local, format!("there is no population `{name}`"))
                .hint("a path is seen from the folder in which the command starts"),
            _ => Error::new(Kind::Local, format!("cannot read the population `{name}`")).caused_by(error),
        };
        let metadata = std::fs::metadata(&path).map_err(failed)?;
        if metadata.is_dir() {
            return Err(Error::new(Kind::Local, format!("the population `{name}` is a folder")).hint(
                format!("its files are a quoted pattern: --population '{}/*'", name.trim_end_matches('/')),
            ));
        }
        let whole = path.canonicalize().unwrap_or_else(|_| path.clone());
        if metadata.is_file() && !self.known.insert(whole) {
            return Err(Error::new(Kind::Usage, format!("the population `{name}` is named twice"))
                .hint("each file counts once: name it alone, or by one pattern"));
        }
        if metadata.is_file() {
            // Not read before its turn, but nobody is to wait for that to hear that it cannot be.
            File::open(&path).map_err(failed)?;
        }
        Ok(Named { path, name, bytes: metadata.is_file().then_some(metadata.len()) })
    }
}

impl Named {
    /// Returns it as an input of a population.
    ///
    /// # Errors
    /// When a pipe cannot be opened.
    pub(super) fn input(self, format: Option<Format>) -> Result<Input<'static>> {
        let Self { path, name, bytes } = self;
        if bytes.is_some() {
            return Ok(Input::file(move || File::open(&path), &name, format));
        }
        let file = File::open(&path).map_err(|error| {
            Error::new(Kind::Local, format!("cannot read the population `{name}`")).caused_by(error)
        })?;
        Ok(Input::stream(file, &name, format))
    }
}

/// Returns the files that match a pattern, sorted; folders are none.
fn matching(argument: &Path, name: &str, start: &Path) -> Result<Vec<PathBuf>> {
    let wrong = |error: glob::PatternError| {
        Error::new(Kind::Usage, format!("`{name}` is no pattern: {error}")).hint("such as 'users/*.csv'")
    };
    let pattern = if argument.is_absolute() {
        name.to_owned()
    } else {
        format!("{}/{name}", Pattern::escape(&start.display().to_string()))
    };
    let mut files = Vec::new();
    for path in glob_with(&pattern, MATCHING).map_err(wrong)? {
        let path = path.map_err(|error| {
            let message = format!("cannot look for `{name}` in `{}`", error.path().display());
            Error::new(Kind::Local, message).caused_by(io::Error::from(error))
        })?;
        if !path.is_dir() {
            files.push(path);
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(Error::new(Kind::Local, format!("no file matches `{name}`")).hint(
            "a pattern is seen from the folder in which the command starts; `**` goes through folders",
        ));
    }
    Ok(files)
}
