//! Files that a forecast writes beside its answer: looked at before anybody is counted, and nothing of anybody's lost.

use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::Path;

use crate::error::{Error, Kind, Result};

/// How many bytes of a file tell what it is.
const HEAD: u64 = 1024;

/// What such a file is called.
pub(super) struct OutFile<'a> {
    /// The option that names it.
    pub(super) option: &'static str,
    /// What it holds, in a word.
    pub(super) what: &'static str,
    /// A usual name.
    pub(super) example: &'static str,
    /// The file as the user named it.
    pub(super) shown: &'a str,
}

/// What is there already.
pub(super) enum There {
    Nothing,
    /// A plain file, with its first bytes.
    File(Vec<u8>),
    /// A pipe or a device.
    Other,
}

impl OutFile<'_> {
    /// Looks at the place of the file, links followed.
    ///
    /// # Errors
    /// Kind `Usage` for standard output, `Local` where none can be written: somebody who waited for a long count should not
    /// learn it only then.
    pub(super) fn look(&self, path: &Path) -> Result<There> {
        let Self { option, what, example, shown } = self;
        if *shown == "-" {
            let message = format!("{option} takes a file, since standard output has the answer");
            return Err(Error::new(Kind::Usage, message).hint(format!("{option} {example}")));
        }
        let there = match fs::metadata(path) {
            Ok(there) if there.is_dir() => {
                return Err(Error::new(Kind::Local, format!("the {what} `{shown}` is a folder"))
                    .hint(format!("name a file in it, such as {example}")));
            }
            Ok(there) if !there.is_file() => return Ok(There::Other),
            Ok(_) => {
                let mut head = Vec::new();
                let file = File::open(path).and_then(|file| file.take(HEAD).read_to_end(&mut head));
                file.map_err(|error| self.failed(error))?;
                There::File(head)
            }
            Err(error) if error.kind() == ErrorKind::NotFound => There::Nothing,
            Err(error) => return Err(self.failed(error)),
        };
        let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let folder = real.parent().unwrap_or(Path::new("."));
        tempfile::Builder::new().prefix(".ffctl-").tempfile_in(folder).map_err(|error| {
            match error.kind() {
                ErrorKind::NotFound => {
                    Error::new(Kind::Local, format!("the folder of the {what} `{shown}` does not exist"))
                        .hint("make it, or name a file in one that is there")
                }
                _ => self.failed(error),
            }
        })?;
        Ok(there)
    }

    /// Returns the error of a file that cannot be written.
    pub(super) fn failed(&self, error: std::io::Error) -> Error {
        let Self { what, shown, .. } = self;
        Error::new(Kind::Local, format!("cannot write the {what} `{shown}`")).caused_by(error)
    }
}
