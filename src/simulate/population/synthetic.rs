//! Users made up from a seed.

/// The golden ratio in 64 bits: the step of `SplitMix64` (Steele, Lea, Flood: Fast Splittable Pseudorandom
/// Number Generators, OOPSLA 2014).
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// An id: `u` and 16 hexadecimal digits.
const LENGTH: usize = 17;

/// The id of a made-up user, in place.
pub(super) struct SyntheticId([u8; LENGTH]);

impl SyntheticId {
    /// Returns the id of user `number` (from 0) of the seed.
    #[inline]
    pub(super) fn new(seed: u64, number: u64) -> Self {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut bytes = [b'u'; LENGTH];
        for (byte, digit) in bytes[1..].chunks_exact_mut(2).zip(mix(seed, number).to_be_bytes()) {
            byte[0] = DIGITS[usize::from(digit >> 4)];
            byte[1] = DIGITS[usize::from(digit & 15)];
        }
        Self(bytes)
    }

    /// Returns the id as text.
    #[inline]
    pub(super) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl AsRef<str> for SyntheticId {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

/// Returns the output number `number` (from 0) of `SplitMix64` started with `seed`: no two of a seed are equal.
#[inline]
const fn mix(seed: u64, number: u64) -> u64 {
    let mut z = seed.wrapping_add(number.wrapping_add(1).wrapping_mul(GOLDEN));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Returns the id of user `number` (from 0) of a synthetic population: `u` and the 16 hexadecimal digits of
/// the output with that number of `SplitMix64` started with `seed`. No two users of a seed are equal.
pub fn synthetic_id(seed: u64, number: u64) -> String {
    SyntheticId::new(seed, number).as_str().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_those_of_splitmix64() {
        // The first outputs of the reference implementation (Vigna, splitmix64.c) for the seed 1234567.
        for (number, id) in [
            (0, 6_457_827_717_110_365_317_u64),
            (1, 3_203_168_211_198_807_973),
            (2, 9_817_491_932_198_370_423),
            (3, 4_593_380_528_125_082_431),
            (4, 16_408_922_859_458_223_821),
        ] {
            assert_eq!(synthetic_id(1_234_567, number), format!("u{id:016x}"));
        }
    }
}
