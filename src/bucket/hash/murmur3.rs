//! `MurmurHash3`, the variant `x86_32`.

/// The constants of Austin Appleby's `MurmurHash3_x86_32` (public domain, smhasher).
const C1: u32 = 0xcc9e_2d51;
const C2: u32 = 0x1b87_3593;

const fn scrambled(block: u32) -> u32 {
    block.wrapping_mul(C1).rotate_left(15).wrapping_mul(C2)
}

/// Returns the hash of some bytes with a seed.
pub(in crate::bucket) fn murmur3(bytes: &[u8], seed: u32) -> u32 {
    let (blocks, tail) = bytes.as_chunks::<4>();
    let mut hash = blocks.iter().fold(seed, |hash, block| {
        let mixed = hash ^ scrambled(u32::from_le_bytes(*block));
        mixed.rotate_left(13).wrapping_mul(5).wrapping_add(0xe654_6b64)
    });
    let mut last = [0; 4];
    last[..tail.len()].copy_from_slice(tail);
    hash ^= scrambled(u32::from_le_bytes(last));
    #[expect(clippy::cast_possible_truncation, reason = "the hash takes the length modulo 2^32")]
    let length = bytes.len() as u32;
    hash ^= length;
    hash = (hash ^ hash >> 16).wrapping_mul(0x85eb_ca6b);
    hash = (hash ^ hash >> 13).wrapping_mul(0xc2b2_ae35);
    hash ^ hash >> 16
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Published with several ports of the hash, and the golden inputs of Optimizely's SDKs below.
    #[test]
    fn published_values() {
        for (text, seed, hash) in [
            ("", 0, 0),
            ("", 1, 0x514e_28b7),
            ("", 0xffff_ffff, 0x81f1_6f39),
            ("test", 0, 0xba6b_d213),
            ("test", 0x9747_b28c, 0x704b_81dc),
            ("Hello, world!", 0, 0xc036_3e43),
            ("Hello, world!", 0x9747_b28c, 0x2488_4cba),
            ("The quick brown fox jumps over the lazy dog", 0, 0x2e4f_f723),
            ("The quick brown fox jumps over the lazy dog", 0x9747_b28c, 0x2fa8_26cd),
        ] {
            assert_eq!(murmur3(text.as_bytes(), seed), hash, "{text} {seed}");
        }
    }

    /// Optimizely's `testBucketing`: bucketing id ‖ experiment id, seed 1, of 10000.
    #[test]
    fn published_buckets() {
        for (text, bucket) in [
            ("ppid11886780721", 5254),
            ("ppid21886780721", 4299),
            ("ppid31886780721", 5439),
            ("ppid21886780722", 2434),
        ] {
            assert_eq!((u64::from(murmur3(text.as_bytes(), 1)) * 10_000) >> 32, bucket, "{text}");
        }
    }
}
