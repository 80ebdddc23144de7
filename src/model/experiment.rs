//! Experiments: variants behind a gate.

use indexmap::IndexMap;

use crate::bucket::{Algorithm, Names};

use super::flag::BucketBy;
use super::name::{ExperimentName, FlagName, VariationName};
use super::share::Split;

/// An A/B experiment.
#[derive(Clone, Debug, PartialEq)]
pub struct Experiment {
    /// Its name; shares one namespace with flags.
    pub name: ExperimentName,
    /// What it tries, for people.
    pub description: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The gate: where this flag is not on, everyone gets the first variant.
    pub flag: Option<FlagName>,
    /// The variants and their shares, in the order that decides.
    pub variants: Split,
    /// Users, by key, who get a certain variant; counted apart.
    pub force: IndexMap<String, VariationName>,
    /// What goes into the hash in place of the name.
    pub salt: Option<String>,
    /// Whose bucket counts.
    pub bucket_by: BucketBy,
    /// How that becomes a bucket.
    pub bucketing: Algorithm,
}

impl Experiment {
    /// Returns what can go into the hash for this experiment.
    pub fn hash_names(&self) -> Names<'_> {
        Names { key: self.name.as_str(), salt: self.salt.as_deref() }
    }

    /// Returns what goes into the hash for this experiment: its salt, else its name.
    pub fn hash_key(&self) -> &str {
        self.salt.as_deref().unwrap_or(self.name.as_str())
    }

    /// Returns the variant that everyone gets where the gate is not on.
    pub fn first(&self) -> &VariationName {
        let (name, _) = &self.variants.pairs()[0];
        name
    }
}
