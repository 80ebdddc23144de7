//! Lines of a text, and what parts its fields.

use super::engine::Engine;

/// Calls `take` with where each line starts and ends, its line end not included, in their order; a last line without
/// a line end is one too, unless it is empty. Returns how many line ends there are.
#[inline]
pub fn each_line(text: &[u8], engine: Engine, mut take: impl FnMut(usize, usize)) -> u64 {
    let (mut start, mut count) = (0, 0);
    each_mark(text, engine, [b'\n'; 2], |end| {
        take(start, end);
        start = end + 1;
        count += 1;
    });
    if start < text.len() {
        take(start, text.len());
    }
    count
}

/// Calls `take` with where one of two bytes stands, in their order.
#[inline]
pub fn each_mark(text: &[u8], engine: Engine, marks: [u8; 2], mut take: impl FnMut(usize)) {
    let (chunks, rest) = text.as_chunks::<64>();
    let mut cut = 0;
    for chunk in chunks {
        let Some(mut found) = engine.marks(chunk, marks) else { break };
        while found != 0 {
            take(cut + found.trailing_zeros() as usize);
            found &= found - 1;
        }
        cut += chunk.len();
    }
    // The rest, or all of it where there are no lanes.
    debug_assert!(cut == 0 || text.len() - cut == rest.len(), "an engine cuts all chunks or none");
    for found in memchr::memchr2_iter(marks[0], marks[1], &text[cut..]) {
        take(cut + found);
    }
}
