//! The parser's events of a text, read one after the other.

use toml_parser::parser::{Event, EventKind};
use toml_parser::{ParseError, Source};

use super::wording;
use crate::flagfile::position::Span;

/// The events of the text from `base` on.
pub(super) struct Events<'e, 't> {
    pub(super) source: Source<'t>,
    pub(super) base: usize,
    pub(super) all: &'e [Event],
    pub(super) at: usize,
    pub(super) errors: &'e [ParseError],
}

impl Events<'_, '_> {
    pub(super) fn peek(&self) -> Option<Event> {
        self.all.get(self.at).copied()
    }

    pub(super) fn next(&mut self) -> Option<Event> {
        let event = self.peek()?;
        self.at += 1;
        Some(event)
    }

    /// Takes the next event if it is of this kind.
    pub(super) fn take(&mut self, kind: EventKind) -> bool {
        let found = self.peek().is_some_and(|event| event.kind() == kind);
        self.at += usize::from(found);
        found
    }

    pub(super) fn span(&self, event: &Event) -> Span {
        Span::new(self.base + event.span().start(), self.base + event.span().end())
    }

    /// Returns where in the text the events taken so far end.
    pub(super) fn offset(&self) -> usize {
        match self.at.checked_sub(1).and_then(|last| self.all.get(last)) {
            Some(last) => self.base + last.span().end(),
            None => self.base,
        }
    }

    /// Returns the innermost bracket that was opened in `start..end` of the text and not closed there.
    pub(super) fn unclosed(&self, start: usize, end: usize) -> Option<Span> {
        let mut open = Vec::new();
        let from = self.all.partition_point(|event| self.span(event).start < start);
        for event in &self.all[from..] {
            let span = self.span(event);
            match event.kind() {
                _ if span.start >= end => break,
                EventKind::ArrayOpen | EventKind::InlineTableOpen => open.push(span),
                EventKind::ArrayClose | EventKind::InlineTableClose => {
                    open.pop();
                }
                _ => {}
            }
        }
        open.pop()
    }

    /// Returns the first error of shape in `start..=end` of the text, and where it stands.
    pub(super) fn first_error(&self, start: usize, end: usize) -> Option<(ParseError, Span)> {
        let from = self.errors.partition_point(|error| self.base + wording::place(error).start() < start);
        let error = self.errors.get(from)?;
        let place = wording::place(error);
        let span = Span::new(self.base + place.start(), self.base + place.end());
        // Behind the last statement everything belongs to it.
        (span.start < end || self.peek().is_none()).then(|| (error.clone(), span))
    }
}
