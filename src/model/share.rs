//! Shares of a split: positive integers in ordered pairs, of which only the ratio counts.

use super::name::VariationName;

/// One share of a split, 1..=2^31-1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
pub struct Share(u32);

impl Share {
    /// Returns the share as a number, at least 1.
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl TryFrom<i64> for Share {
    type Error = ShareError;

    fn try_from(number: i64) -> Result<Self, ShareError> {
        match u32::try_from(number) {
            Ok(share) if share > 0 && share <= Split::LARGEST_TOTAL => Ok(Self(share)),
            _ => Err(ShareError::NotPositive(number)),
        }
    }
}

/// Why pairs are not a split.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShareError {
    /// A share is zero, negative or larger than 2^31-1.
    #[error("a share is a whole number from 1 to 2147483647, not {0}")]
    NotPositive(i64),
    /// No pair at all.
    #[error("a split needs at least one pair")]
    Empty,
    /// One variation stands in two pairs.
    #[error("`{0}` has two shares")]
    Twice(VariationName),
    /// The sum of the shares is larger than 2^31-1.
    #[error("the shares add up to {0}, more than 2147483647")]
    TooMany(u64),
}

/// Who gets what: pairs of a variation and its share, in the order that decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    pairs: Vec<(VariationName, Share)>,
    total: u32,
}

impl Split {
    /// The largest sum of shares, 2^31-1.
    pub const LARGEST_TOTAL: u32 = i32::MAX as u32;

    /// Returns the split of these pairs, kept in order.
    ///
    /// # Errors
    /// When there is no pair, a variation stands twice, or the sum is above 2^31-1.
    pub fn new(pairs: Vec<(VariationName, Share)>) -> Result<Self, ShareError> {
        if pairs.is_empty() {
            return Err(ShareError::Empty);
        }
        for (at, (name, _)) in pairs.iter().enumerate() {
            if pairs[..at].iter().any(|(other, _)| other == name) {
                return Err(ShareError::Twice(name.clone()));
            }
        }
        let sum: u64 = pairs.iter().map(|(_, share)| u64::from(share.0)).sum();
        match u32::try_from(sum) {
            Ok(total) if total <= Self::LARGEST_TOTAL => Ok(Self { pairs, total }),
            _ => Err(ShareError::TooMany(sum)),
        }
    }

    /// Returns the pairs in their order; at least one.
    pub fn pairs(&self) -> &[(VariationName, Share)] {
        &self.pairs
    }

    /// Returns the sum of the shares, 1..=2^31-1.
    pub const fn total(&self) -> u32 {
        self.total
    }

    /// Returns the one variation that everyone gets, if there is only one.
    pub fn single(&self) -> Option<&VariationName> {
        match self.pairs.as_slice() {
            [(only, _)] => Some(only),
            _ => None,
        }
    }

    /// Returns the share of a variation among all, from 0.0 to 1.0; 0.0 if it is not part of the split.
    pub fn fraction(&self, variation: &VariationName) -> f64 {
        self.pairs
            .iter()
            .find(|(name, _)| name == variation)
            .map_or(0.0, |(_, share)| f64::from(share.0) / f64::from(self.total))
    }
}

/// Writes the pairs in words: `v2 90 / v3 10`.
impl std::fmt::Display for Split {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let pairs = self.pairs().iter().map(|(name, share)| format!("{name} {}", share.get()));
        f.pad(&pairs.collect::<Vec<_>>().join(" / "))
    }
}

/// Serialises as ordered pairs, `[["v2",90],["v3",10]]`: an object's keys may be reordered on the way.
impl serde::Serialize for Split {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.pairs.serialize(serializer)
    }
}
