//! The short way for lines as most files have them: `key = true`, `key = "text"`, `key = ["a", "b"]`,
//! `key = 2027-03-31` and `[a.b]`, each alone in its line, without comments, escapes and blanks where none belong.
//!
//! It saves lexing three quarters of a large file. Everything else in the file, and the whole file as soon as
//! there is a mistake in it, goes through the parser.

use std::borrow::Cow;

use super::build::Builder;
use super::tables::Part;
use super::tree::{Data, Node, Tree};
use crate::flagfile::position::Span;

/// How many bytes the parser gets at once, so that the events of a piece stay in the processor's cache.
const PIECE: usize = 32 * 1024;

/// Reads a text without a mistake. A line that looks plain may stand in the middle of a list or text of several
/// lines; the parser then gets something unfinished, which is a mistake, and the whole text must be read at once.
pub(super) fn read(text: &str) -> Option<Tree<'_>> {
    let mut builder = Builder::new(text);
    let bytes = text.as_bytes();
    // What the parser must read starts here.
    let (mut pending, mut at) = (0, 0);
    while at < text.len() {
        let mut line = Line { text, at };
        let statement = line.statement();
        if statement.is_some() || (at - pending > PIECE && bytes[at].is_ascii_alphabetic()) {
            builder.read_piece(pending, at)?;
            pending = at;
        }
        if let Some(statement) = statement {
            builder.plain(statement)?;
            pending = line.at;
            at = line.at;
        } else {
            let end = bytes[at..].iter().position(|byte| *byte == b'\n');
            at = end.map_or(text.len(), |length| at + length + 1);
        }
    }
    builder.read_piece(pending, text.len())?;
    Some(builder.tree)
}

/// A plain line.
enum Statement<'t> {
    Header(Vec<Part<'t>>, Span),
    Entry(Part<'t>, Node<'t>),
}

impl<'t> Builder<'t> {
    fn read_piece(&mut self, from: usize, end: usize) -> Option<()> {
        // The lexer passes over a byte order mark at the start of what it gets; here it is a mistake.
        if from > 0 && self.tree.text[from..end].starts_with('\u{feff}') {
            return None;
        }
        if from < end && self.read(from, end).is_some() {
            return None;
        }
        self.is_clean().then_some(())
    }

    fn plain(&mut self, statement: Statement<'t>) -> Option<()> {
        match statement {
            Statement::Header(path, header) => self.open(&path, false, header, false),
            Statement::Entry(key, value) => self.set_plain(key, value),
        }
        self.is_clean().then_some(())
    }
}

/// Reads one line from `at` on, which is then where the next one starts.
struct Line<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Line<'t> {
    fn statement(&mut self) -> Option<Statement<'t>> {
        let start = self.at;
        if self.take(b'[') {
            let mut path = Vec::with_capacity(2);
            loop {
                path.push(self.key()?);
                if !self.take(b'.') {
                    break;
                }
            }
            let closed = self.take(b']');
            let header = Span::new(start, self.at);
            return (closed && self.ends()).then_some(Statement::Header(path, header));
        }
        let key = self.key()?;
        self.blanks();
        if !self.take(b'=') {
            return None;
        }
        self.blanks();
        let value = self.value()?;
        self.ends().then_some(Statement::Entry(key, value))
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn blanks(&mut self) {
        while self.take(b' ') {}
    }

    /// Goes over the line end; false where something else stands.
    fn ends(&mut self) -> bool {
        let carriage_return = self.take(b'\r');
        self.take(b'\n') || (!carriage_return && self.at == self.text.len())
    }

    fn key(&mut self) -> Option<Part<'t>> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')) {
            self.at += 1;
        }
        let span = Span::new(start, self.at);
        (start < self.at).then(|| Part { text: Cow::Borrowed(span.of(self.text)), span })
    }

    fn value(&mut self) -> Option<Node<'t>> {
        let start = self.at;
        let data = match self.peek()? {
            b'"' => self.quoted()?,
            b't' => self.word("true", Data::Boolean(true))?,
            b'f' => self.word("false", Data::Boolean(false))?,
            b'[' => self.list()?,
            b'1' | b'2' => self.date()?,
            _ => return None,
        };
        Some(Node { span: Span::new(start, self.at), data })
    }

    fn word(&mut self, word: &str, data: Data<'t>) -> Option<Data<'t>> {
        self.text.as_bytes()[self.at..].starts_with(word.as_bytes()).then(|| {
            self.at += word.len();
            data
        })
    }

    fn quoted(&mut self) -> Option<Data<'t>> {
        let start = self.at + 1;
        let rest = self.text.as_bytes().get(start..)?;
        let length = rest.iter().position(|byte| *byte < b' ' || matches!(byte, b'"' | b'\\' | 0x7f))?;
        self.at = start + length;
        // An empty text may be the start of `"""`; what follows is then no line end.
        self.take(b'"').then(|| Data::Text(Cow::Borrowed(Span::new(start, start + length).of(self.text))))
    }

    fn list(&mut self) -> Option<Data<'t>> {
        self.at += 1;
        let mut items = Vec::new();
        while !self.take(b']') {
            if !items.is_empty() && !self.take(b',') {
                return None;
            }
            self.blanks();
            let start = self.at;
            if self.peek()? != b'"' {
                return None;
            }
            let data = self.quoted()?;
            items.push(Node { span: Span::new(start, self.at), data });
        }
        Some(Data::List(items))
    }

    fn date(&mut self) -> Option<Data<'t>> {
        const LENGTH: usize = "2027-03-31".len();
        let text = self.text.get(self.at..self.at + LENGTH)?;
        let shape = |(at, byte): (usize, u8)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        };
        if !text.bytes().enumerate().all(shape) {
            return None;
        }
        self.at += LENGTH;
        text.parse().ok().map(Data::Datetime)
    }
}
