//! The conditions of `ffctl check`, from the command line and a file.

use std::path::Path;

use crate::check::{Condition, Mistake, parse, parse_share, read};
use crate::cli::CheckArguments;
use crate::error::{Diagnostic, Error, Kind, Result};
use crate::model::Weight;
use crate::settings::diagnostic_at;
use crate::simulate::Comparison;

use super::load::read_text;
use super::session::Session;

/// What a mistake on the command line stands in; its line is the number of the condition.
const COMMAND_LINE: &str = "command line";

impl Session {
    /// Returns the conditions in the order: those as they stand, `--at-least`, `--at-most`, the file.
    ///
    /// # Errors
    /// Kind `Usage` with every mistake in them, and where there is none at all: a gate without a condition would
    /// let everything through.
    pub(super) fn conditions(&mut self, arguments: &CheckArguments) -> Result<Vec<Condition>> {
        let (mut conditions, mistakes) = of_command_line(arguments);
        let compares_nothing = mistakes.iter().any(|(mistake, _)| mistake.compares_nothing);
        let mut diagnostics: Vec<Diagnostic> = mistakes.into_iter().map(|(_, placed)| placed).collect();
        if let Some(path) = &arguments.from {
            let (shown, text) = self.conditions_file(path)?;
            match read(&text) {
                Ok(more) => conditions.extend(more),
                Err(mistakes) => {
                    let placed = |one: Mistake| diagnostic_at(&shown, &text, one.span, one.message, one.fix);
                    diagnostics.extend(mistakes.into_iter().map(placed));
                }
            }
        }
        if !diagnostics.is_empty() {
            return Err(self.mistaken(diagnostics, compares_nothing));
        }
        if conditions.is_empty() {
            let message = match &arguments.from {
                Some(path) => format!(
                    "`{}` holds no condition: a gate without one lets everything through",
                    path.display()
                ),
                None => "no condition is given".to_owned(),
            };
            let error =
                Error::new(Kind::Usage, message).hint("ffctl check use_v3_style=on 'enable_memory_v2>=25%'");
            return Err(match &arguments.from {
                Some(_) => error,
                None => error.hint("or from a file, one a line: ffctl check --from FILE"),
            });
        }
        Ok(conditions)
    }

    fn conditions_file(&mut self, path: &Path) -> Result<(String, String)> {
        if path.as_os_str() != "-" {
            let shown = path.display().to_string();
            let text = read_text(&self.settings.folders.absolute(path), &shown)?;
            return Ok((shown, text));
        }
        let mut text = String::new();
        self.stdin()?.read_to_string(&mut text).map_err(|error| {
            Error::new(Kind::Usage, "cannot read conditions from standard input").caused_by(error)
        })?;
        Ok(("standard input".to_owned(), text))
    }

    /// Returns the error of all mistakes, with what a shell may have had to do with them.
    fn mistaken(&self, diagnostics: Vec<Diagnostic>, compares_nothing: bool) -> Error {
        let count = diagnostics.len();
        let noun = if count == 1 { "mistake" } else { "mistakes" };
        let error =
            Error::with_diagnostics(Kind::Usage, format!("{count} {noun} in the conditions"), diagnostics);
        if !compares_nothing {
            return error;
        }
        let error = error.hint(
            "a shell takes > and < for redirections: write 'flag>=25%' in quotes, or --at-least flag=25%",
        );
        match self.redirected() {
            Some(file) => {
                error.hint(format!("`{file}` in this folder is what the shell wrote: rm './{file}'"))
            }
            None => error,
        }
    }

    /// Returns a file here that a shell left behind which took `>=25%` for a redirection.
    fn redirected(&self) -> Option<String> {
        let entries = std::fs::read_dir(&self.settings.folders.start).ok()?;
        let mut names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
        names
            .find(|name| name.ends_with('%') && Weight::parse(name.strip_prefix('=').unwrap_or(name)).is_ok())
    }
}

/// Reads the conditions on the command line, and the mistakes in them with their places.
fn of_command_line<'a>(arguments: &'a CheckArguments) -> (Vec<Condition>, Vec<(Mistake, Diagnostic)>) {
    let plain = arguments.conditions.iter().map(|text| (text, parse(text)));
    let share = |comparison| move |text: &'a String| (text, parse_share(text, comparison));
    let least = arguments.at_least.iter().map(share(Comparison::AtLeast));
    let most = arguments.at_most.iter().map(share(Comparison::AtMost));
    let (mut conditions, mut mistakes) = (Vec::new(), Vec::new());
    for (at, (text, read)) in plain.chain(least).chain(most).enumerate() {
        match read {
            Ok(condition) => conditions.push(condition),
            Err(mistake) => {
                let placed = diagnostic_at(
                    COMMAND_LINE,
                    text,
                    mistake.span.clone(),
                    mistake.message.clone(),
                    mistake.fix.clone(),
                );
                mistakes.push((mistake, Diagnostic { line: at + 1, ..placed }));
            }
        }
    }
    (conditions, mistakes)
}
