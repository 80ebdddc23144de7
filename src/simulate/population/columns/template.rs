//! Lines of JSON that differ in their values alone.

use super::object::{Span, scalar};

/// All of a line but its values.
pub(super) struct Template<T> {
    /// What stands before each value, and what that field is.
    fields: Vec<(Literal, T)>,
    /// What stands after the last.
    end: Literal,
}

impl<T: Copy> Template<T> {
    /// Returns the template of a line that is an object of these values; there is at least one.
    pub(super) fn of(text: &[u8], (start, end): Span, values: impl Iterator<Item = (T, Span)>) -> Self {
        let mut at = start;
        let mut fields = Vec::new();
        for (field, (start, end)) in values {
            fields.push((Literal::from(&text[at..start]), field));
            at = end;
        }
        Self { fields, end: Literal::from(&text[at..end]) }
    }

    /// Calls `take` with each value of a line that differs from the template in its values alone; false if it differs
    /// otherwise, or `take` refuses one.
    #[inline]
    pub(super) fn each_value(
        &self,
        text: &[u8],
        (start, end): Span,
        mut take: impl FnMut(T, Span) -> bool,
    ) -> bool {
        let mut at = start;
        for (before, field) in &self.fields {
            // What stands there has no line end in it, so that nothing behind the line is taken for a part of it.
            if !before.stands(text, at) {
                return false;
            }
            at += before.bytes.len();
            let Some(behind) = scalar(text, (at, end)) else { return false };
            if !take(*field, (at, behind)) {
                return false;
            }
            at = behind;
        }
        at + self.end.bytes.len() == end && self.end.stands(text, at)
    }
}

/// Some bytes as words, so that they are looked for eight at a time.
struct Literal {
    bytes: Box<[u8]>,
    /// The bytes of each eight, and those that count.
    words: Box<[(u64, u64)]>,
}

impl From<&[u8]> for Literal {
    fn from(bytes: &[u8]) -> Self {
        let word = |some: &[u8]| {
            let (mut word, mut mask) = ([0; 8], [0; 8]);
            word[..some.len()].copy_from_slice(some);
            mask[..some.len()].fill(0xff);
            (u64::from_le_bytes(word), u64::from_le_bytes(mask))
        };
        Self { bytes: bytes.into(), words: bytes.chunks(8).map(word).collect() }
    }
}

impl Literal {
    /// Tells whether a text has these bytes from `at` on.
    #[inline]
    fn stands(&self, text: &[u8], at: usize) -> bool {
        let rest = text.get(at..).unwrap_or_default();
        let (words, _) = rest.as_chunks::<8>();
        if words.len() < self.words.len() {
            return rest.starts_with(&self.bytes);
        }
        let differs = |(word, (of, mask)): (&[u8; 8], &(u64, u64))| (u64::from_le_bytes(*word) ^ of) & mask;
        words.iter().zip(&self.words).map(differs).fold(0, |all, bits| all | bits) == 0
    }
}
