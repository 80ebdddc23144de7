//! Events → tree, one statement at a time, so that a broken one costs only itself.

use std::cell::OnceCell;

use toml_parser::parser::{Event, EventKind, RecursionGuard, ValidateWhitespace};
use toml_parser::{ParseError, Source};

use super::events::Events;
use super::plain;
use super::resume::next_statement;
use super::tables::Part;
use super::tree::{Data, Form, Node, Table, TableId, Tree};
use super::wording;
use crate::flagfile::mistake::Mistake;
use crate::flagfile::position::Span;

/// How deep lists and tables may nest, the limit of the `toml` crate.
pub(super) const DEPTH: u32 = 80;
/// How often reading starts anew behind a statement that never ended; what follows then stays unread.
const RESTARTS: usize = 64;

/// Reads a text as TOML. Returns everything that could be read, and every mistake of syntax.
pub(crate) fn parse(text: &str) -> (Tree<'_>, Vec<Mistake>) {
    if let Some(tree) = plain::read(text) {
        return (tree, Vec::new());
    }
    let mut builder = Builder::new(text);
    let mut from = 0;
    let mut restarts = 0;
    while let Some(next) = builder.read(from, text.len()) {
        from = next;
        restarts += 1;
        if restarts == RESTARTS {
            builder.damage(Tree::ROOT, Span::new(from, text.len()));
            break;
        }
    }
    (builder.tree, builder.mistakes)
}

pub(super) struct Builder<'t> {
    pub(super) tree: Tree<'t>,
    /// The table that the last header opened.
    current: TableId,
    /// That header stood before: its keys would all be given twice too, which one mistake has said.
    repeated: bool,
    mistakes: Vec<Mistake>,
    /// A vector of key parts to use again.
    pub(super) spare: Vec<Part<'t>>,
}

impl<'t> Builder<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let root = Table::new(Form::Header, Span::new(0, 0));
        let tree = Tree { text, tables: vec![root], broken: Vec::new(), lines: OnceCell::new() };
        Self { tree, current: Tree::ROOT, repeated: false, mistakes: Vec::new(), spare: Vec::new() }
    }

    /// Reads the text from `base` to `end`; returns where to start anew if a statement swallowed others.
    pub(super) fn read(&mut self, base: usize, end: usize) -> Option<usize> {
        let source = Source::new(&self.tree.text[base..end]);
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
            Events { source, base, all: &events, at: 0, errors: structural.as_deref().unwrap_or(&[]) };
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

    pub(super) fn report(&mut self, mistake: Mistake) {
        self.mistakes.push(mistake);
    }

    /// Tells whether no mistake was found so far.
    pub(super) fn is_clean(&self) -> bool {
        self.mistakes.is_empty()
    }

    /// Sets a key in the table of the last header.
    pub(super) fn set_plain(&mut self, key: Part<'t>, value: Node<'t>) {
        if let Err(mistake) = self.tree.set(self.current, &[key], value) {
            self.report(mistake);
        }
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
        if unreadable_key || path.is_empty() {
            // Nobody knows what these keys belong to; their syntax is checked all the same.
            self.tree.tables[Tree::ROOT.0].damaged = true;
            self.repeated = false;
            self.current = self.tree.add_table(Form::Header, span);
        } else {
            self.open(&path, open.kind() == EventKind::ArrayTableOpen, span, broken);
        }
        statement.resume
    }

    /// Opens the table that a header names.
    pub(super) fn open(&mut self, path: &[Part<'t>], is_element: bool, header: Span, broken: bool) {
        let opened = if is_element {
            self.tree.open_element(path, header)
        } else {
            self.tree.open_table(path, header)
        };
        self.repeated = opened.is_err();
        self.current = opened.unwrap_or_else(|mistake| {
            if !broken {
                self.report(mistake);
            }
            self.tree.add_table(Form::Header, header)
        });
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
        if value.is_none() {
            let written = Span::new(start, statement.end).of(self.tree.text).lines().next().unwrap_or("");
            if wording::is_header_without_start(written) {
                let header = Span::new(start, start + written.trim_end().len());
                self.open(&path, written.contains("]]"), header, true);
                return statement.resume;
            }
        }
        let value = match value {
            Some(value) if !statement.broken => value,
            _ => Node { span: Span::new(start, statement.end), data: Data::Broken },
        };
        if let Err(mistake) = self.tree.set(self.current, &path, value)
            && !statement.broken
            && !self.repeated
        {
            self.report(mistake);
        }
        self.spare = path;
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
}

/// Where a statement ended and whether it can be believed.
struct Statement {
    broken: bool,
    end: usize,
    resume: Option<usize>,
}
