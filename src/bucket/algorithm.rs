//! A named algorithm: the records of rollouts and of variants, as every JSON answer names it.

use std::fmt;
use std::sync::{Arc, LazyLock};

use super::line::{Names, input};
use super::preset::preset;
use super::record::{Precision, Record, RecordError, Reduce, Seed};
use super::template::{Piece, Template};

/// What a bucket is for. Most systems hash rollouts and variants apart, so that a ramp never moves anyone
/// between variants; those that do not have the same record for both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Is the unit part of a rollout?
    Rollout,
    /// Which variation or variant does the unit get?
    Variant,
}

impl Purpose {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Rollout, Self::Variant];

    /// Returns the word that goes into the hash.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Rollout => "rollout",
            Self::Variant => "variant",
        }
    }
}

/// In which order shares are added up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Order {
    /// As they are written.
    Written,
    /// By the name of the variation, the last of the alphabet first.
    NameDescending,
}

/// Whether a flag can, or must, say a seed of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SeedUse {
    /// There is none to say.
    None,
    /// It may.
    Optional,
    /// Without it nobody knows the bucket.
    Required,
}

/// A named, versioned bucketing algorithm. Cheap to copy.
#[derive(Clone, Debug)]
pub struct Algorithm(Arc<Definition>);

/// What an algorithm is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Definition {
    pub(super) name: String,
    pub(super) about: String,
    /// What its system does with a missing unit.
    pub(super) missing: String,
    /// What to know before use.
    pub(super) notes: Vec<String>,
    pub(super) rollout: Record,
    pub(super) variant: Record,
    pub(super) order: Order,
    pub(super) seed_use: SeedUse,
    /// What is hashed where a seed is said, if that differs.
    pub(super) seeded: Option<Template>,
    /// The seed that was said.
    pub(super) seed: Option<u32>,
    pub(super) custom: bool,
}

impl Algorithm {
    /// The name of the algorithm that is used where nothing else is said.
    pub const DEFAULT: &'static str = "ffctl/1";

    pub(super) fn new(definition: Definition) -> Self {
        Self(Arc::new(definition))
    }

    /// Returns an algorithm of one's own.
    ///
    /// # Errors
    /// When the parts of a record do not go together; with the purpose of that record.
    pub fn custom(
        name: &str,
        about: Option<&str>,
        rollout: Record,
        variant: Record,
    ) -> Result<Self, (Purpose, RecordError)> {
        rollout.check().map_err(|error| (Purpose::Rollout, error))?;
        variant.check().map_err(|error| (Purpose::Variant, error))?;
        let seeded = rollout.takes_seed() || variant.takes_seed();
        Ok(Self::new(Definition {
            name: name.to_owned(),
            about: about.unwrap_or("defined in flags.toml").to_owned(),
            missing: String::new(),
            notes: Vec::new(),
            rollout,
            variant,
            order: Order::Written,
            seed_use: if seeded { SeedUse::Optional } else { SeedUse::None },
            seeded: None,
            seed: None,
            custom: true,
        }))
    }

    /// Returns the name, such as `ffctl/1`.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Returns what it is, for people.
    pub fn about(&self) -> &str {
        &self.0.about
    }

    /// Returns what its system does with a missing unit; empty where that is not known.
    pub fn missing(&self) -> &str {
        &self.0.missing
    }

    /// Returns what to know before use.
    pub fn notes(&self) -> &[String] {
        &self.0.notes
    }

    /// Returns the record of a purpose.
    pub fn record(&self, purpose: Purpose) -> &Record {
        match purpose {
            Purpose::Rollout => &self.0.rollout,
            Purpose::Variant => &self.0.variant,
        }
    }

    /// Returns the order in which shares are added up.
    pub fn order(&self) -> Order {
        self.0.order
    }

    /// Returns whether a flag can, or must, say a seed of its own.
    pub fn seed_use(&self) -> SeedUse {
        self.0.seed_use
    }

    /// Returns the seed that was said.
    pub fn seed(&self) -> Option<u32> {
        self.0.seed
    }

    /// Returns the name with what was said beside it: `launchdarkly, seed 61`.
    pub fn in_words(&self) -> String {
        let seed = self.seed().map_or_else(String::new, |seed| format!(", seed {seed}"));
        let single = matches!(self.0.rollout.reduce, Reduce::Unit { .. })
            && self.0.rollout.precision == Precision::F32;
        format!("{}{seed}{}", self.name(), if single { ", f32" } else { "" })
    }

    /// Tells whether it is written in flags.toml.
    pub fn is_custom(&self) -> bool {
        self.0.custom
    }

    /// Tells whether a salt is hashed beside the key, so that without one nobody knows the bucket.
    pub fn needs_salt(&self) -> bool {
        Purpose::ALL.iter().any(|purpose| self.record(*purpose).template.has(&Piece::Salt))
    }

    /// Tells whether a rollout and a variant draw the same for everyone.
    pub fn shares_draws(&self) -> bool {
        let mut rollout = self.0.rollout.clone();
        rollout.compare = self.0.variant.compare;
        rollout == self.0.variant && !rollout.template.has(&Piece::Purpose)
    }

    /// Returns the algorithm with a seed; none if it takes none.
    #[must_use]
    pub fn with_seed(&self, seed: u32) -> Option<Self> {
        if self.0.seed_use == SeedUse::None {
            return None;
        }
        let mut with = (*self.0).clone();
        for record in [&mut with.rollout, &mut with.variant] {
            if let Some(template) = &with.seeded {
                record.template = template.clone();
            }
            record.seed = Seed::Fixed(seed);
        }
        with.seed = Some(seed);
        Some(Self::new(with))
    }

    /// Returns the algorithm computed in other floating point numbers; none if it computes no fractions.
    #[must_use]
    pub fn with_precision(&self, precision: Precision) -> Option<Self> {
        let mut with = (*self.0).clone();
        for record in [&mut with.rollout, &mut with.variant] {
            if !matches!(record.reduce, Reduce::Unit { .. }) {
                return None;
            }
            record.precision = precision;
        }
        Some(Self::new(with))
    }

    /// Returns what is hashed for a unit, as people read it.
    pub fn input(&self, purpose: Purpose, names: Names<'_>, unit: &str) -> String {
        input(self.record(purpose), purpose, names, unit)
    }
}

impl Default for Algorithm {
    /// `ffctl/1`.
    fn default() -> Self {
        static DEFAULT: LazyLock<Algorithm> =
            LazyLock::new(|| preset(Algorithm::DEFAULT).expect("the default is a preset"));
        DEFAULT.clone()
    }
}

impl PartialEq for Algorithm {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0 == other.0
    }
}

impl Eq for Algorithm {}

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
