//! From a digest to a draw: everything of a record that comes after the hash.

use super::code::{FLAGSMITH, flagsmith_percent};
use super::digest::Digest;
use super::draw::Draw;
use super::record::{Precision, Record, Reduce, Slice};
use super::share::single;

/// How a digest becomes a draw, in two steps: a number of the digest, and the draw of that number. Of two numbers
/// the larger never draws less, so that limits of draws are limits of numbers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Reduction {
    pub(super) slice: Slice,
    pub(super) reduce: Reduce,
    precision: Precision,
    /// How many bits of the digest count.
    pub(super) bits: u32,
    /// How many buckets there are, where they are counted.
    count: u64,
}

impl Reduction {
    /// Returns that of a record, for shares that add up to `total`.
    pub(super) fn new(record: &Record, total: u32) -> Self {
        Self {
            slice: record.slice,
            reduce: record.reduce,
            precision: record.precision,
            bits: record.bits(),
            // What does not depend on the sum of the shares must not differ by it: equal lines are drawn once.
            count: if record.is_unscaled() { 0 } else { record.count(total) },
        }
    }

    /// Returns that of the first 32 bits, to be scaled: `ffctl/1`'s.
    pub(super) const fn of_first_word() -> Self {
        let reduce = Reduce::Scale(super::record::Count::Total(1));
        Self { slice: Slice::Bytes(4), reduce, precision: Precision::F64, bits: 32, count: 0 }
    }

    /// Returns by what the number of the slice is divided for its remainder; none if it is taken as it is.
    pub(super) const fn divisor(&self) -> Option<u64> {
        match self.reduce {
            Reduce::Modulo(_) | Reduce::Fraction(_) => Some(self.count),
            Reduce::Flagsmith => Some(FLAGSMITH),
            Reduce::Scale(_) | Reduce::Unit { .. } => None,
        }
    }

    /// Returns the number of a digest.
    pub(super) fn number(&self, digest: &Digest) -> u64 {
        match self.divisor() {
            Some(divisor) => digest.remainder(self.slice, divisor),
            None => digest.number(self.slice),
        }
    }

    /// Returns the draw of a number.
    pub(super) fn draw(&self, number: u64) -> Draw {
        match self.reduce {
            Reduce::Scale(_) if self.count == 0 => Draw::new(number),
            Reduce::Scale(_) => {
                let wide = (u128::from(number) * u128::from(self.count)) >> self.bits;
                Draw::new(u64::try_from(wide).expect("a bucket is below the count"))
            }
            Reduce::Modulo(_) => Draw::new(number),
            Reduce::Fraction(_) => self.fraction(number, self.count, 1),
            Reduce::Unit { closed: true, top } => self.fraction(number, u64::MAX >> (64 - self.bits), top),
            Reduce::Unit { closed: false, top } => self.open(number, top),
            Reduce::Flagsmith => Draw::of_fraction(flagsmith_percent(number)),
        }
    }

    /// Returns the first number that does not draw below a limit; none if all of them do.
    pub(super) fn first_at(&self, limit: Draw) -> Option<u64> {
        let (mut below, mut at) = (0, self.largest());
        if self.draw(at) < limit {
            return None;
        }
        while below < at {
            let middle = below + (at - below) / 2;
            if self.draw(middle) < limit {
                below = middle + 1;
            } else {
                at = middle;
            }
        }
        Some(at)
    }

    /// Returns the largest number that there is.
    pub(super) fn largest(&self) -> u64 {
        match (self.divisor(), self.slice) {
            (Some(divisor), _) => divisor.saturating_sub(1),
            // The smallest of all signed numbers has no positive partner.
            (None, Slice::Absolute) => 1 << 31,
            (None, _) => u64::MAX >> (64 - self.bits),
        }
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "systems convert before they divide, and so lose the same"
    )]
    fn fraction(&self, number: u64, divisor: u64, top: u32) -> Draw {
        Draw::of_fraction(match self.precision {
            Precision::F64 => number as f64 / divisor as f64 * f64::from(top),
            Precision::F32 => f64::from(single(number) / single(divisor) * single(top.into())),
        })
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "systems convert before they divide, and so lose the same"
    )]
    fn open(&self, number: u64, top: u32) -> Draw {
        Draw::of_fraction(match self.precision {
            Precision::F64 => number as f64 / (1_u128 << self.bits) as f64 * f64::from(top),
            Precision::F32 => f64::from(single(number) / ((1_u128 << self.bits) as f32) * single(top.into())),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bucket::{Algorithm, Purpose, presets};

    /// The edges in numbers are those in draws: the number at one draws at or above the limit, the one before below it.
    #[test]
    fn the_first_number_at_a_limit_is_the_first() {
        let algorithms: Vec<Algorithm> = presets().collect();
        for (algorithm, purpose) in
            algorithms.iter().flat_map(|algorithm| Purpose::ALL.map(|purpose| (algorithm, purpose)))
        {
            let record = algorithm.record(purpose);
            for shares in [&[1, 99_999][..], &[5_000, 45_000, 50_000], &[1, 1, 1], &[33, 0, 67]] {
                let reduction = Reduction::new(record, shares.iter().sum());
                for limit in record.limits(shares).into_iter().chain([record.limit(12_345, 100_000)]) {
                    let Some(first) = reduction.first_at(limit) else {
                        assert!(reduction.draw(reduction.largest()) < limit, "{algorithm}");
                        continue;
                    };
                    assert!(reduction.draw(first) >= limit, "{algorithm} {purpose:?} {limit:?}");
                    assert!(first == 0 || reduction.draw(first - 1) < limit, "{algorithm} {limit:?}");
                }
            }
        }
    }
}
