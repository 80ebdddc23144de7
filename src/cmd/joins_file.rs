//! `--joins FILE`: who joins, in a file that is there once all of them are in it, or not at all.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};

use crate::admin::Permit;
use crate::change::write_list;
use crate::error::{Error, Kind, Result};

use super::out_file::{OutFile, There};
use super::session::Session;

/// How many bytes are written at once.
const BUFFER: usize = 256 * 1024;

/// The file that joins go to.
pub(super) struct JoinsFile {
    /// A file without a name, which nobody sees and which ends with this run; or what is no plain file.
    writer: BufWriter<File>,
    /// Where the list stays in the end; none where it has gone through already.
    path: Option<PathBuf>,
    shown: String,
}

impl Session {
    /// Looks at the file of `--joins`; none if there is no such option. One that holds anything stays as it is.
    ///
    /// # Errors
    /// Kind `Usage` for standard output, `Refused` for a file with something in it, `Local` where none can be written.
    pub(super) fn joins_file(&self, path: Option<&Path>) -> Result<Option<JoinsFile>> {
        let Some(path) = path else { return Ok(None) };
        let shown = path.display().to_string();
        let path = self.settings.folders.absolute(path);
        let file = named(&shown);
        let failed = |error| file.failed(error);
        let (writer, path) = match file.look(&path)? {
            There::File(head) if !head.is_empty() => {
                let message = format!("`{shown}` is there already, and --joins replaces nothing");
                return Err(
                    Error::new(Kind::Refused, message).hint("name another file, or take that one away")
                );
            }
            There::File(_) | There::Nothing => {
                let folder = path.parent().unwrap_or(Path::new("."));
                (tempfile::tempfile_in(folder).map_err(failed)?, Some(path))
            }
            There::Other => (OpenOptions::new().write(true).open(&path).map_err(failed)?, None),
        };
        let writer = BufWriter::with_capacity(BUFFER, writer);
        Ok(Some(JoinsFile { writer, path, shown }))
    }
}

fn named(shown: &str) -> OutFile<'_> {
    OutFile { option: "--joins", what: "list", example: "joins.txt", shown }
}

impl JoinsFile {
    /// Adds a user.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn add(&mut self, id: &str) -> io::Result<()> {
        self.writer.write_all(id.as_bytes())?;
        self.writer.write_all(b"\n")
    }

    /// Puts the list where it stays.
    ///
    /// # Errors
    /// Kind `Conflict` where there is such a file meanwhile, `Local` where it cannot be written.
    pub(super) fn finish(self) -> Result<()> {
        let Self { writer, path, shown } = self;
        let failed = |error| named(&shown).failed(error);
        let mut file = writer.into_inner().map_err(|error| failed(error.into_error()))?;
        let Some(path) = path else { return Ok(()) };
        file.rewind().map_err(failed)?;
        let permit = Permit::unless_dry_run(false)
            .ok_or_else(|| Error::new(Kind::Bug, "a run that is no dry run has no permit"))?;
        write_list(&permit, &path, &mut file)
    }
}
