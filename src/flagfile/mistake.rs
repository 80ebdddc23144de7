//! Mistakes while reading, and how they become diagnostics.

use super::position::{Lines, Span};
use crate::error::Diagnostic;

/// One thing that is wrong, where, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    /// What to underline.
    pub(super) span: Span,
    /// What is wrong: a lower-case fragment.
    pub(super) message: String,
    /// What to write instead.
    pub(super) fix: Option<String>,
    /// What kind of mistake it is, where it has a name of its own.
    pub(super) code: Option<&'static str>,
}

impl Mistake {
    /// Returns a mistake with its fix.
    pub(super) fn new(span: Span, message: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { span, message: message.into(), fix: Some(fix.into()), code: None }
    }

    /// Gives the kind of mistake a name of its own.
    pub(super) fn called(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }
}

/// Returns the mistakes as diagnostics of the file `name`, in the order in which they stand in it.
pub(super) fn diagnostics(name: &str, text: &str, mut mistakes: Vec<Mistake>) -> Vec<Diagnostic> {
    let lines = Lines::of(text);
    mistakes.sort_by_key(|mistake| mistake.span);
    mistakes.dedup();
    mistakes
        .into_iter()
        .map(|mistake| {
            let (position, line, width) = lines.locate(text, mistake.span);
            Diagnostic {
                file: name.to_owned(),
                line: position.line,
                column: position.column,
                text: line.to_owned(),
                width,
                message: mistake.message,
                fix: mistake.fix,
                code: mistake.code,
            }
        })
        .collect()
}
