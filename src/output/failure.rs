//! Failures and notes on stderr.

use unicode_width::UnicodeWidthStr;

use crate::report::{DiagnosticReport, FailureReport, Note, Report};

use super::document::{Block, Document, Text};
use super::json;
use super::number::{count, counted};
use super::screen::Screen;
use super::style::Style;
use super::text::{emit, text};
use super::width::clean;

/// The most mistakes that are shown to people: who gives a wrong file has one in every line.
const MOST: usize = 100;

/// The columns of the line number before a source line.
const GUTTER: usize = 8;

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

/// One mistake: the place, the line with a caret, the fix.
fn show(diagnostic: &DiagnosticReport, screen: Screen) -> String {
    let DiagnosticReport { file, line, column, message, fix, .. } = diagnostic;
    let mut document = Document::new();
    document.blocks.push(Block::Line(
        Text::styled(Style::Strong, format!("{file}:{line}:{column}"))
            .with(Style::Faint, ": ")
            .and(&**message),
    ));
    let mut out = text(&document, screen);
    let number = line.to_string();
    let gutter = |number: &str| clean(&Text::styled(Style::Faint, format!("{number:>5} │ ")), screen, false);
    let source = Source::of(diagnostic, screen);
    let lines = vec![
        gutter(&number).and(&*source.text),
        gutter("").and(" ".repeat(source.before)).with(Style::Error, "^".repeat(source.under)),
    ];
    out.push_str(&emit(lines, screen));
    let mut document = Document::new();
    if let Some(fix) = fix {
        document.item(4, Text::styled(Style::Added, "fix:"), fix.as_str());
    }
    out.push_str(&text(&document, screen));
    out
}

/// The source line as it is shown, and where the caret stands.
struct Source {
    text: String,
    before: usize,
    under: usize,
}

impl Source {
    /// Neutralises the line in three parts, so that the caret stands under what is shown of the mistake. On
    /// a terminal a long line is cut on both sides around it.
    fn of(diagnostic: &DiagnosticReport, screen: Screen) -> Self {
        let characters: Vec<char> = diagnostic.text.chars().collect();
        let from = diagnostic.column.saturating_sub(1).min(characters.len());
        let to = from.saturating_add(diagnostic.width).min(characters.len());
        let shown = |part: &[char]| {
            let part = part.iter().collect::<String>().replace('\t', "    ");
            let spans = clean(&Text::plain(part), screen, false).spans;
            spans.into_iter().map(|span| span.text).collect::<String>()
        };
        let mut before = shown(&characters[..from]);
        let (under, after) = (shown(&characters[from..to]), shown(&characters[to..]));
        let Some(columns) = screen.columns() else {
            let (left, length) = (before.width(), under.width().max(1));
            return Self { text: format!("{before}{under}{after}"), before: left, under: length };
        };
        let more = if screen.unicode { "…" } else { "~" };
        let room = columns.saturating_sub(GUTTER);
        if before.width() + under.width() + after.width() > room {
            let lead = room.saturating_sub(under.width().min(room / 2)) * 2 / 3;
            before = cut_front(before, lead, more);
        }
        let left = before.width();
        let length = under.width().min(room.saturating_sub(left)).max(1);
        Self { text: cut_back(format!("{before}{under}{after}"), room, more), before: left, under: length }
    }
}

/// Cuts text at its beginning to at most `room` columns.
fn cut_front(text: String, room: usize, more: &str) -> String {
    let mut kept = text.as_str();
    if text.width() <= room {
        return text;
    }
    while kept.width() + more.width() > room {
        let mut characters = kept.chars();
        if characters.next().is_none() {
            break;
        }
        kept = characters.as_str();
    }
    format!("{more}{kept}")
}

/// Cuts text at its end to at most `room` columns.
fn cut_back(text: String, room: usize, more: &str) -> String {
    let mut kept = text.as_str();
    if text.width() <= room {
        return text;
    }
    while kept.width() + more.width() > room {
        let mut characters = kept.chars();
        if characters.next_back().is_none() {
            break;
        }
        kept = characters.as_str();
    }
    format!("{kept}{more}")
}
