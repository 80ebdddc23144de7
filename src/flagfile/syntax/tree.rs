//! The tree: tables, entries and values, each with its span.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashMap;

use toml::value::Datetime;

use crate::flagfile::position::{Lines, Span};

/// A file as a tree. Tables stand in one arena; the first is the file itself.
#[derive(Debug)]
pub(crate) struct Tree<'t> {
    /// The whole text.
    pub(crate) text: &'t str,
    pub(super) tables: Vec<Table<'t>>,
    /// Statements that could not be read: what they name may exist all the same.
    pub(super) broken: Vec<Span>,
    pub(super) lines: OnceCell<Lines>,
}

/// Which table of the arena.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct TableId(pub(super) usize);

/// How a table was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Only as a part of another table's header: `a` in `[a.b]`.
    Implied,
    /// With a header of its own, `[a]` or `[[a]]`; also the file itself.
    Header,
    /// By dotted keys: `a` in `a.b = 1`.
    Dotted,
    /// In braces.
    Inline,
}

/// A table.
#[derive(Debug)]
pub(crate) struct Table<'t> {
    /// How it was written.
    pub(crate) form: Form,
    /// The header or the braces with what they hold; for other forms the key.
    pub(crate) span: Span,
    /// What it holds, in the order of the file.
    pub(crate) entries: Vec<Entry<'t>>,
    /// Stands in braces, as itself or as part of a dotted key.
    pub(crate) in_braces: bool,
    /// Holds something unreadable, of which not even the key is known.
    pub(crate) damaged: bool,
    index: Option<Box<Index<'t>>>,
}

/// Where in a table's entries each key stands.
type Index<'t> = HashMap<Cow<'t, str>, usize>;

/// A key and its value.
#[derive(Debug)]
pub(crate) struct Entry<'t> {
    /// The key.
    pub(crate) key: Cow<'t, str>,
    /// Where the key stands, with its quotes; the first place of several.
    pub(crate) key_span: Span,
    /// Where the whole dotted key starts, of which this key is the last part.
    pub(crate) start: usize,
    /// The value.
    pub(crate) value: Node<'t>,
}

/// A value and where it stands.
#[derive(Debug)]
pub(crate) struct Node<'t> {
    /// The value as written.
    pub(crate) span: Span,
    /// What it says.
    pub(crate) data: Data<'t>,
}

/// What a value says.
#[derive(Debug)]
pub(crate) enum Data<'t> {
    /// Text.
    Text(Cow<'t, str>),
    /// A whole number; none if it does not fit 64 bits.
    Integer(Option<i64>),
    /// Any other number.
    Float(f64),
    /// True or false.
    Boolean(bool),
    /// A date, a time or both.
    Datetime(Datetime),
    /// A list.
    List(Vec<Node<'t>>),
    /// The tables of `[[headers]]`.
    Tables(Vec<Node<'t>>),
    /// A table.
    Table(TableId),
    /// Something that could not be read and was reported.
    Broken,
}

/// Tables with at most so many entries are searched one by one, which is faster than hashing.
const SMALL: usize = 8;

impl<'t> Table<'t> {
    pub(super) fn new(form: Form, span: Span) -> Self {
        Self {
            form,
            span,
            in_braces: matches!(form, Form::Inline),
            entries: Vec::new(),
            damaged: false,
            index: None,
        }
    }

    /// Returns where in `entries` a key stands.
    pub(crate) fn position(&self, key: &str) -> Option<usize> {
        match &self.index {
            None => self.entries.iter().position(|entry| entry.key == key),
            Some(index) => index.get(key).copied(),
        }
    }

    /// Returns the entry of a key.
    pub(crate) fn entry(&self, key: &str) -> Option<&Entry<'t>> {
        self.position(key).and_then(|at| self.entries.get(at))
    }

    /// Appends an entry whose key is known to be new, and returns where it stands.
    pub(super) fn push(&mut self, entry: Entry<'t>) -> usize {
        let at = self.entries.len();
        if at == SMALL {
            let index: Index<'t> =
                self.entries.iter().enumerate().map(|(at, old)| (old.key.clone(), at)).collect();
            self.index = Some(Box::new(index));
        }
        if let Some(index) = &mut self.index {
            index.insert(entry.key.clone(), at);
        }
        self.entries.push(entry);
        at
    }
}

impl<'t> Tree<'t> {
    /// The table that is the file itself.
    pub(crate) const ROOT: TableId = TableId(0);

    /// Returns a table.
    pub(crate) fn table(&self, id: TableId) -> &Table<'t> {
        &self.tables[id.0]
    }

    /// Returns the line, from 1, of a byte.
    pub(crate) fn line(&self, offset: usize) -> usize {
        self.lines.get_or_init(|| Lines::of(self.text)).number(offset)
    }

    /// Tells whether a statement that could not be read holds `word`, which may then well be declared in it.
    pub(crate) fn broken_mentions(&self, word: &str) -> bool {
        self.broken.iter().any(|span| span.of(self.text).contains(word))
    }
}

impl Data<'_> {
    /// Returns what kind of value it is, in words.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Integer(_) => "a whole number",
            Self::Float(_) => "a decimal number",
            Self::Boolean(_) => "a boolean",
            Self::Datetime(_) => "a date",
            Self::List(_) | Self::Tables(_) => "a list",
            Self::Table(_) => "a table",
            Self::Broken => "unreadable",
        }
    }
}
