//! Where one of two bytes stands in a text.

use super::engine::Engine;

/// How many times sixty-four bytes are looked at before what was found is handed on.
pub(super) const PIECES: usize = 64;

/// Where one of two bytes stands in a text, in order.
pub struct Marks<'t> {
    engine: Engine,
    wanted: [u8; 2],
    /// What was not looked at yet.
    rest: &'t [u8],
    /// What was found in pieces of sixty-four bytes: a bit for each byte, the first one's the lowest.
    masks: [u64; PIECES],
    count: usize,
    /// The piece that is handed on, where it starts, and what is left of it.
    piece: usize,
    start: usize,
    found: u64,
}

impl<'t> Marks<'t> {
    /// Starts at the beginning of a text.
    pub fn new(text: &'t [u8], engine: Engine, wanted: [u8; 2]) -> Self {
        // As if a piece before the text had been handed on.
        let start = 0_usize.wrapping_sub(64);
        Self { engine, wanted, rest: text, masks: [0; PIECES], count: 0, piece: 0, start, found: 0 }
    }

    /// Looks at the next pieces; false at the end.
    #[inline(never)]
    fn look(&mut self) -> bool {
        let (pieces, rest) = self.rest.as_chunks::<64>();
        let count = pieces.len().min(PIECES);
        if count > 0 {
            self.engine.marks(&pieces[..count], self.wanted, &mut self.masks);
            (self.rest, self.count) = (&self.rest[64 * count..], count);
            return true;
        }
        self.rest = &[];
        self.masks[0] = marks_of(rest, self.wanted);
        self.count = usize::from(!rest.is_empty());
        self.count > 0
    }
}

impl Iterator for Marks<'_> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.found == 0 {
            if self.piece == self.count {
                if !self.look() {
                    return None;
                }
                self.piece = 0;
            }
            self.found = self.masks[self.piece % PIECES];
            self.piece += 1;
            self.start = self.start.wrapping_add(64);
        }
        let at = self.start + self.found.trailing_zeros() as usize;
        self.found &= self.found - 1;
        Some(at)
    }
}

/// Returns which of up to 64 bytes are one of two, as [`Marks`] has it, eight of them looked at at a time.
#[expect(clippy::cast_possible_truncation, reason = "there are at most eight words")]
pub(super) fn marks_of(bytes: &[u8], wanted: [u8; 2]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let of = |word: &[u8; 8]| {
        wanted.map(|byte| equal_bytes(u64::from_le_bytes(*word), byte)).iter().fold(0, |all, of| all | of)
    };
    let whole = words.iter().enumerate().map(|(at, word)| of(word) << (8 * at));
    // Zeros that fill the last word up are no bytes of the text.
    let behind = of(&last) & !(u64::MAX << rest.len());
    whole.fold(0, |all, of| all | of) | behind.checked_shl(8 * words.len() as u32).unwrap_or_default()
}

/// Puts `start` and each bit's number, added up, in order; returns how many bits there are. Room behind them, up to
/// eight, is written to.
#[inline]
pub(super) fn places_of(mut found: u64, start: u32, places: &mut [u32]) -> usize {
    let count = found.count_ones() as usize;
    // Eight at a time: how many there are is hard to guess, and how many times eight is not.
    for eight in places.chunks_mut(8) {
        if found == 0 {
            break;
        }
        for place in eight {
            *place = start.wrapping_add(found.trailing_zeros());
            found &= found.wrapping_sub(1);
        }
    }
    count
}

/// Returns which bytes of a word are this one, a bit for each, the lowest one's the lowest.
const fn equal_bytes(word: u64, byte: u8) -> u64 {
    const ONES: u64 = u64::MAX / 255;
    let other = word ^ (ONES * byte as u64);
    // The highest bit of each byte that has none.
    let zero = !(((other & (ONES * 0x7f)) + ONES * 0x7f) | other | (ONES * 0x7f));
    // Each of these bits by seven places less than the one below it: they meet in the highest byte.
    (zero >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

/// Tells whether there is a backslash, or a control character that is no line feed: what a line of JSON has only where
/// it is to be read with care.
pub fn has_odd_bytes(text: &[u8], engine: Engine) -> bool {
    engine.has_odd_bytes(text)
}

/// The same, written once for every way: all bytes of a piece are looked at, so that many are at once.
#[inline]
pub(super) fn any_odd_byte(text: &[u8]) -> bool {
    let odd = |byte: &u8| *byte == b'\\' || (*byte < b' ' && *byte != b'\n');
    let (pieces, rest) = text.as_chunks::<256>();
    pieces.iter().any(|piece| piece.iter().fold(false, |found, byte| found | odd(byte)))
        || rest.iter().any(odd)
}
