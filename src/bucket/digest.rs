//! A digest, and the number that a slice of it is.

use super::code::remainder_of;
use super::hash::{Hash, crc32, fnv1a32, fnv1a32_utf16, java, murmur3};
use super::record::Slice;

/// What a hash makes of an input: up to 32 bytes, big-endian.
pub(super) struct Digest {
    bytes: [u8; 32],
    length: usize,
}

impl Digest {
    fn new(digest: &[u8]) -> Self {
        let mut bytes = [0; 32];
        bytes[..digest.len()].copy_from_slice(digest);
        Self { bytes, length: digest.len() }
    }

    /// Hashes an input. Hashes over UTF-16 take what is no UTF-8 as its replacement; all inputs are UTF-8 but
    /// those in CBOR, which only murmur3 hashes.
    pub(super) fn of(hash: Hash, seed: u32, input: &[u8]) -> Self {
        use sha2::Digest as _;
        let text = || String::from_utf8_lossy(input);
        let short = |hash: u32| Self::new(&hash.to_be_bytes());
        match hash {
            Hash::Sha256 => Self::new(&sha2::Sha256::digest(input)),
            Hash::Sha1 => Self::new(&sha1::Sha1::digest(input)),
            Hash::Md5 => Self::new(&md5::Md5::digest(input)),
            Hash::Murmur3 => short(murmur3(input, seed)),
            Hash::Fnv1a32 => short(fnv1a32(input)),
            Hash::Fnv1a32Utf16 => short(fnv1a32_utf16(&text())),
            Hash::Fnv1a32Utf16Twice => short(fnv1a32_utf16(&fnv1a32_utf16(&text()).to_string())),
            Hash::Crc32 => short(crc32(input)),
            Hash::Java => short(java(&text()) ^ seed),
        }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    /// Returns the number of a slice of at most 64 bits.
    pub(super) fn number(&self, slice: Slice) -> u64 {
        let first = |bytes: usize| {
            let mut last = [0; 8];
            let bytes = bytes.min(8);
            last[8 - bytes..].copy_from_slice(&self.bytes[..bytes]);
            u64::from_be_bytes(last)
        };
        match slice {
            Slice::Hex(digits) => first(digits.div_ceil(2) as usize) >> (4 * (digits % 2)),
            Slice::Bytes(bytes) => first(bytes as usize),
            Slice::Whole => first(self.length),
            Slice::Absolute => {
                let [a, b, c, d, ..] = self.bytes;
                i32::from_be_bytes([a, b, c, d]).unsigned_abs().into()
            }
        }
    }

    /// Returns the remainder of a slice of any length.
    pub(super) fn remainder(&self, slice: Slice, count: u64) -> u64 {
        if slice == Slice::Whole && self.length > 8 {
            return remainder_of(self.bytes(), count);
        }
        self.number(slice) % count
    }
}
