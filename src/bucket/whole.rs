//! A record in whole numbers: for what has no floating point numbers to trust, such as a database.

use super::algorithm::Purpose;
use super::digest::Digest;
use super::draw::Draw;
use super::hash::Hash;
use super::line::Names;
use super::record::{Record, Reduce, Seed, Slice};
use super::reduction::Reduction;

/// How the whole number that decides comes of a digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whole {
    /// The first 32 bits or fewer, multiplied by this and shifted right by as many bits.
    Scaled(u64),
    /// The remainder of this.
    Remainder(u64),
    /// The first bits as they are.
    First,
}

impl Record {
    /// Returns how a whole number decides that comes of the digest with nothing but whole numbers, where shares add up to
    /// `total`; none where no such number does: `Flagsmith`'s hashes again, and more than 32 bits are scaled in more
    /// than 64.
    pub fn whole_number(&self, total: u32) -> Option<Whole> {
        match self.reduce {
            Reduce::Scale(_) if self.is_unscaled() => Some(Whole::Scaled(self.count(total))),
            Reduce::Modulo(_) => Some(Whole::Remainder(self.count(total))),
            Reduce::Fraction(count) => Some(Whole::Remainder(count.into())),
            Reduce::Unit { .. } if self.bits() < 64 => Some(Whole::First),
            Reduce::Scale(_) | Reduce::Unit { .. } | Reduce::Flagsmith => None,
        }
    }

    /// Returns how many of the whole numbers are below a limit: the number is in where it is less than this.
    /// Exact, roundings of the system's floating point numbers included: those only ever rise with the number.
    pub fn whole_limit(&self, limit: Draw, total: u32) -> Option<u64> {
        let reduction = Reduction::new(self, total);
        Some(match self.whole_number(total)? {
            // The limit is the least number that scales to the bucket.
            Whole::Scaled(count) => {
                let bucket = (u128::from(limit.place()) * u128::from(count)) >> self.bits();
                u64::try_from(bucket).expect("a bucket is at most the count")
            }
            Whole::Remainder(_) | Whole::First => {
                reduction.first_at(limit).unwrap_or_else(|| reduction.largest() + 1)
            }
        })
    }

    /// Returns the whole number of a unit; none where what is hashed is no plain text, or the seed is another for each key.
    pub fn whole_number_of(&self, purpose: Purpose, names: Names<'_>, unit: &str, total: u32) -> Option<u64> {
        let whole = self.whole_number(total)?;
        let Seed::Fixed(seed) = self.seed else { return None };
        if self.template.is_cbor() {
            return None;
        }
        let parts = self.template.filled(purpose, names.key, names.salt, seed);
        let input: String = parts.iter().map(|part| part.as_deref().unwrap_or(unit)).collect();
        let digest = Digest::of(self.hash, seed, input.as_bytes());
        let number = Reduction::new(self, total).number(&digest);
        Some(match whole {
            Whole::Scaled(count) => {
                let wide = u128::from(number) * u128::from(count);
                u64::try_from(wide >> self.bits()).expect("a bucket is below the count")
            }
            Whole::Remainder(_) | Whole::First => number,
        })
    }

    /// Returns how many hexadecimal digits of the digest count; none where its sign does.
    pub fn digits(&self) -> Option<u32> {
        match self.slice {
            Slice::Hex(digits) => Some(digits),
            Slice::Bytes(bytes) => Some(2 * bytes),
            Slice::Whole => Some(2 * self.hash.bytes()),
            Slice::Absolute => None,
        }
    }

    /// Returns the texts that are hashed one after another, none for the unit; none at all where they are not put
    /// together as plain text, or a hash takes a seed beside them.
    pub fn texts(&self, purpose: Purpose, names: Names<'_>) -> Option<Vec<Option<String>>> {
        let Seed::Fixed(seed) = self.seed else { return None };
        let plain = !self.template.is_cbor() && matches!(self.hash, Hash::Sha256 | Hash::Sha1 | Hash::Md5);
        plain.then(|| self.template.filled(purpose, names.key, names.salt, seed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bucket::{Line, presets};

    #[test]
    fn whole_numbers_decide_as_draws_do() {
        let mut decided = 0;
        for algorithm in presets() {
            for purpose in [Purpose::Rollout, Purpose::Variant] {
                let record = algorithm.record(purpose);
                let names = Names { key: "checkout", salt: Some("s") };
                for total in [100, 1_000, 100_000] {
                    let line = Line::of_record(record, purpose, names, total);
                    for part in [1, total / 3, total / 2, total - 1, total] {
                        let limit = record.limit(part, total);
                        let Some(below) = record.whole_limit(limit, total) else { continue };
                        for number in 0..200 {
                            let unit = format!("user-{number}");
                            let Some(whole) = record.whole_number_of(purpose, names, &unit, total) else {
                                continue;
                            };
                            let name = algorithm.name();
                            assert_eq!(
                                whole < below,
                                line.draw(&unit) < limit,
                                "{name} {part}/{total} {unit}"
                            );
                            decided += 1;
                        }
                    }
                }
            }
        }
        assert!(decided > 100_000, "{decided}");
    }

    #[test]
    fn limits_of_fractions_are_exact_at_their_edges() {
        let algorithm = crate::bucket::preset("launchdarkly").expect("a preset");
        let record = algorithm.record(Purpose::Rollout);
        for part in [1, 7, 33_333, 50_000, 99_999] {
            let limit = record.limit(part, 100_000);
            let below = record.whole_limit(limit, 100_000).expect("60 bits");
            let reduction = Reduction::new(record, 100_000);
            assert!(reduction.draw(below - 1) < limit && reduction.draw(below) >= limit);
        }
    }
}
