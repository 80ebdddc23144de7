//! Lines of JSON that differ in their values alone.

use super::object::{Span, is_key, scalar};

/// What a field is, by its name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    /// Which value it is.
    pub(super) place: usize,
    /// Whether it is a key.
    pub(super) key: bool,
}

/// All of a line but its values.
pub(super) struct Template {
    /// What stands before each value, and what that field is.
    fields: Vec<(Literal, Field)>,
    /// What stands after the last, with the line end.
    end: Literal,
}

impl Template {
    /// Returns the template of a line that is an object of these values; there is at least one. The line ends with its line
    /// feed.
    pub(super) fn of(text: &[u8], (start, end): Span, values: impl Iterator<Item = (Field, Span)>) -> Self {
        let mut at = start;
        let mut fields = Vec::new();
        for (field, (start, end)) in values {
            fields.push((Literal::from(&text[at..start]), field));
            at = end;
        }
        Self { fields, end: Literal::from(&text[at..end]) }
    }

    /// Notes where each value of a line stands that differs from the template in its values alone, texts with their quotes;
    /// none if it differs otherwise, or a key is none. The line starts at `at`, and `marks` tells where quotes and line
    /// feeds stand from there on. Returns how many of them are of the line.
    #[inline]
    pub(super) fn fill(
        &self,
        text: &[u8],
        mut at: usize,
        marks: &[u32],
        values: &mut [Span],
    ) -> Option<usize> {
        let mut passed = 0;
        for (before, field) in &self.fields {
            // It has no line feed, so that nothing behind the line is taken for a part of it.
            if !before.stands(text, at) {
                return None;
            }
            at += before.bytes.len();
            passed += before.marks;
            let behind = if text.get(at) == Some(&b'"') {
                // The next mark is this quote, and the one after it the other, if it is none of a line feed.
                let other = *marks.get(passed + 1)? as usize;
                passed += 2;
                (text.get(other) == Some(&b'"')).then_some(other + 1)?
            } else {
                let behind = scalar(text, at)?;
                if field.key && !is_key(&text[at..behind]) {
                    return None;
                }
                behind
            };
            *values.get_mut(field.place)? = (at, behind);
            at = behind;
        }
        self.end.stands(text, at).then_some(passed + self.end.marks)
    }
}

/// Some bytes as words, so that they are looked for eight at a time.
struct Literal {
    bytes: Box<[u8]>,
    /// How many of them are quotes or line feeds.
    marks: usize,
    /// The first of them, and which of these count.
    words: [u64; Literal::WORDS],
    masks: [u64; Literal::WORDS],
}

impl Literal {
    const WORDS: usize = 4;
    const FIRST: usize = 8 * Self::WORDS;

    /// Tells whether a text has these bytes from `at` on.
    #[inline]
    fn stands(&self, text: &[u8], at: usize) -> bool {
        let rest = text.get(at..).unwrap_or_default();
        let Some(first) = rest.first_chunk::<{ Self::FIRST }>() else { return rest.starts_with(&self.bytes) };
        let (words, _) = first.as_chunks();
        let differs = |word: usize| (u64::from_le_bytes(words[word]) ^ self.words[word]) & self.masks[word];
        // Most are short.
        differs(0) == 0
            && (self.bytes.len() <= 8 || differs(1) | differs(2) | differs(3) == 0)
            && (self.bytes.len() <= Self::FIRST
                || rest[Self::FIRST..].starts_with(&self.bytes[Self::FIRST..]))
    }
}

impl From<&[u8]> for Literal {
    fn from(bytes: &[u8]) -> Self {
        let (mut words, mut masks) = ([0; Self::FIRST], [0; Self::FIRST]);
        for (at, byte) in bytes.iter().enumerate().take(Self::FIRST) {
            (words[at], masks[at]) = (*byte, 0xff);
        }
        let word = |of: &[u8; Self::FIRST], at: usize| u64::from_le_bytes(of.as_chunks().0[at]);
        let [words, masks] = [words, masks].map(|of| std::array::from_fn(|at| word(&of, at)));
        let marks = bytes.iter().filter(|byte| matches!(byte, b'"' | b'\n')).count();
        Self { bytes: bytes.into(), marks, words, masks }
    }
}
