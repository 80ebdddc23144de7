//! Everything that goes into the hash before the unit, prepared once for many units.

use sha2::block_api::compress256;

use super::algorithm::Purpose;
use super::point::Point;

/// The start of the hash input, `purpose:key:`; see [`Prefix::point`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Prefix {
    /// The state of the hash after the whole blocks so far.
    state: [u32; 8],
    /// The bytes of those blocks.
    hashed: u64,
    /// What comes after them: less than a block, zero beyond `filled`.
    tail: [u8; BLOCK],
    /// How many bytes of `tail` are part of the input, 0..64.
    filled: usize,
}

/// The initial state of SHA-256 (FIPS 180-4, section 5.3.3).
pub(super) const INITIAL: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// The bytes of one block.
const BLOCK: usize = 64;
/// What fits one block with its padding: a byte 0x80 and eight bytes of length.
const ONE_BLOCK: usize = BLOCK - 9;
/// What fits two blocks with its padding.
const TWO_BLOCKS: usize = 2 * BLOCK - 9;

impl Prefix {
    /// Returns the prefix of `key` (a flag's or experiment's salt or name) for a purpose.
    pub fn new(purpose: Purpose, key: &str) -> Self {
        Self::of(format!("{}:{key}:", purpose.word()).as_bytes())
    }

    /// Returns the prefix of any hash input that ends with the unit.
    pub(super) fn of(start: &[u8]) -> Self {
        let mut prefix = Self { state: INITIAL, hashed: 0, tail: [0; BLOCK], filled: 0 };
        prefix.append(start);
        prefix
    }

    /// Returns the state of the hash so far, the bytes that are in it, and what comes after them.
    pub(super) fn begun(&self) -> (&[u32; 8], u64, &[u8]) {
        (&self.state, self.hashed, &self.tail[..self.filled])
    }

    /// Returns the point of a unit by `ffctl/1`: the first 32 bits, big-endian, of SHA-256 over
    /// `purpose:key:unit` in UTF-8. The unit is taken as it is: no trimming, folding or normalising.
    #[inline]
    pub fn point(&self, unit: &str) -> Point {
        let length = self.filled + unit.len();
        if length <= ONE_BLOCK {
            self.ended::<1>(unit.as_bytes())
        } else if length <= TWO_BLOCKS {
            self.ended::<2>(unit.as_bytes())
        } else {
            self.long(unit)
        }
    }

    /// Hashes the rest of a message that fits so many blocks with its padding: laid out here, compressed once.
    #[inline]
    fn ended<const BLOCKS: usize>(&self, unit: &[u8]) -> Point {
        let mut blocks = [[0; BLOCK]; BLOCKS];
        let bytes = blocks.as_flattened_mut();
        let end = self.filled + unit.len();
        bytes[..BLOCK].copy_from_slice(&self.tail);
        bytes[self.filled..end].copy_from_slice(unit);
        bytes[end] = 0x80;
        let bits = (self.hashed + end as u64) * 8;
        bytes[BLOCKS * BLOCK - 8..].copy_from_slice(&bits.to_be_bytes());
        let mut state = self.state;
        compress256(&mut state, &blocks);
        Point::new(state[0])
    }

    #[cold]
    fn long(&self, unit: &str) -> Point {
        let mut whole = self.clone();
        whole.append(unit.as_bytes());
        whole.point("")
    }

    fn append(&mut self, mut bytes: &[u8]) {
        while let Some((head, rest)) = bytes.split_at_checked(BLOCK - self.filled) {
            self.tail[self.filled..].copy_from_slice(head);
            compress256(&mut self.state, &[self.tail]);
            self.hashed += BLOCK as u64;
            self.tail = [0; BLOCK];
            self.filled = 0;
            bytes = rest;
        }
        self.tail[self.filled..self.filled + bytes.len()].copy_from_slice(bytes);
        self.filled += bytes.len();
    }
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;
    use crate::bucket::Purpose::{Rollout, Variant};

    fn vectors() -> serde_json::Value {
        let text = include_str!("../../tests/vectors/ffctl-1.json");
        serde_json::from_str(text).expect("the vectors are JSON")
    }

    fn text<'a>(row: &'a serde_json::Value, name: &str) -> &'a str {
        row[name].as_str().expect("text")
    }

    fn number(value: &serde_json::Value) -> u32 {
        value.as_u64().and_then(|n| u32::try_from(n).ok()).expect("a number")
    }

    #[test]
    fn rollout_vectors_agree() {
        let vectors = vectors();
        let rows = vectors["rollout"].as_array().expect("rows");
        assert_eq!(rows.len(), 120);
        for row in rows {
            let point = Prefix::new(Rollout, text(row, "key")).point(text(row, "unit"));
            assert_eq!(point.place(), number(&row["point"]), "{row}");
            assert_eq!(point.bucket(100_000), number(&row["bucket"]), "{row}");
        }
    }

    #[test]
    fn variant_vectors_agree() {
        let vectors = vectors();
        let rows = vectors["variant"].as_array().expect("rows");
        assert_eq!(rows.len(), 420);
        for row in rows {
            let weights: Vec<u32> = row["weights"].as_array().expect("weights").iter().map(number).collect();
            let point = Prefix::new(Variant, text(row, "key")).point(text(row, "unit"));
            let slot = point.bucket(weights.iter().sum());
            assert_eq!(slot, number(&row["slot"]), "{row}");
            let mut cumulative = 0;
            let index = weights.iter().position(|weight| {
                cumulative += weight;
                cumulative > slot
            });
            assert_eq!(index, Some(number(&row["index"]) as usize), "{row}");
        }
    }

    #[test]
    fn boundary_vectors_agree() {
        let vectors = vectors();
        let rows = vectors["boundaries"].as_array().expect("rows");
        assert_eq!(rows.len(), 8);
        for row in rows {
            let point = Prefix::new(Rollout, text(row, "key")).point(text(row, "unit"));
            assert_eq!(point.bucket(100_000), number(&row["bucket"]), "{row}");
        }
    }

    #[test]
    fn every_length_of_key_and_unit_agrees_with_the_plain_hash() {
        for key in ["k", "enable_memory_v2", &"long-salt-".repeat(5), &"s".repeat(55), &"s".repeat(200)] {
            for length in 0..260 {
                let unit = "é".repeat(length / 2) + &"x".repeat(length % 2);
                let digest = Sha256::digest(format!("rollout:{key}:{unit}"));
                let expected = u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]);
                assert_eq!(Prefix::new(Rollout, key).point(&unit).place(), expected, "{key} {length}");
            }
        }
    }
}
