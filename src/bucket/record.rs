//! The record of a formula: what is hashed, which part of the digest counts, and how it becomes a bucket.

use super::hash::Hash;
use super::template::{Piece, Template};

/// A formula from a unit to a bucket, as data.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Record {
    /// What is hashed.
    pub template: Template,
    /// With which hash.
    pub hash: Hash,
    /// With which seed.
    pub seed: Seed,
    /// Which part of the digest counts.
    pub slice: Slice,
    /// How that number becomes a bucket.
    pub reduce: Reduce,
    /// What is added to a whole bucket: 1 where buckets are counted from 1.
    pub offset: u32,
    /// In which floating point numbers fractions are computed.
    pub precision: Precision,
    /// How a bucket is compared with a percentage or a cumulative share.
    pub compare: Compare,
}

/// The seed of a hash that takes one, or of a template's `{seed}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Seed {
    /// This number.
    Fixed(u32),
    /// `murmur3` of the key with this seed: `DevCycle`'s.
    OfKey(u32),
}

/// Which part of a digest counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Slice {
    /// The first so many hexadecimal digits, 1..=16.
    Hex(u32),
    /// The first so many bytes, big-endian, 1..=8.
    Bytes(u32),
    /// All of it.
    Whole,
    /// All 32 bits as a signed number, without its sign.
    Absolute,
}

/// How a number becomes a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reduce {
    /// Multiply by the number of buckets and shift: the whole part of `x / 2^bits * count`.
    Scale(Count),
    /// The remainder of the number of buckets.
    Modulo(Count),
    /// The remainder, divided by the number of buckets: 0.0..1.0 in steps.
    Fraction(u32),
    /// The unit interval: divided by the largest number, or by one more, then multiplied by `top`.
    Unit {
        /// Whether 1.0 itself can come out: divided by the largest number.
        closed: bool,
        /// What 1.0 becomes: 1, or 100 for percentages.
        top: u32,
    },
    /// `x % 9999 / 9998 * 100`, of the text written twice, thrice and so on while that is 100: `Flagsmith`'s.
    Flagsmith,
}

/// The number of buckets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Count {
    /// Always so many.
    Fixed(u32),
    /// So many times the sum of the shares; of a rollout, which is counted in thousandths of a percent, 100000.
    Total(u32),
}

/// In which floating point numbers fractions are computed, and with which shares become buckets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Precision {
    /// 64 bits.
    F64,
    /// 32 bits.
    F32,
}

/// How a bucket is compared with a percentage or a cumulative share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Compare {
    /// In where `bucket < threshold`.
    Below,
    /// In where `bucket <= threshold`.
    AtMost,
}

/// Why parts of a record do not go together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// More of the digest is wanted than there is.
    #[error("a digest of {hash} has {has} bits, fewer than {wanted}")]
    SliceTooLong {
        /// The hash.
        hash: Hash,
        /// Its bits.
        has: u32,
        /// The bits that are wanted.
        wanted: u32,
    },
    /// The sign of what has more than 32 bits.
    #[error("`absolute` takes the sign of 32 bits; a digest of {0} has more")]
    Absolute(Hash),
    /// A seed for a hash that takes none and a template without a piece for it.
    #[error("neither {0} nor the template takes a seed")]
    NoSeed(Hash),
    /// More bits than can be scaled or divided.
    #[error("`{0}` takes at most 64 bits of a digest; `whole` has more")]
    TooLong(String),
    /// An offset of a fraction.
    #[error("an offset is added to whole buckets; `{0}` makes fractions")]
    Offset(String),
}

impl Record {
    /// Returns how many bits of the digest count.
    pub const fn bits(&self) -> u32 {
        match self.slice {
            Slice::Hex(digits) => 4 * digits,
            Slice::Bytes(bytes) => 8 * bytes,
            Slice::Whole => 8 * self.hash.bytes(),
            Slice::Absolute => 31,
        }
    }

    /// Returns how many buckets there are where the shares add up to `total`; none where buckets are not counted.
    pub const fn buckets(&self, total: u32) -> Option<u64> {
        match self.reduce {
            Reduce::Scale(Count::Fixed(count))
            | Reduce::Modulo(Count::Fixed(count))
            | Reduce::Fraction(count) => Some(count as u64),
            Reduce::Scale(Count::Total(times)) | Reduce::Modulo(Count::Total(times)) => {
                Some(total as u64 * times as u64)
            }
            Reduce::Unit { .. } => None,
            Reduce::Flagsmith => Some(9999),
        }
    }

    /// Tells whether other shares in the same ratio draw other buckets: a remainder of their sum.
    pub const fn depends_on_total(&self) -> bool {
        matches!(self.reduce, Reduce::Modulo(Count::Total(_)))
    }

    /// Tells whether a seed decides anything.
    pub fn takes_seed(&self) -> bool {
        self.hash.is_seeded() || self.template.has(&Piece::Seed)
    }

    /// Tells whether the record is what flags.toml can say: the others are written in code.
    pub fn is_plain(&self) -> bool {
        !self.template.is_cbor() && self.reduce != Reduce::Flagsmith && matches!(self.seed, Seed::Fixed(_))
    }

    /// Checks that the parts go together.
    ///
    /// # Errors
    /// When they do not.
    pub fn check(&self) -> Result<(), RecordError> {
        let has = 8 * self.hash.bytes();
        if self.slice == Slice::Absolute && has != 32 {
            return Err(RecordError::Absolute(self.hash));
        }
        let wanted = self.bits();
        if wanted > has {
            return Err(RecordError::SliceTooLong { hash: self.hash, has, wanted });
        }
        if self.seed != Seed::Fixed(0) && !self.takes_seed() {
            return Err(RecordError::NoSeed(self.hash));
        }
        let long = wanted > 64 && matches!(self.reduce, Reduce::Scale(_) | Reduce::Unit { .. });
        if long {
            return Err(RecordError::TooLong(self.reduce.to_string()));
        }
        if self.offset > 0 && self.is_fraction() {
            return Err(RecordError::Offset(self.reduce.to_string()));
        }
        Ok(())
    }

    /// Tells whether buckets are fractions.
    pub const fn is_fraction(&self) -> bool {
        matches!(self.reduce, Reduce::Fraction(_) | Reduce::Unit { .. } | Reduce::Flagsmith)
    }

    /// Returns what stands for everyone where buckets are fractions: 1.0, or 100.0 for percentages.
    pub(super) const fn top(&self) -> f64 {
        match self.reduce {
            Reduce::Unit { top: 100, .. } | Reduce::Flagsmith => 100.0,
            _ => 1.0,
        }
    }
}
