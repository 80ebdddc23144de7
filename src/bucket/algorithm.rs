//! Names of the algorithms, as they stand in every JSON answer.

use std::fmt;

/// A named, versioned bucketing algorithm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// The first 32 bits, big-endian, of SHA-256 over `purpose:key:unit`, scaled by multiply and shift.
    #[default]
    Ffctl1,
}

impl Algorithm {
    /// Returns the name, such as `ffctl/1`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ffctl1 => "ffctl/1",
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl serde::Serialize for Algorithm {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// What a bucket is for. Rollouts and variants hash apart, so that a ramp never moves anyone between variants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Is the unit part of a rollout?
    Rollout,
    /// Which variation or variant does the unit get?
    Variant,
}

impl Purpose {
    /// Returns the word that goes into the hash.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Rollout => "rollout",
            Self::Variant => "variant",
        }
    }
}
