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
    /// The first eight of them, and which of these count.
    first: (u64, u64),
    /// The same of the others: most literals have none.
    others: Box<[(u64, u64)]>,
}

impl From<&[u8]> for Literal {
    fn from(bytes: &[u8]) -> Self {
        let word = |some: &[u8]| {
            let (mut word, mut mask) = ([0; 8], [0; 8]);
            word[..some.len()].copy_from_slice(some);
            mask[..some.len()].fill(0xff);
            (u64::from_le_bytes(word), u64::from_le_bytes(mask))
        };
        let mut words = bytes.chunks(8).map(word);
        Self { bytes: bytes.into(), first: words.next().unwrap_or_default(), others: words.collect() }
    }
}

impl Literal {
    /// Tells whether a text has these bytes from `at` on.
    #[inline]
    fn stands(&self, text: &[u8], at: usize) -> bool {
        let rest = text.get(at..).unwrap_or_default();
        let (words, _) = rest.as_chunks::<8>();
        let Some((first, others)) = words.split_first().filter(|_| words.len() > self.others.len()) else {
            return rest.starts_with(&self.bytes);
        };
        let differs = |word: &[u8; 8], (of, mask): (u64, u64)| (u64::from_le_bytes(*word) ^ of) & mask;
        differs(first, self.first) == 0
            && (self.others.is_empty()
                || others.iter().zip(&self.others).all(|(word, of)| differs(word, *of) == 0))
    }
}
