//! Where a byte stands: lines and columns as an editor counts them.

/// A part of a file's text, in bytes, `start..end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl Span {
    /// Returns the span from `start` to before `end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Returns the part of `text` that this span covers; nothing where it does not fit.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or("")
    }
}

/// A place in a file as an editor shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1. A byte order mark is not counted.
    pub column: usize,
}

/// A place with what stands there, to be shown without the file at hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// Where it starts.
    pub position: Position,
    /// The text of that line, without its end.
    pub text: String,
    /// How many characters of the line it covers, at least 1.
    pub width: usize,
}

/// The byte order mark that some editors put in front of a file.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// Where each line of a text starts. Built once, asked many times.
#[derive(Clone, Debug)]
pub(super) struct Lines {
    starts: Vec<usize>,
}

impl Lines {
    /// Returns the lines of `text`; they end with a line feed, with or without a carriage return.
    pub(super) fn of(text: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1));
        Self { starts }
    }

    /// Returns the line, from 1, in which the byte `offset` stands.
    pub(super) fn number(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset)
    }

    /// Returns the text of a line, without its end and without a byte order mark, and where it starts.
    fn line<'t>(&self, text: &'t str, number: usize) -> (&'t str, usize) {
        let start = self.starts.get(number - 1).copied().unwrap_or(text.len());
        let end = self.starts.get(number).map_or(text.len(), |next| next - 1);
        let line = text.get(start..end).unwrap_or("");
        let line = line.strip_suffix('\r').unwrap_or(line);
        match line.strip_prefix(BYTE_ORDER_MARK) {
            Some(rest) if start == 0 => (rest, BYTE_ORDER_MARK.len_utf8()),
            _ => (line, start),
        }
    }

    /// Returns the place of the byte `offset`, the line's text, and how many characters of `span` stand in
    /// that line (at least 1).
    pub(super) fn locate<'t>(&self, text: &'t str, span: Span) -> (Position, &'t str, usize) {
        let offset = span.start.min(text.len());
        let number = self.number(offset);
        let (line, start) = self.line(text, number);
        let characters = |until: usize| {
            let bytes = until.saturating_sub(start).min(line.len());
            line.char_indices().take_while(|(at, _)| *at < bytes).count()
        };
        let before = characters(offset);
        let width = characters(span.end.max(offset)).saturating_sub(before).max(1);
        (Position { line: number, column: before + 1 }, line, width)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_not_bytes_nor_the_byte_order_mark() {
        let text = "\u{feff}ä = 1\r\n\tb = \"ü\" # x\n";
        let lines = Lines::of(text);
        let place = |needle: &str| {
            let at = text.find(needle).expect("the text holds it");
            let (position, line, width) = lines.locate(text, Span::new(at, at + needle.len()));
            (position.line, position.column, line, width)
        };
        assert_eq!(place("ä"), (1, 1, "ä = 1", 1));
        assert_eq!(place("1"), (1, 5, "ä = 1", 1));
        assert_eq!(place("\"ü\""), (2, 6, "\tb = \"ü\" # x", 3));
    }

    #[test]
    fn a_span_over_several_lines_is_cut_at_the_first() {
        let text = "a = [\r\n1]\n";
        let lines = Lines::of(text);
        assert_eq!(lines.locate(text, Span::new(4, 9)).2, 1);
        let end = lines.locate(text, Span::new(text.len(), text.len()));
        assert_eq!((end.0.line, end.0.column, end.2), (3, 1, 1));
    }
}
