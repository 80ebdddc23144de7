//! Lines of a text.

use super::engine::Engine;

/// Calls `take` with where each line starts and ends, its line end not included, in their order; a last line without
/// a line end is one too, unless it is empty. Returns how many line ends there are.
#[inline]
pub fn each_line(text: &[u8], engine: Engine, mut take: impl FnMut(usize, usize)) -> u64 {
    let (mut start, mut count) = (0, 0);
    let mut line = |end: usize| {
        take(start, end);
        start = end + 1;
        count += 1;
    };
    let (chunks, rest) = text.as_chunks::<64>();
    let mut cut = 0;
    for chunk in chunks {
        let Some(mut ends) = engine.line_ends(chunk) else { break };
        while ends != 0 {
            line(cut + ends.trailing_zeros() as usize);
            ends &= ends - 1;
        }
        cut += chunk.len();
    }
    // The rest, or all of it where there are no lanes.
    debug_assert!(cut == 0 || text.len() - cut == rest.len(), "an engine cuts all chunks or none");
    for end in memchr::memchr_iter(b'\n', &text[cut..]) {
        line(cut + end);
    }
    if start < text.len() {
        take(start, text.len());
    }
    count
}
