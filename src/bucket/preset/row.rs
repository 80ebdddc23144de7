//! One row of the table of presets → an algorithm.

use super::super::algorithm::{Algorithm, Definition, Order, SeedUse};
use super::super::hash::Hash;
use super::super::record::{Compare, Precision, Record, Reduce, Seed, Slice};
use super::super::template::Template;
use super::table::TABLE;

/// A preset as it stands in the table.
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    pub(super) missing: &'static str,
    pub(super) notes: &'static [&'static str],
    pub(super) rollout: Form,
    /// None where variants are drawn as rollouts are.
    pub(super) variant: Option<Form>,
    pub(super) order: Order,
    pub(super) seed_use: SeedUse,
    pub(super) seeded: Option<&'static str>,
}

/// A record in the words of flags.toml.
#[derive(Clone, Copy)]
pub(super) struct Form {
    pub(super) template: &'static str,
    pub(super) cbor: bool,
    pub(super) hash: Hash,
    pub(super) seed: Seed,
    pub(super) slice: &'static str,
    pub(super) reduce: &'static str,
    pub(super) offset: u32,
    pub(super) precision: Precision,
    pub(super) compare: &'static str,
}

impl Form {
    fn record(self) -> Record {
        let template = Template::parse(self.template).expect("a template of the table");
        Record {
            template: if self.cbor { template.in_cbor() } else { template },
            hash: self.hash,
            seed: self.seed,
            slice: Slice::parse(self.slice).expect("a slice of the table"),
            reduce: match self.reduce {
                "flagsmith" => Reduce::Flagsmith,
                reduce => Reduce::parse(reduce).expect("a reduction of the table"),
            },
            offset: self.offset,
            precision: self.precision,
            compare: Compare::parse(self.compare).expect("a comparison of the table"),
        }
    }
}

impl Row {
    fn algorithm(&self) -> Algorithm {
        Algorithm::new(Definition {
            name: self.name.to_owned(),
            about: self.about.to_owned(),
            missing: self.missing.to_owned(),
            notes: self.notes.iter().map(|note| (*note).to_owned()).collect(),
            rollout: self.rollout.record(),
            variant: self.variant.unwrap_or(self.rollout).record(),
            order: self.order,
            seed_use: self.seed_use,
            seeded: self.seeded.map(|text| Template::parse(text).expect("a template of the table")),
            seed: None,
            custom: false,
        })
    }
}

/// Returns the preset of this name.
pub fn preset(name: &str) -> Option<Algorithm> {
    TABLE.iter().find(|row| row.name == name).map(Row::algorithm)
}

/// Returns all presets, our own first.
pub fn presets() -> impl ExactSizeIterator<Item = Algorithm> {
    TABLE.iter().map(Row::algorithm)
}
