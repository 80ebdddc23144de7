//! Context options → a context and a time.

use crate::cli::{AtArguments, ContextArguments};
use crate::context::{Columns, ContextError, from_options, from_text};
use crate::error::{Error, Kind, Result};
use crate::model::{Context, Timestamp};
use crate::settings::diagnostic_at;

use super::load::read_text;
use super::moment::moment;
use super::session::Session;

/// Turns a mistake in a context into an error of the run.
pub(super) fn invalid(error: &ContextError) -> Error {
    let failure = Error::new(Kind::Invalid, error.to_string());
    match error.hint() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

/// Turns a mistake in the text of a context into an error of the run, at its place if that is known.
fn invalid_text(named: &str, text: &str, error: &ContextError) -> Error {
    let Some((line, column)) = error.place() else { return invalid(error) };
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let at = start + column.saturating_sub(1);
    let fix = error.hint().map(str::to_owned);
    Error::in_file(named, vec![diagnostic_at(named, text, at..at + 1, error.message(), fix)])
}

impl Session {
    /// Returns the context that the options name; none if they name nobody.
    ///
    /// # Errors
    /// When the context, an attribute or its file cannot be read.
    pub(super) fn context(&mut self, arguments: &ContextArguments) -> Result<Option<Context>> {
        if !arguments.is_given() {
            return Ok(None);
        }
        let base = match &arguments.context {
            None => Context::default(),
            Some(path) => {
                let is_input = path.as_os_str() == "-";
                let text = if is_input {
                    let mut text = String::new();
                    self.stdin()?.read_to_string(&mut text).map_err(|error| {
                        Error::new(Kind::Invalid, "cannot read a context from standard input")
                            .caused_by(error)
                    })?;
                    text
                } else {
                    let shown = path.display().to_string();
                    read_text(&self.settings.folders.absolute(path), &shown).map_err(|error| {
                        if !shown.starts_with('{') {
                            return error;
                        }
                        Error::new(Kind::Usage, "--context reads a file, not JSON on the command line")
                            .hint(format!("echo '{shown}' | ffctl … --context -"))
                    })?
                };
                let named = if is_input { "standard input".to_owned() } else { path.display().to_string() };
                from_text(&text, &Columns::default()).map_err(|error| invalid_text(&named, &text, &error))?
            }
        };
        let attributes = arguments.attributes.iter().map(String::as_str);
        let context = from_options(base, arguments.user.as_deref(), arguments.org.as_deref(), attributes);
        context.map(Some).map_err(|error| invalid(&error))
    }

    /// Returns the time of the evaluation: `--at`, else now.
    ///
    /// # Errors
    /// As [`moment`].
    pub(super) fn at(&self, arguments: &AtArguments) -> Result<Timestamp> {
        match &arguments.at {
            None => Ok(self.now()),
            Some(text) => moment("--at", text),
        }
    }
}
