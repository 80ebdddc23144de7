//! CSV in which nothing is quoted: fields are what stands between commas and line ends.

use crate::bucket::bulk::{Engine, each_mark};

use super::super::csv_rows::Fields;

/// A row of a text.
pub(super) struct PlainRow<'a> {
    text: &'a str,
    start: usize,
    /// Where each field ends.
    ends: &'a [usize],
}

impl PlainRow<'_> {
    /// Returns where a field starts.
    #[inline]
    pub(super) fn start(&self, column: usize) -> usize {
        column.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(self.start, |end| end + 1)
    }
}

impl Fields for PlainRow<'_> {
    #[inline]
    fn field(&self, column: usize) -> Option<&str> {
        self.text.get(self.start(column)..*self.ends.get(column)?)
    }
}

/// Tells whether a block is read alike by [`each_row`] and by the `csv` crate.
pub(super) fn is_plain(block: &[u8]) -> bool {
    let mut returns = memchr::memchr_iter(b'\r', block);
    memchr::memchr(b'"', block).is_none()
        // One that no line feed follows ends a row too.
        && returns.all(|at| block.get(at + 1) == Some(&b'\n'))
        && !block.starts_with(b"\xef\xbb\xbf")
}

/// Calls `take` with each row and the number of line ends before it; with how many fields it has instead, where that
/// is not the width. Blank lines are no rows. Returns how many line ends there are.
#[inline]
pub(super) fn each_row(
    text: &str,
    width: usize,
    engine: Engine,
    mut take: impl FnMut(u64, Result<PlainRow<'_>, usize>),
) -> u64 {
    let bytes = text.as_bytes();
    let (mut ends, mut count) = (vec![0; width], 0);
    let (mut start, mut lines) = (0, 0);
    let mut row = |lines: u64, (start, end): (usize, usize), ends: &mut [usize], count: usize| {
        let cut = if end > start && bytes[end - 1] == b'\r' { end - 1 } else { end };
        if cut == start {
            return;
        }
        match ends.last_mut() {
            Some(last) if count == width => {
                *last = cut;
                take(lines, Ok(PlainRow { text, start, ends }));
            }
            _ => take(lines, Err(count)),
        }
    };
    each_mark(bytes, engine, [b',', b'\n'], |at| {
        if let Some(end) = ends.get_mut(count) {
            *end = at;
        }
        count += 1;
        if bytes[at] == b'\n' {
            row(lines, (start, at), &mut ends, count);
            (start, count) = (at + 1, 0);
            lines += 1;
        }
    });
    if let Some(end) = ends.get_mut(count) {
        *end = bytes.len();
    }
    row(lines, (start, bytes.len()), &mut ends, count + 1);
    lines
}
