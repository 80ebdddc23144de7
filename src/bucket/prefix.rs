//! Everything that goes into the hash before the unit, prepared once for many units.

use sha2::block_api::compress256;
use sha2::{Digest, Sha256};

use super::algorithm::Purpose;
use super::point::Point;

/// The start of the hash input, `purpose:key:`; see [`Prefix::point`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Prefix {
    bytes: Box<[u8]>,
}

/// The initial state of SHA-256 (FIPS 180-4, section 5.3.3).
const INITIAL: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// The bytes of one block.
const BLOCK: usize = 64;
/// The longest message that fits one block with its padding: a byte 0x80 and eight bytes of length.
const ONE_BLOCK: usize = BLOCK - 9;

impl Prefix {
    /// Returns the prefix of `key` (a flag's or experiment's salt or name) for a purpose.
    pub fn new(purpose: Purpose, key: &str) -> Self {
        Self { bytes: format!("{}:{key}:", purpose.word()).into_bytes().into() }
    }

    /// Returns the point of a unit by `ffctl/1`: the first 32 bits, big-endian, of SHA-256 over
    /// `purpose:key:unit` in UTF-8. The unit is taken as it is: no trimming, folding or normalising.
    #[inline]
    pub fn point(&self, unit: &str) -> Point {
        let message = self.bytes.len() + unit.len();
        if message <= ONE_BLOCK {
            return self.one_block(unit.as_bytes(), message);
        }
        let mut hash = Sha256::new();
        hash.update(&self.bytes);
        hash.update(unit);
        let digest = hash.finalize();
        Point::new(u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]))
    }

    /// Hashes a message that fits one block: its padding is laid out here and one compression is enough.
    #[inline]
    fn one_block(&self, unit: &[u8], message: usize) -> Point {
        let mut block = [0_u8; BLOCK];
        block[..self.bytes.len()].copy_from_slice(&self.bytes);
        block[self.bytes.len()..message].copy_from_slice(unit);
        block[message] = 0x80;
        let bits = (message as u64) * 8;
        block[BLOCK - 8..].copy_from_slice(&bits.to_be_bytes());
        let mut state = INITIAL;
        compress256(&mut state, &[block]);
        Point::new(state[0])
    }
}

#[cfg(test)]
mod tests {
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
    fn one_block_and_many_agree_at_every_length() {
        for length in 0..200 {
            let (key, unit) = ("k", "é".repeat(length / 2) + &"x".repeat(length % 2));
            let digest = Sha256::digest(format!("rollout:{key}:{unit}"));
            let expected = u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]);
            assert_eq!(Prefix::new(Rollout, key).point(&unit).place(), expected, "{length}");
        }
    }
}
