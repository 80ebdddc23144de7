//! `--report FILE`: a report as a page, in a file that is looked at before anything is counted and written whole in the end.

use std::path::Path;

use crate::admin::Permit;
use crate::change::{FileSnapshot, read_file, write_file};
use crate::error::{Error, Kind, Result};
use crate::output::is_page;

use super::out_file::{OutFile, There};
use super::session::Session;

/// The file that a page goes to.
pub(super) struct PageFile {
    snapshot: FileSnapshot,
    shown: String,
}

impl Session {
    /// Looks at the file of `--report`; none if there is no such option. A page of this program may be replaced, any other file
    /// stays as it is.
    ///
    /// # Errors
    /// Kind `Usage` for standard output, `Refused` for a file that is no such page, `Local` where none can be written.
    pub(super) fn page_file(&self, path: Option<&Path>, joins: Option<&Path>) -> Result<Option<PageFile>> {
        let Some(path) = path else { return Ok(None) };
        let shown = path.display().to_string();
        let file = OutFile { option: "--report", what: "report", example: "forecast.html", shown: &shown };
        if joins == Some(path) {
            return Err(Error::new(Kind::Usage, format!("--report and --joins both name `{shown}`"))
                .hint("give each a file of its own"));
        }
        let path = self.settings.folders.absolute(path);
        match file.look(&path)? {
            There::File(head) if !head.is_empty() && !is_page(&String::from_utf8_lossy(&head)) => {
                let message = format!("`{shown}` is there already, and is no report of ffctl");
                return Err(Error::new(Kind::Refused, message)
                    .hint("name another file, or take that one away; a report of ffctl is replaced"));
            }
            There::File(_) | There::Nothing => {}
            There::Other => {
                return Err(Error::new(Kind::Refused, format!("`{shown}` is not a plain file"))
                    .hint("--report takes a file, such as forecast.html"));
            }
        }
        let snapshot = read_file(&path)?;
        Ok(Some(PageFile { snapshot, shown }))
    }
}

impl PageFile {
    /// Writes the page: the whole file at once, or nothing.
    ///
    /// # Errors
    /// Kind `Conflict` where somebody else wrote the file meanwhile, `Local` where it cannot be written.
    pub(super) fn write(&self, page: &str) -> Result<()> {
        let permit = Permit::unless_dry_run(false)
            .ok_or_else(|| Error::new(Kind::Bug, "a run that is no dry run has no permit"))?;
        write_file(&permit, &self.snapshot, page)
    }

    /// Returns the file as the user named it.
    pub(super) fn shown(&self) -> &str {
        &self.shown
    }
}
