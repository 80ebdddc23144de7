//! Replacing parts of a text, and finding lines in it.

use crate::flagfile::position::Span;

/// A part of the text and what takes its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Patch {
    pub(super) span: Span,
    pub(super) text: String,
}

impl Patch {
    /// Returns the patch that writes `text` in place of `span`.
    pub(super) fn replace(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into() }
    }

    /// Returns the patch that writes `text` before the byte `at`.
    pub(super) fn insert(at: usize, text: impl Into<String>) -> Self {
        Self { span: Span::new(at, at), text: text.into() }
    }

    /// Returns the patch that takes `span` out.
    pub(super) const fn remove(span: Span) -> Self {
        Self { span, text: String::new() }
    }
}

/// Returns the text with the patches applied; they do not overlap.
pub(super) fn apply(text: &str, mut patches: Vec<Patch>) -> String {
    patches.sort_by_key(|patch| patch.span);
    let mut out =
        String::with_capacity(text.len() + patches.iter().map(|patch| patch.text.len()).sum::<usize>());
    let mut at = 0;
    for patch in patches {
        out.push_str(Span::new(at, patch.span.start).of(text));
        out.push_str(&patch.text);
        at = patch.span.end;
    }
    out.push_str(Span::new(at, text.len()).of(text));
    out
}

/// Returns where the line of the byte `at` starts, behind a byte order mark.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    match text[..at].rfind('\n') {
        Some(before) => before + 1,
        None => text.len() - text.trim_start_matches('\u{feff}').len(),
    }
}

/// Returns where the line of the byte `at` ends, before its line end.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    match text[at..].find('\n') {
        Some(length) if text[at..at + length].ends_with('\r') => at + length - 1,
        Some(length) => at + length,
        None => text.len(),
    }
}

/// Returns the whole lines that `span` touches, with the last line's end.
pub(super) fn lines(text: &str, span: Span) -> Span {
    let end = text[span.end..].find('\n').map_or(text.len(), |length| span.end + length + 1);
    let start = line_start(text, span.start);
    // Without a line behind, the line end before goes.
    if end == text.len() && !text.ends_with('\n') && start > 0 {
        let before = text[..start].trim_end_matches('\n');
        let before = before.strip_suffix('\r').unwrap_or(before);
        return Span::new(before.len(), end);
    }
    Span::new(start, end)
}

/// Returns the blanks at the start of the line of the byte `at`.
pub(super) fn indent(text: &str, at: usize) -> &str {
    let line = &text[line_start(text, at)..];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// Returns how the line of the byte `at` ends; for the last line, how the first does.
pub(super) fn newline(text: &str, at: usize) -> &'static str {
    let end = text[at..].find('\n').map(|length| at + length).or_else(|| text.find('\n'));
    match end {
        Some(end) if text[..end].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}
