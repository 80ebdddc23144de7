//! What no record describes: the few formulas of vendors that are steps rather than parts.

use super::hash::murmur3;

/// Returns the remainder of a big-endian number of any length.
pub(super) fn remainder_of(bytes: &[u8], count: u64) -> u64 {
    let fed = |rest: u128, byte: &u8| (rest << 8 | u128::from(*byte)) % u128::from(count);
    u64::try_from(bytes.iter().fold(0, fed)).expect("a remainder is below the count")
}

/// The remainders that `Flagsmith` takes, and the largest of them (`get_hashed_percentage_for_object_ids` of its
/// engines).
pub(super) const FLAGSMITH: u64 = 9999;

/// Returns the remainder that counts for `Flagsmith`: of the ids written once, else twice and so on, the first that
/// is not the largest. `remainder` takes the text.
pub(super) fn flagsmith(ids: &[u8], remainder: impl Fn(&[u8]) -> u64) -> u64 {
    let mut text = ids.to_vec();
    loop {
        let rest = remainder(&text);
        if rest < FLAGSMITH - 1 {
            return rest;
        }
        text.push(b',');
        text.extend_from_slice(ids);
    }
}

/// Returns `Flagsmith`'s percentage of a remainder, 0.0..=100.0.
pub(super) fn flagsmith_percent(rest: u64) -> f64 {
    float(rest) / float(FLAGSMITH - 1) * 100.0
}

/// Returns how many remainders stay below what `in_` takes, of [`FLAGSMITH`] - 1.
pub(super) fn flagsmith_share(in_: impl Fn(f64) -> bool) -> f64 {
    let inside = (0..FLAGSMITH - 1).filter(|rest| in_(flagsmith_percent(*rest))).count();
    float(inside as u64) / float(FLAGSMITH - 1)
}

/// Returns the seed that `DevCycle` makes of a target's id: murmur3 with the seed 1.
pub(super) fn seed_of_key(key: &str, seed: u32) -> u32 {
    murmur3(key.as_bytes(), seed)
}

/// Returns an array of texts in canonical CBOR (RFC 8949, sections 3.1 and 4.2): the third version of flagd's
/// fractional rollout hashes the flag and the targeting key so.
pub(super) fn cbor<'t>(texts: impl ExactSizeIterator<Item = &'t str>) -> Vec<u8> {
    let mut out = Vec::new();
    head(&mut out, 0x80, texts.len());
    for text in texts {
        head(&mut out, 0x60, text.len());
        out.extend_from_slice(text.as_bytes());
    }
    out
}

/// Writes a type and a length in as few bytes as hold it.
fn head(out: &mut Vec<u8>, major: u8, length: usize) {
    let bytes = length.to_be_bytes();
    let skip = length.leading_zeros() as usize / 8;
    match (length, bytes.len() - skip.min(bytes.len())) {
        (0..24, _) => out.push(major | bytes[bytes.len() - 1]),
        (_, 1) => out.extend([major | 0x18, bytes[bytes.len() - 1]]),
        (_, 2) => {
            out.push(major | 0x19);
            out.extend_from_slice(&bytes[bytes.len() - 2..]);
        }
        _ => {
            out.push(major | 0x1a);
            out.extend_from_slice(&bytes[bytes.len() - 4..]);
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "remainders of 9999")]
fn float(number: u64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remainder_of_many_bytes() {
        assert_eq!(
            remainder_of(&u128::MAX.to_be_bytes(), 9999),
            u64::try_from(u128::MAX % 9999).expect("small")
        );
        assert_eq!(remainder_of(&[0; 32], 7), 0);
        let largest = u64::from(u32::MAX);
        assert_eq!(
            remainder_of(&u128::MAX.to_be_bytes(), largest),
            u64::try_from(u128::MAX % u128::from(largest)).expect("small")
        );
    }

    /// RFC 8949, appendix A: `""`, `"IETF"`, `"ü"`; lengths around the steps of the head.
    #[test]
    fn cbor_is_canonical() {
        assert_eq!(cbor(["", "IETF", "ü"].into_iter()), b"\x83\x60\x64IETF\x62\xc3\xbc");
        for (length, head) in [
            (23, &b"\x81\x77"[..]),
            (24, b"\x81\x78\x18"),
            (255, b"\x81\x78\xff"),
            (256, b"\x81\x79\x01\x00"),
        ] {
            assert!(cbor(["x".repeat(length).as_str()].into_iter()).starts_with(head), "{length}");
        }
        assert!(cbor(["x".repeat(65536).as_str()].into_iter()).starts_with(b"\x81\x7a\x00\x01\x00\x00"));
    }

    #[test]
    fn exactly_a_hundred_is_hashed_again() {
        // The first text comes to the largest remainder, the second does not.
        let hash = |text: &[u8]| if text == b"a,b" { 9998 } else { 4999 };
        assert!((flagsmith_percent(flagsmith(b"a,b", hash)) - 50.0).abs() < 1e-12);
        assert_eq!(flagsmith(b"a,c", |_| 0), 0);
    }
}
