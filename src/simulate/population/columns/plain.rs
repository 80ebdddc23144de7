//! CSV in which nothing is quoted: fields are what stands between commas and line ends.

use crate::bucket::bulk::{Engine, Marks};

use super::super::csv_rows::Fields;
use super::short::Short;

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

    #[inline]
    fn short(&self, column: usize) -> Option<Short> {
        Short::within(self.text, self.start(column), *self.ends.get(column)?)
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
/// is not the width. Blank lines are no rows. Returns how many line ends and how many blank lines there are.
#[inline]
pub(super) fn each_row(
    text: &str,
    width: usize,
    engine: Engine,
    mut take: impl FnMut(u64, Result<PlainRow<'_>, usize>),
) -> (u64, u64) {
    let bytes = text.as_bytes();
    let mut marks = Marks::new(bytes, engine, [b',', b'\n']);
    let (mut ends, mut count) = (vec![0; width], 0);
    let (mut start, mut lines, mut blank) = (0, 0, 0);
    // What is taken is taken at one place, so that it becomes a part of this.
    loop {
        let mark = marks.next();
        let at = mark.unwrap_or(bytes.len());
        if let Some(end) = ends.get_mut(count) {
            *end = at;
        }
        count += 1;
        match mark {
            Some(at) if bytes[at] != b'\n' => continue,
            None if start >= at => return (lines, blank),
            _ => {}
        }
        let cut = if at > start && bytes[at - 1] == b'\r' { at - 1 } else { at };
        if cut == start {
            blank += 1;
        } else {
            if let Some(last) = ends.last_mut() {
                *last = cut;
            }
            let row = if count == width { Ok(PlainRow { text, start, ends: &ends }) } else { Err(count) };
            take(lines, row);
        }
        if mark.is_none() {
            return (lines, blank);
        }
        (start, count) = (at + 1, 0);
        lines += 1;
    }
}
