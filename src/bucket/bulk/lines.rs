//! Lines of a text.

use super::engine::Engine;
use super::marks::Marks;

/// Calls `take` with where each line starts and ends, its line end not included, in their order; a last line without
/// a line end is one too, unless it is empty. Returns how many line ends there are.
#[inline]
pub fn each_line(text: &[u8], engine: Engine, mut take: impl FnMut(usize, usize)) -> u64 {
    let mut marks = Marks::new(text, engine, [b'\n'; 2]);
    let (mut start, mut count) = (0, 0);
    // What is taken is taken at one place, so that it becomes a part of this.
    loop {
        let mark = marks.next();
        let end = mark.unwrap_or(text.len());
        if mark.is_none() && start >= end {
            return count;
        }
        take(start, end);
        if mark.is_none() {
            return count;
        }
        start = end + 1;
        count += 1;
    }
}
