//! Remainders without dividing.

/// What numbers are divided by, and its reciprocal.
#[derive(Clone, Copy, Debug)]
pub(super) struct Divisor {
    by: u64,
    /// The whole part of (2^64 - 1) / `by`.
    reciprocal: u64,
}

impl Divisor {
    /// Prepares a divisor, at least 1.
    pub(super) const fn new(by: u64) -> Self {
        Self { by, reciprocal: u64::MAX / by }
    }

    /// Returns the remainder of any number: the reciprocal gives a quotient that is right or one too small, since it
    /// is less than 1 below 2^64 / `by` (P. Barrett, CRYPTO '86).
    #[inline]
    pub(super) fn remainder(self, number: u64) -> u64 {
        let quotient = (u128::from(number) * u128::from(self.reciprocal)) >> 64;
        let quotient = quotient as u64;
        let rest = number - quotient * self.by;
        if rest >= self.by { rest - self.by } else { rest }
    }

    /// Returns the remainder of a number of several words, the first of them the highest; the divisor must be at most
    /// 2^32.
    #[inline]
    pub(super) fn remainder_of(self, words: impl Iterator<Item = u32>) -> u64 {
        words.fold(0, |rest, word| self.remainder(rest << 32 | u64::from(word)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remainders_are_those_of_dividing() {
        let mut number: u64 = 1;
        for by in [1, 2, 3, 7, 97, 100, 1000, 9999, 10_000, 1 << 31, (1 << 32) - 1, 1 << 32] {
            let divisor = Divisor::new(by);
            for edge in [0, 1, by - 1, by, by + 1, 2 * by, u64::MAX, u64::MAX - 1, u64::MAX / by * by] {
                assert_eq!(divisor.remainder(edge), edge % by, "{edge} of {by}");
            }
            for _ in 0..10_000 {
                number = number.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
                assert_eq!(divisor.remainder(number), number % by, "{number} of {by}");
                let words = [number >> 32, number & 0xffff_ffff, number >> 32];
                let wide = words.into_iter().fold(0_u128, |wide, word| wide << 32 | u128::from(word));
                let words = words.into_iter().map(|word| u32::try_from(word).expect("32 bits"));
                assert_eq!(u128::from(divisor.remainder_of(words)), wide % u128::from(by));
            }
        }
    }
}
