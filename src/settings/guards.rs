//! `require_reason`, `max_step` and `freeze` of a profile in config.toml.

use toml::de::DeValue;

use crate::model::Weight;

use super::config::{Entry, Reader};
use super::freeze::FreezeWindow;

/// What a profile demands of changes, each with its line in config.toml, from 1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileGuards {
    /// Whether a change must say why.
    pub require_reason: Option<usize>,
    /// The largest share of the users that one change may newly give something to.
    pub max_step: Option<(Weight, usize)>,
    /// When nothing is changed but for the less.
    pub freeze: Vec<(FreezeWindow, usize)>,
}

/// Reads the share of `max_step`.
///
/// # Errors
/// What is wrong with it.
pub fn parse_step(text: &str) -> Result<Weight, String> {
    match Weight::parse(text) {
        Ok(Weight::NONE) => {
            Err("0% would let nothing rise; a protected profile asks for its name".to_owned())
        }
        Ok(step) => Ok(step),
        Err(error) => Err(error.to_string()),
    }
}

impl ProfileGuards {
    /// The keys of the guards in config.toml.
    pub(super) const KEYS: [&'static str; 3] = ["require_reason", "max_step", "freeze"];
}

impl Reader<'_> {
    /// Reads one of [`ProfileGuards::KEYS`].
    pub(super) fn guard(&mut self, entry: Entry<'_, '_>, guards: &mut ProfileGuards) {
        let line = self.line(entry.0.span());
        match entry.0.get_ref().as_ref() {
            "require_reason" => {
                guards.require_reason = self.boolean(entry).unwrap_or_default().then_some(line);
            }
            "max_step" => guards.max_step = self.step(entry).map(|step| (step, line)),
            _ => guards.freeze = self.windows(entry),
        }
    }

    fn step(&mut self, entry: Entry<'_, '_>) -> Option<Weight> {
        let text = self.string(entry)?;
        let problem = match parse_step(&text) {
            Ok(step) => return Some(step),
            Err(problem) => problem,
        };
        let fix = Some("max_step = \"10%\"".to_owned());
        self.wrong(entry.1.span(), format!("`max_step`: {problem}"), fix);
        None
    }

    fn windows(&mut self, entry: Entry<'_, '_>) -> Vec<(FreezeWindow, usize)> {
        let DeValue::Array(items) = entry.1.get_ref() else {
            self.wrong_type(entry, "a list");
            return Vec::new();
        };
        let mut windows = Vec::new();
        for item in items {
            let read = match item.get_ref().as_str() {
                Some(text) => FreezeWindow::parse(text),
                None => {
                    Err(("a window is text in quotes".to_owned(), "\"Fri 16:00..Mon 08:00 UTC\"".to_owned()))
                }
            };
            match read {
                Ok(window) => windows.push((window, self.line(item.span()))),
                Err((message, fix)) => {
                    self.wrong(item.span(), format!("`freeze`: {message}"), Some(fix));
                }
            }
        }
        windows
    }
}
