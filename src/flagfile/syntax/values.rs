//! Keys and values out of events.

use std::borrow::Cow;

use toml_parser::ParseError;
use toml_parser::decoder::{Encoding, ScalarKind};
use toml_parser::parser::{Event, EventKind};

use super::build::{Builder, DEPTH};
use super::events::Events;
use super::tables::Part;
use super::tree::{Data, Form, Node};
use super::wording;
use crate::flagfile::position::Span;

impl<'t> Builder<'t> {
    /// Reads a dotted key that starts with `first`.
    pub(super) fn path(&mut self, first: &Event, events: &mut Events<'_, 't>) -> Vec<Part<'t>> {
        let mut path = std::mem::take(&mut self.spare);
        path.clear();
        path.extend(self.key_part(first, events));
        while events.take(EventKind::KeySep) {
            if let Some(event) = events.peek().filter(|event| event.kind() == EventKind::SimpleKey) {
                events.at += 1;
                path.extend(self.key_part(&event, events));
            }
        }
        if path.len() > DEPTH as usize {
            let span = Span::new(path[0].span.start, events.offset());
            self.report(wording::too_deep(span));
        }
        path
    }

    pub(super) fn key_part(&mut self, event: &Event, events: &Events<'_, 't>) -> Option<Part<'t>> {
        let span = events.span(event);
        let raw = events.source.get(event)?;
        let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        if event.encoding().is_none() && !raw.is_empty() && raw.as_bytes().iter().all(plain) {
            return Some(Part { text: Cow::Borrowed(raw.as_str()), span });
        }
        let mut text = Cow::Borrowed("");
        let mut error: Option<ParseError> = None;
        raw.decode_key(&mut text, &mut error);
        match error {
            None => Some(Part { text, span }),
            Some(error) => {
                let mistake = wording::key(&error, events.base, span, self.tree.text);
                self.report(mistake);
                None
            }
        }
    }

    /// Reads one value; [`Data::Broken`] where none stands.
    pub(super) fn value(&mut self, events: &mut Events<'_, 't>) -> Node<'t> {
        let Some(event) = events.peek() else {
            return Node { span: Span::new(events.offset(), events.offset()), data: Data::Broken };
        };
        let span = events.span(&event);
        match event.kind() {
            EventKind::Scalar => {
                events.at += 1;
                self.scalar(&event, span, events)
            }
            EventKind::ArrayOpen => {
                events.at += 1;
                self.list(span.start, events)
            }
            EventKind::InlineTableOpen => {
                events.at += 1;
                self.inline_table(span.start, events)
            }
            _ => Node { span, data: Data::Broken },
        }
    }

    fn list(&mut self, start: usize, events: &mut Events<'_, 't>) -> Node<'t> {
        let mut items = Vec::new();
        while let Some(event) = events.peek() {
            match event.kind() {
                EventKind::Scalar | EventKind::ArrayOpen | EventKind::InlineTableOpen => {
                    items.push(self.value(events));
                }
                kind => {
                    events.at += 1;
                    if kind == EventKind::ArrayClose {
                        break;
                    }
                }
            }
        }
        Node { span: Span::new(start, events.offset()), data: Data::List(items) }
    }

    fn inline_table(&mut self, start: usize, events: &mut Events<'_, 't>) -> Node<'t> {
        let table = self.tree.add_table(Form::Inline, Span::new(start, start));
        while let Some(event) = events.next() {
            match event.kind() {
                EventKind::InlineTableClose => break,
                EventKind::SimpleKey => {
                    let path = self.path(&event, events);
                    let value = if events.take(EventKind::KeyValSep) {
                        self.value(events)
                    } else {
                        Node { span: events.span(&event), data: Data::Broken }
                    };
                    if path.is_empty() {
                        self.tree.tables[table.0].damaged = true;
                    } else if let Err(mistake) = self.tree.set(table, &path, value) {
                        self.report(mistake);
                    }
                }
                _ => {}
            }
        }
        let span = Span::new(start, events.offset());
        self.tree.tables[table.0].span = span;
        Node { span, data: Data::Table(table) }
    }

    fn scalar(&mut self, event: &Event, span: Span, events: &Events<'_, 't>) -> Node<'t> {
        let Some(raw) = events.source.get(event) else {
            return Node { span, data: Data::Broken };
        };
        if let Some(data) = plain_value(event, raw.as_str()) {
            return Node { span, data };
        }
        let mut decoded = Cow::Borrowed("");
        let mut error: Option<ParseError> = None;
        let kind = raw.decode_scalar(&mut decoded, &mut error);
        if let Some(error) = error {
            let mistake = wording::scalar(&error, events.base, span, raw.as_str());
            self.report(mistake);
            return Node { span, data: Data::Broken };
        }
        let data = match kind {
            ScalarKind::String => Data::Text(decoded),
            ScalarKind::Boolean(value) => Data::Boolean(value),
            ScalarKind::Integer(radix) => Data::Integer(i64::from_str_radix(&decoded, radix.value()).ok()),
            ScalarKind::Float => Data::Float(decoded.parse().unwrap_or(f64::NAN)),
            ScalarKind::DateTime => decoded.parse().map_or_else(
                |_| {
                    self.report(wording::datetime(span, raw.as_str()));
                    Data::Broken
                },
                Data::Datetime,
            ),
        };
        Node { span, data }
    }
}

/// Returns a value that needs no decoding: a boolean, or text without escapes. Most values of a file are such.
fn plain_value<'t>(event: &Event, raw: &'t str) -> Option<Data<'t>> {
    match (event.encoding(), raw) {
        (None, "true") => Some(Data::Boolean(true)),
        (None, "false") => Some(Data::Boolean(false)),
        (Some(Encoding::BasicString), _) => {
            let text = raw.strip_prefix('"')?.strip_suffix('"')?;
            let plain = |byte: u8| byte >= b' ' && !matches!(byte, b'"' | b'\\' | 0x7f);
            text.bytes().all(plain).then_some(Data::Text(Cow::Borrowed(text)))
        }
        _ => None,
    }
}
