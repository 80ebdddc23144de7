//! Events → tree, one statement at a time, so that a broken one costs only itself.

use std::borrow::Cow;
use std::cell::OnceCell;

use toml_parser::decoder::ScalarKind;
use toml_parser::parser::{Event, EventKind, RecursionGuard, ValidateWhitespace};
use toml_parser::{ParseError, Source};

use super::resume::next_statement;
use super::tables::Part;
use super::tree::{Data, Form, Node, Table, TableId, Tree};
use super::wording;
use crate::flagfile::mistake::Mistake;
use crate::flagfile::position::Span;

/// How deep lists and tables may nest, the limit of the `toml` crate.
const DEPTH: u32 = 80;
/// How often reading starts anew behind a statement that never ended; what follows then stays unread.
const RESTARTS: usize = 64;

/// Reads a text as TOML. Returns everything that could be read, and every mistake of syntax.
pub(crate) fn parse(text: &str) -> (Tree<'_>, Vec<Mistake>) {
    let root = Table::new(Form::Header, Span::new(0, 0));
    let tree = Tree { text, tables: vec![root], broken: Vec::new(), lines: OnceCell::new() };
    let mut builder = Builder { tree, current: Tree::ROOT, repeated: false, mistakes: Vec::new() };
    let mut from = 0;
    let mut restarts = 0;
    while let Some(next) = builder.read_from(from) {
        from = next;
        restarts += 1;
        if restarts == RESTARTS {
            builder.damage(Tree::ROOT, Span::new(from, text.len()));
            break;
        }
    }
    (builder.tree, builder.mistakes)
}

struct Builder<'t> {
    tree: Tree<'t>,
    /// The table that the last header opened.
    current: TableId,
    /// That header stood before: its keys would all be given twice too, which one mistake has said.
    repeated: bool,
    mistakes: Vec<Mistake>,
}

/// The events of the text from `base` on.
struct Events<'e, 't> {
    source: Source<'t>,
    base: usize,
    events: &'e [Event],
    at: usize,
    errors: &'e [ParseError],
}

impl<'t> Builder<'t> {
    /// Reads the text from `base` on; returns where to start anew if a statement swallowed others.
    fn read_from(&mut self, base: usize) -> Option<usize> {
        let source = Source::new(&self.tree.text[base..]);
        let tokens = source.lex().into_vec();
        let mut events: Vec<Event> = Vec::with_capacity(tokens.len());
        let mut errors: Vec<ParseError> = Vec::new();
        {
            let mut keep = |event: Event| {
                if !matches!(event.kind(), EventKind::Whitespace | EventKind::Comment) {
                    events.push(event);
                }
            };
            let mut whitespace = ValidateWhitespace::new(&mut keep, source);
            let mut guard = RecursionGuard::new(&mut whitespace, DEPTH);
            toml_parser::parser::parse_document(&tokens, &mut guard, &mut errors);
        }
        drop(tokens);
        // In a text without a mistake there is none to look up.
        errors.sort_by_key(|error| wording::place(error).start());
        let structural = self.report_characters(base, &errors);
        let mut events =
            Events { source, base, events: &events, at: 0, errors: structural.as_deref().unwrap_or(&[]) };
        while let Some(event) = events.next() {
            let next = match event.kind() {
                EventKind::SimpleKey => self.key_value(&event, &mut events),
                EventKind::StdTableOpen | EventKind::ArrayTableOpen => self.header(&event, &mut events),
                EventKind::Newline => None,
                _ => self.stray(&event, &mut events),
            };
            if next.is_some() {
                return next;
            }
        }
        None
    }

    /// Reports characters that a comment or line end must not hold; they break nothing else. Returns the rest.
    fn report_characters(&mut self, base: usize, errors: &[ParseError]) -> Option<Vec<ParseError>> {
        if errors.is_empty() {
            return None;
        }
        let (harmless, structural): (Vec<_>, Vec<_>) =
            errors.iter().cloned().partition(wording::is_only_a_character);
        let mut seen = Vec::new();
        for error in harmless {
            // One stray carriage return stands for all: the file has old line ends.
            if !seen.contains(&error.description().to_owned()) {
                seen.push(error.description().to_owned());
                let place = wording::place(&error);
                let span = Span::new(base + place.start(), base + place.end());
                self.report(wording::structural(&error, span, span, self.tree.text));
            }
        }
        Some(structural)
    }

    fn report(&mut self, mistake: Mistake) {
        self.mistakes.push(mistake);
    }

    /// Reads `[header]`.
    fn header(&mut self, open: &Event, events: &mut Events<'_, 't>) -> Option<usize> {
        let start = events.base + open.span().start();
        let before = self.mistakes.len();
        let mut path = Vec::new();
        let mut end = events.base + open.span().end();
        while let Some(event) = events.peek() {
            match event.kind() {
                EventKind::SimpleKey => {
                    events.at += 1;
                    path.extend(self.key_part(&event, events));
                }
                EventKind::KeySep => events.at += 1,
                EventKind::StdTableClose | EventKind::ArrayTableClose => {
                    events.at += 1;
                    end = events.base + event.span().end();
                    break;
                }
                _ => break,
            }
        }
        let unreadable_key = self.mistakes.len() > before;
        let statement = self.finish(start, before, events);
        let broken = unreadable_key || statement.broken;
        if broken {
            self.tree.broken.push(Span::new(start, statement.end));
        }
        let span = Span::new(start, end.min(statement.end));
        self.repeated = false;
        if unreadable_key || path.is_empty() {
            // Nobody knows what these keys belong to; their syntax is checked all the same.
            self.tree.tables[Tree::ROOT.0].damaged = true;
            self.current = self.tree.add_table(Form::Header, span);
            return statement.resume;
        }
        let opened = match open.kind() {
            EventKind::ArrayTableOpen => self.tree.open_element(&path, span),
            _ => self.tree.open_table(&path, span),
        };
        self.current = opened.unwrap_or_else(|mistake| {
            if !broken {
                self.report(*mistake);
            }
            self.repeated = true;
            self.tree.add_table(Form::Header, span)
        });
        statement.resume
    }

    /// Reads `key = value`.
    fn key_value(&mut self, first: &Event, events: &mut Events<'_, 't>) -> Option<usize> {
        let start = events.base + first.span().start();
        let before = self.mistakes.len();
        let path = self.path(first, events);
        let unreadable_key = self.mistakes.len() > before;
        let mut value = None;
        if events.take(EventKind::KeyValSep) {
            value = Some(self.value(events));
        }
        let statement = self.finish(start, before, events);
        if unreadable_key || path.is_empty() {
            self.damage(self.current, Span::new(start, statement.end));
            return statement.resume;
        }
        if statement.broken {
            self.tree.broken.push(Span::new(start, statement.end));
        }
        let value = match value {
            Some(value) if !statement.broken => value,
            _ => Node { span: Span::new(start, statement.end), data: Data::Broken },
        };
        if let Err(mistake) = self.tree.set(self.current, &path, value)
            && !statement.broken
            && !self.repeated
        {
            self.report(*mistake);
        }
        statement.resume
    }

    /// Passes over something that starts no statement.
    fn stray(&mut self, event: &Event, events: &mut Events<'_, 't>) -> Option<usize> {
        let start = events.base + event.span().start();
        let before = self.mistakes.len();
        let statement = self.finish(start, before, events);
        self.damage(self.current, Span::new(start, statement.end));
        statement.resume
    }

    fn damage(&mut self, table: TableId, span: Span) {
        self.tree.tables[table.0].damaged = true;
        self.tree.broken.push(span);
    }

    /// Goes to the end of the statement that started at `start`, of which `found` mistakes came before, and
    /// reports what is wrong with its shape.
    fn finish(&mut self, start: usize, found: usize, events: &mut Events<'_, 't>) -> Statement {
        let mut clean = true;
        while let Some(event) = events.next() {
            if event.kind() == EventKind::Newline {
                break;
            }
            clean = false;
        }
        let end = events.offset();
        let text = self.tree.text;
        let Some((error, span)) = events.first_error(start, end) else {
            // A `\"\"\"` without its end runs to the end of the file.
            let unclosed = self.mistakes.len() > found && events.peek().is_none();
            let resume = if unclosed { next_statement(text, start, end) } else { None };
            return Statement { broken: !clean || resume.is_some(), end: resume.unwrap_or(end), resume };
        };
        let resume = next_statement(text, start, end);
        let end = resume.unwrap_or(end);
        let seen =
            self.mistakes[found..].iter().filter(|mistake| mistake.span.start < end.min(span.start)).count();
        self.mistakes.truncate(found + seen);
        match resume.and_then(|resume| events.unclosed(start, resume)) {
            Some(bracket) => self.report(wording::unclosed(bracket, text)),
            // What was wrong with a value before may well be why the shape is.
            None if seen == 0 => {
                let length = text[start..end].trim_end().len();
                self.report(wording::structural(&error, span, Span::new(start, start + length), text));
            }
            None => {}
        }
        Statement { broken: true, end, resume }
    }

    /// Reads a dotted key that starts with `first`.
    fn path(&mut self, first: &Event, events: &mut Events<'_, 't>) -> Vec<Part<'t>> {
        let mut path: Vec<Part<'t>> = self.key_part(first, events).into_iter().collect();
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

    fn key_part(&mut self, event: &Event, events: &Events<'_, 't>) -> Option<Part<'t>> {
        let span = events.span(event);
        let raw = events.source.get(event)?;
        let mut text = Cow::Borrowed("");
        let mut error: Option<ParseError> = None;
        raw.decode_key(&mut text, &mut error);
        match error {
            None => Some(Part { text, span }),
            Some(error) => {
                let mistake = wording::key(&error, events.base, span, raw.as_str());
                self.report(mistake);
                None
            }
        }
    }

    /// Reads one value; [`Data::Broken`] where none stands.
    fn value(&mut self, events: &mut Events<'_, 't>) -> Node<'t> {
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
                        self.report(*mistake);
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
            ScalarKind::DateTime => match decoded.parse() {
                Ok(value) => Data::Datetime(value),
                Err(_) => {
                    self.report(wording::datetime(span, raw.as_str()));
                    Data::Broken
                }
            },
        };
        Node { span, data }
    }
}

/// Where a statement ended and whether it can be believed.
struct Statement {
    broken: bool,
    end: usize,
    resume: Option<usize>,
}

impl Events<'_, '_> {
    fn peek(&self) -> Option<Event> {
        self.events.get(self.at).copied()
    }

    fn next(&mut self) -> Option<Event> {
        let event = self.peek()?;
        self.at += 1;
        Some(event)
    }

    /// Takes the next event if it is of this kind.
    fn take(&mut self, kind: EventKind) -> bool {
        let found = self.peek().is_some_and(|event| event.kind() == kind);
        self.at += usize::from(found);
        found
    }

    fn span(&self, event: &Event) -> Span {
        Span::new(self.base + event.span().start(), self.base + event.span().end())
    }

    /// Returns where in the text the events taken so far end.
    fn offset(&self) -> usize {
        match self.at.checked_sub(1).and_then(|last| self.events.get(last)) {
            Some(last) => self.base + last.span().end(),
            None => self.base,
        }
    }

    /// Returns the innermost bracket that was opened in `start..end` of the text and not closed there.
    fn unclosed(&self, start: usize, end: usize) -> Option<Span> {
        let mut open = Vec::new();
        let from = self.events.partition_point(|event| self.span(event).start < start);
        for event in &self.events[from..] {
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
    fn first_error(&self, start: usize, end: usize) -> Option<(ParseError, Span)> {
        let from = self.errors.partition_point(|error| self.base + wording::place(error).start() < start);
        let error = self.errors.get(from)?;
        let place = wording::place(error);
        let span = Span::new(self.base + place.start(), self.base + place.end());
        // Behind the last statement everything belongs to it.
        (span.start < end || self.peek().is_none()).then(|| (error.clone(), span))
    }
}
