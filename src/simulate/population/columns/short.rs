//! Texts of a few bytes as numbers, so that comparing them is comparing numbers.

use std::hash::{Hash, Hasher};

/// A text of at most sixteen bytes. Equal ones are of equal texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Short {
    /// Its first eight bytes and those after them, zeros behind the last.
    words: [u64; 2],
    length: u8,
}

impl Short {
    /// The most bytes.
    const MOST: usize = 16;

    /// Returns a text as numbers; none if it is longer.
    #[inline]
    pub(in super::super) fn of(text: &str) -> Option<Self> {
        let mut bytes = [0; Self::MOST];
        bytes.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        Some(Self::first_of(bytes, text.len()))
    }

    /// Returns what stands between two places of a text, as [`Self::of`] does. Where the text goes on behind it, nothing
    /// depends on how long it is: lengths come as they like, and a guess at them is wrong too often.
    #[inline]
    pub(in super::super) fn within(text: &str, start: usize, end: usize) -> Option<Self> {
        let length = end.checked_sub(start).filter(|length| *length <= Self::MOST)?;
        match text.as_bytes().get(start..).and_then(|rest| rest.first_chunk()) {
            Some(bytes) => Some(Self::first_of(*bytes, length)),
            None => Self::of(text.get(start..end)?),
        }
    }

    /// Returns the first of these bytes as numbers.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "there are at most sixteen, and a half has eight")]
    fn first_of(bytes: [u8; Self::MOST], length: usize) -> Self {
        let all = u128::from_le_bytes(bytes);
        let kept = all & u128::MAX.checked_shr(128 - 8 * length as u32).unwrap_or_default();
        Self { words: [kept as u64, (kept >> 64) as u64], length: length as u8 }
    }
}

impl Hash for Short {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        let [low, high] = self.words.map(u128::from);
        // The last byte is part of few texts only.
        state.write_u128(low | (high ^ u128::from(self.length) << 56) << 64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_numbers_are_equal_texts() {
        let mut texts: Vec<String> = vec![String::new()];
        for length in 1..=16 {
            for at in 0..length {
                for byte in ['\0', 'a', 'b'] {
                    let mut text = vec!['a'; length];
                    text[at] = byte;
                    texts.push(text.into_iter().collect());
                }
            }
        }
        for one in &texts {
            for other in &texts {
                assert_eq!(Short::of(one) == Short::of(other), one == other, "{one:?} {other:?}");
            }
            for behind in ["", "b", "a much longer text behind it"] {
                let text = format!("x{one}{behind}");
                assert_eq!(Short::within(&text, 1, 1 + one.len()), Short::of(one), "{text:?}");
            }
        }
        assert!(texts.iter().all(|text| Short::of(text).is_some()));
        assert_eq!(Short::of(&"a".repeat(17)), None);
        assert_eq!(Short::within(&"a".repeat(40), 3, 20), None);
    }
}
