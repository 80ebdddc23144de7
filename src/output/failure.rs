//! Failures and notes on stderr.

use std::time::Duration;

use crate::report::{DiagnosticReport, FailureReport, Note, Report};

use super::document::{Block, Document, Excerpt, Text};
use super::json;
use super::number::{age, count, counted};
use super::screen::Screen;
use super::style::Style;
use super::text::text;

/// The most mistakes that are shown to people: who gives a wrong file has one in every line.
const MOST: usize = 100;

/// Returns a failure for stderr: the message, its causes, every mistake of a file with the line, a caret and
/// the fix, then the hints; or one JSON object on one line.
pub fn failure(report: &FailureReport, json: bool, screen: &Screen) -> String {
    let screen = *screen;
    if json {
        return json::line(FailureReport::SCHEMA, report, screen);
    }
    let error = &report.error;
    let mut document = Document::new();
    document.line(Text::styled(Style::Error, "error: ").with(Style::Strong, &*error.message));
    for cause in &error.causes {
        document.item(1, Text::styled(Style::Faint, "caused by:"), cause.as_str());
    }
    let mut out = text(&document, screen);
    for diagnostic in error.diagnostics.iter().take(MOST) {
        out.push('\n');
        out.push_str(&show(diagnostic, screen));
    }
    if let Some(more) = error.diagnostics.len().checked_sub(MOST).filter(|more| *more > 0) {
        let more = format!("… and {}; -o json has them all", counted(count(more), "more mistake"));
        let mut document = Document::new();
        document.line(Text::styled(Style::Faint, more));
        out.push('\n');
        out.push_str(&text(&document, screen));
    }
    if !error.diagnostics.is_empty() && !error.hints.is_empty() {
        out.push('\n');
    }
    let mut document = Document::new();
    for hint in &error.hints {
        document.item(0, Text::styled(Style::Hint, "hint:"), hint.as_str());
    }
    out.push_str(&text(&document, screen));
    out
}

/// Returns a note for stderr, with what to do about it.
pub fn note(note: &Note, screen: &Screen) -> String {
    let mut document = Document::new();
    document.item(0, Text::styled(Style::Warning, "note:"), &*note.message);
    if let Some(hint) = &note.hint {
        document.item(1, Text::styled(Style::Hint, "hint:"), hint.as_str());
    }
    text(&document, *screen)
}

/// Returns what is waited for, for stderr, with the time that is left.
pub fn waiting(what: &str, left: Duration, screen: &Screen) -> String {
    let mut document = Document::new();
    let left = Text::styled(Style::Faint, format!(" · {} left", age(left.as_secs())));
    document.item(0, Text::styled(Style::Hint, "waiting:"), Text::plain(what).join(left));
    text(&document, *screen)
}

/// Returns what is watched, for stderr.
pub fn watching(what: &[String], screen: &Screen) -> String {
    let mut document = Document::new();
    let parts = what.iter().map(|part| Text::plain(&**part));
    document.item(0, Text::styled(Style::Hint, "watching:"), Text::dotted(parts));
    text(&document, *screen)
}

/// One mistake: the place, the line with a caret, the fix.
fn show(diagnostic: &DiagnosticReport, screen: Screen) -> String {
    let DiagnosticReport { file, line, column, message, fix, .. } = diagnostic;
    let mut document = Document::new();
    document.blocks.push(Block::Line(
        Text::styled(Style::Strong, format!("{file}:{line}:{column}"))
            .with(Style::Faint, ": ")
            .and(&**message),
    ));
    document.excerpt(Excerpt {
        line: *line,
        column: *column,
        width: diagnostic.width,
        text: diagnostic.text.clone(),
        style: Style::Error,
    });
    if let Some(fix) = fix {
        document.item(4, Text::styled(Style::Added, "fix:"), fix.as_str());
    }
    text(&document, screen)
}
