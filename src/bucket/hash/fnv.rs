//! FNV-1a in 32 bits, over bytes and over UTF-16 code units.

/// The offset basis and the prime (Fowler, Noll and Vo; RFC 9923, sections 2.1 and 2.2).
const BASIS: u32 = 0x811c_9dc5;
const PRIME: u32 = 0x0100_0193;

const fn fed(hash: u32, with: u32) -> u32 {
    (hash ^ with).wrapping_mul(PRIME)
}

/// Returns the hash of some bytes.
pub(in crate::bucket) fn fnv1a32(bytes: &[u8]) -> u32 {
    bytes.iter().fold(BASIS, |hash, byte| fed(hash, u32::from(*byte)))
}

/// Returns the hash over the UTF-16 code units of a text, as it comes out where a language walks a string by
/// them: the same as over bytes for ASCII alone.
pub(in crate::bucket) fn fnv1a32_utf16(text: &str) -> u32 {
    text.encode_utf16().fold(BASIS, |hash, unit| fed(hash, u32::from(unit)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the test vectors that the authors published with the hash.
    #[test]
    fn published_values() {
        for (text, hash) in [("", 0x811c_9dc5), ("a", 0xe40c_292c), ("foobar", 0xbf9c_f968)] {
            assert_eq!(fnv1a32(text.as_bytes()), hash, "{text}");
            assert_eq!(fnv1a32_utf16(text), hash, "{text}");
        }
    }

    #[test]
    fn units_are_not_bytes() {
        assert_ne!(fnv1a32("é".as_bytes()), fnv1a32_utf16("é"));
        assert_eq!(fnv1a32_utf16("é"), fed(BASIS, 0xe9));
        assert_eq!(fnv1a32_utf16("🚀"), fed(fed(BASIS, 0xd83d), 0xde80));
    }
}
