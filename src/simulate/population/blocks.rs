//! A stream of bytes cut into blocks of whole rows.

use std::io::{self, Read};

use super::super::error::SimulateError;

/// How many bytes a block has, about: small enough for the caches, large enough that handing it over is free.
const BLOCK: usize = 512 * 1024;
/// The longest row that is read.
const LONGEST_ROW: usize = 16 * 1024 * 1024;

/// Cuts a stream into blocks that end where a row ends.
pub(crate) struct Blocks<'a> {
    reader: Box<dyn Read + Send + 'a>,
    /// The start of the next block: what came after the last row end.
    carry: Vec<u8>,
    ended: bool,
    /// Whether line ends may stand in quotes.
    quotes: bool,
    /// Line ends handed over so far.
    lines: u64,
}

impl<'a> Blocks<'a> {
    pub(super) fn new(reader: Box<dyn Read + Send + 'a>) -> Self {
        Self { reader, carry: Vec::new(), ended: false, quotes: false, lines: 0 }
    }

    /// Says that line ends may stand in quotes, as in CSV.
    pub(super) fn with_quotes(&mut self) {
        self.quotes = true;
    }

    /// Returns the first bytes of the stream, at least to the first line end, leaving them in place; a byte
    /// order mark is dropped.
    pub(super) fn peek(&mut self) -> Result<&[u8], SimulateError> {
        let mut wanted = BLOCK;
        while !self.ended && self.carry.len() < LONGEST_ROW {
            let filled = self.carry.len();
            read_up_to(&mut self.reader, (&mut self.carry, filled), wanted, &mut self.ended)?;
            if self.carry.contains(&b'\n') {
                break;
            }
            wanted *= 2;
        }
        if self.carry.starts_with(b"\xef\xbb\xbf") {
            self.carry.drain(..3);
        }
        Ok(&self.carry)
    }

    /// Puts the next block in place of what `block` holds; false at the end of the stream.
    pub(super) fn next(&mut self, block: &mut Vec<u8>) -> Result<bool, SimulateError> {
        // What the block held is overwritten where it stands: to clear it would be to fill it with zeros again.
        let mut filled = self.carry.len();
        block.resize(block.len().max(filled), 0);
        block[..filled].copy_from_slice(&self.carry);
        self.carry.clear();
        let mut wanted = BLOCK;
        loop {
            filled = read_up_to(&mut self.reader, (&mut *block, filled), wanted, &mut self.ended)?;
            let cut = self.cut(block);
            if self.ended {
                if self.quotes && matches!(cut, Cut { in_quotes: true, .. }) {
                    let line = self.lines + 1 + count_lines(&block[..cut.at.unwrap_or(0)]);
                    return Err(SimulateError::Endless { line, reason: "a quote is never closed" });
                }
                break;
            }
            if let Some(at) = cut.at {
                self.carry.extend_from_slice(&block[at..]);
                block.truncate(at);
                break;
            }
            if block.len() >= LONGEST_ROW {
                return Err(SimulateError::Endless {
                    line: self.lines + 1,
                    reason: "it is longer than 16 MiB",
                });
            }
            wanted = block.len() * 2;
        }
        self.lines += count_lines(block);
        Ok(!block.is_empty())
    }

    /// Finds where the last whole row of a block ends.
    fn cut(&self, block: &[u8]) -> Cut {
        if self.quotes && memchr::memchr(b'"', block).is_some() {
            return cut_quoted(block);
        }
        Cut { at: memchr::memrchr(b'\n', block).map(|at| at + 1), in_quotes: false }
    }
}

/// Where a block can be cut.
struct Cut {
    /// The first byte after the last row end.
    at: Option<usize>,
    /// Whether the block ends within quotes.
    in_quotes: bool,
}

/// Finds the last line end that does not stand in quotes, as the `csv` crate reads quotes: they open only at
/// the start of a field, a doubled one stands for itself, and what follows a closed one is taken literally.
fn cut_quoted(block: &[u8]) -> Cut {
    #[derive(Clone, Copy, PartialEq)]
    enum At {
        FieldStart,
        Plain,
        Quoted,
        QuoteInQuoted,
    }
    let mut at = At::FieldStart;
    let mut cut = None;
    for (position, byte) in block.iter().enumerate() {
        at = match (at, byte) {
            (At::Quoted, b'"') => At::QuoteInQuoted,
            (At::FieldStart | At::QuoteInQuoted, b'"') | (At::Quoted, _) => At::Quoted,
            (_, b',' | b'\r') => At::FieldStart,
            (_, b'\n') => {
                cut = Some(position + 1);
                At::FieldStart
            }
            _ => At::Plain,
        };
    }
    Cut { at: cut, in_quotes: at == At::Quoted }
}

/// Returns how many line ends there are.
pub(super) fn count_lines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

/// Reads behind the first `filled` bytes of a buffer, over what stands there, until it has `wanted` bytes or the stream
/// ends. The buffer has no others then; returns how many it has.
fn read_up_to(
    reader: &mut dyn Read,
    (buffer, mut filled): (&mut Vec<u8>, usize),
    wanted: usize,
    ended: &mut bool,
) -> Result<usize, SimulateError> {
    buffer.resize(wanted.max(filled), 0);
    let result = loop {
        if *ended || filled >= wanted {
            break Ok(filled);
        }
        match reader.read(&mut buffer[filled..]) {
            Ok(0) => *ended = true,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => break Err(SimulateError::Read(error)),
        }
    };
    buffer.truncate(filled);
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives a few bytes at a time, as a pipe does.
    struct Dribble<'a>(&'a [u8], usize);

    impl Read for Dribble<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.0.len().min(self.1).min(buffer.len());
            let (now, later) = self.0.split_at(count);
            buffer[..count].copy_from_slice(now);
            self.0 = later;
            Ok(count)
        }
    }

    fn blocks(text: &[u8], step: usize, quotes: bool) -> Result<Vec<Vec<u8>>, SimulateError> {
        let mut blocks = Blocks::new(Box::new(Dribble(text, step)));
        blocks.peek()?;
        if quotes {
            blocks.with_quotes();
        }
        let (mut all, mut block) = (Vec::new(), Vec::new());
        while blocks.next(&mut block)? {
            all.push(block.clone());
        }
        Ok(all)
    }

    #[test]
    fn blocks_end_with_rows_and_lose_nothing() {
        let rows = (0..100_000).map(|n| format!("user-{n}\n")).chain(["no end".to_owned()]);
        let text = rows.collect::<Vec<_>>().concat();
        let all = blocks(text.as_bytes(), 70_001, false).expect("blocks");
        assert!(all.len() > 2);
        assert_eq!(all.concat(), text.as_bytes());
        assert!(all[..all.len() - 1].iter().all(|block| block.ends_with(b"\n")));
    }

    #[test]
    fn a_line_end_in_quotes_ends_no_row() {
        let row = "u1,\"two\nlines, \"\"quoted\"\"\n\",5\" pipe\n";
        let text = row.repeat(40_000);
        let all = blocks(text.as_bytes(), 999, true).expect("blocks");
        assert!(all.len() > 2);
        assert_eq!(all.concat(), text.as_bytes());
        assert!(all.iter().all(|block| block.len() % row.len() == 0));
    }

    #[test]
    fn a_quote_that_never_closes_is_found() {
        let error = blocks(b"id,name\nu1,\"a\"\nu2,\"b\nu3,c\n", 5, true).expect_err("no end");
        assert!(matches!(error, SimulateError::Endless { line: 3, .. }), "{error}");
    }

    #[test]
    fn a_byte_order_mark_is_dropped() {
        assert_eq!(blocks(b"\xef\xbb\xbfu1\n", 1, false).expect("blocks").concat(), b"u1\n");
        assert_eq!(blocks(b"", 1, false).expect("blocks").concat(), b"");
    }
}
