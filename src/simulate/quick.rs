//! A hash for tables of short texts and numbers that are asked for every row.

use std::hash::{BuildHasher, Hasher, RandomState};

/// Makes hashers that nobody can make collide on purpose: each process has its own seed.
#[derive(Clone)]
pub(super) struct Quick(u64);

impl Default for Quick {
    fn default() -> Self {
        Self(RandomState::new().hash_one(0))
    }
}

impl BuildHasher for Quick {
    type Hasher = QuickHasher;

    fn build_hasher(&self) -> QuickHasher {
        QuickHasher(self.0)
    }
}

/// Folds eight bytes at a time by a long multiplication.
pub(super) struct QuickHasher(u64);

impl QuickHasher {
    #[inline]
    fn fold(&mut self, word: u64) {
        self.0 = folded(u128::from(self.0 ^ word) * u128::from(GOLDEN));
    }
}

/// 2^64 over the golden ratio, odd.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// Returns both halves in one.
#[expect(clippy::cast_possible_truncation, reason = "each half is taken by itself")]
#[inline]
const fn folded(product: u128) -> u64 {
    (product as u64) ^ ((product >> 64) as u64)
}

impl Hasher for QuickHasher {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        self.fold(bytes.len() as u64);
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.fold(u64::from_le_bytes(*word));
        }
        if rest.is_empty() {
            return;
        }
        let last = match (bytes.last_chunk::<8>(), rest) {
            // The last eight overlap those before.
            (Some(last), _) => u64::from_le_bytes(*last),
            (None, [a, b, c, d, ..]) => {
                let end = rest.last_chunk::<4>().map_or(0, |end| u32::from_le_bytes(*end));
                u64::from(u32::from_le_bytes([*a, *b, *c, *d])) << 32 | u64::from(end)
            }
            (None, rest) => rest.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)),
        };
        self.fold(last);
    }

    #[inline]
    fn write_u8(&mut self, _end: u8) {
        // What ends a text: its length is folded already.
    }

    #[inline]
    fn write_u64(&mut self, word: u64) {
        self.fold(word);
    }

    #[inline]
    fn write_u32(&mut self, word: u32) {
        self.fold(word.into());
    }

    #[inline]
    fn write_u128(&mut self, words: u128) {
        #[expect(clippy::cast_possible_truncation, reason = "the two halves, multiplied with one another")]
        let (low, high) = (words as u64, (words >> 64) as u64);
        let product = u128::from(self.0 ^ low) * u128::from(self.0.rotate_left(32) ^ GOLDEN ^ high);
        self.0 = folded(product);
    }

    #[inline]
    fn write_usize(&mut self, word: usize) {
        self.fold(word as u64);
    }

    #[inline]
    fn finish(&self) -> u64 {
        self.0
    }
}
