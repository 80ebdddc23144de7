//! The formulas that are tried: every preset, and what people write by hand.

use super::super::algorithm::{Algorithm, Purpose};
use super::super::draw::Draw;
use super::super::hash::Hash;
use super::super::line::{Line, Names};
use super::super::preset::presets;
use super::super::record::{Compare, Count, Precision, Record, Reduce, Seed, Slice};
use super::super::template::Template;

/// What is known of the flag.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Names that may be hashed as the key.
    pub keys: Vec<String>,
    /// Texts that may be hashed as the salt.
    pub salts: Vec<String>,
    /// Seeds beside the usual ones.
    pub seeds: Vec<u32>,
    /// The rollout, as a part of `total`.
    pub part: u32,
    /// What is everyone.
    pub total: u32,
}

/// One formula, with what it hashes beside the unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The preset, if it is one, with its seed.
    pub preset: Option<Algorithm>,
    /// The record.
    pub record: Record,
    /// What the record is for.
    pub purpose: Purpose,
    /// What stands for the key; none where only the unit is hashed.
    pub key: Option<String>,
    /// What stands for the salt.
    pub salt: Option<String>,
}

/// A candidate compiled for one percentage.
pub(super) struct Compiled {
    line: Line,
    limit: Draw,
}

impl Candidate {
    pub(super) fn compiled(&self, search: &Search) -> Compiled {
        let names = Names { key: self.key.as_deref().unwrap_or_default(), salt: self.salt.as_deref() };
        Compiled {
            line: Line::of_record(&self.record, self.purpose, names, search.total),
            limit: self.record.limit(search.part, search.total),
        }
    }
}

impl Compiled {
    #[inline]
    pub(super) fn is_on(&self, unit: &str) -> bool {
        self.line.draw(unit) < self.limit
    }
}

/// What stands between a key and a unit.
const SEPARATORS: [&str; 12] = ["", ":", ".", "-", "_", "/", "|", ",", " ", "::", "#", "+"];
/// Words that people put in front.
const WORDS: [&str; 4] = ["rollout", "flag", "feature", "experiment"];
/// Seeds that people give to murmur3: none, the ones of vendors, and the one of all examples.
const SEEDS: [u32; 3] = [0, 1, 42];
/// How many buckets people count.
const COUNTS: [u32; 4] = [100, 1000, 10_000, 100_000];

/// Returns every candidate: presets first, so that what has a name is found by its name.
pub(super) fn candidates(search: &Search) -> Vec<Candidate> {
    let mut all = named(search);
    for template in templates(search) {
        let with_key = template.has(&super::super::template::Piece::Key);
        let with_salt = template.has(&super::super::template::Piece::Salt);
        let keys: Vec<Option<&String>> =
            if with_key { search.keys.iter().map(Some).collect() } else { vec![None] };
        let salts: Vec<Option<&String>> =
            if with_salt { search.salts.iter().map(Some).collect() } else { vec![None] };
        for record in records(&template, &search.seeds) {
            for key in &keys {
                all.extend(salts.iter().map(|salt| Candidate {
                    preset: None,
                    record: record.clone(),
                    purpose: Purpose::Rollout,
                    key: key.cloned(),
                    salt: salt.cloned(),
                }));
            }
        }
    }
    all
}

/// Returns the presets with everything they can be given.
fn named(search: &Search) -> Vec<Candidate> {
    let mut all = Vec::new();
    for preset in presets() {
        let mut versions = vec![preset.clone()];
        let seeds = search.seeds.iter().filter_map(|seed| preset.with_seed(*seed));
        versions.extend(seeds);
        for version in versions {
            for purpose in Purpose::ALL {
                let record = version.record(purpose);
                if purpose == Purpose::Variant && record == version.record(Purpose::Rollout) {
                    continue;
                }
                let alone = record.template.is_unit_alone() && !matches!(record.seed, Seed::OfKey(_));
                let keys: Vec<Option<&String>> =
                    if alone { vec![None] } else { search.keys.iter().map(Some).collect() };
                let mut salts: Vec<Option<&String>> = vec![None];
                if !alone {
                    salts.extend(search.salts.iter().map(Some));
                }
                for key in keys {
                    all.extend(salts.iter().map(|salt| Candidate {
                        preset: Some(version.clone()),
                        record: record.clone(),
                        purpose,
                        key: key.cloned(),
                        salt: salt.cloned(),
                    }));
                }
            }
        }
    }
    all
}

fn templates(search: &Search) -> Vec<Template> {
    let mut texts = vec!["{unit}".to_owned()];
    if !search.keys.is_empty() {
        for separator in SEPARATORS {
            texts.push(format!("{{key}}{separator}{{unit}}"));
            texts.push(format!("{{unit}}{separator}{{key}}"));
        }
        for word in WORDS {
            texts.push(format!("{word}:{{key}}:{{unit}}"));
        }
    }
    if !search.salts.is_empty() {
        for separator in &SEPARATORS[..7] {
            texts.push(format!("{{salt}}{separator}{{unit}}"));
            texts.push(format!("{{unit}}{separator}{{salt}}"));
            if !search.keys.is_empty() {
                texts.push(format!("{{key}}{separator}{{salt}}{separator}{{unit}}"));
                texts.push(format!("{{salt}}{separator}{{key}}{separator}{{unit}}"));
            }
        }
    }
    texts.iter().filter_map(|text| Template::parse(text).ok()).collect()
}

/// Returns what people compute from a template.
fn records(template: &Template, seeds: &[u32]) -> Vec<Record> {
    let mut all = Vec::new();
    let base = |hash, seed, slice, reduce, compare| Record {
        template: template.clone(),
        hash,
        seed: Seed::Fixed(seed),
        slice,
        reduce,
        offset: 0,
        precision: Precision::F64,
        compare,
    };
    let both = [Compare::Below, Compare::AtMost];
    for hash in [Hash::Md5, Hash::Sha1, Hash::Sha256] {
        let slices =
            [Slice::Whole, Slice::Hex(4), Slice::Hex(6), Slice::Hex(7), Slice::Hex(8), Slice::Hex(15)];
        for slice in slices.into_iter().chain([Slice::Hex(16)]) {
            for count in COUNTS {
                let reduce = Reduce::Modulo(Count::Fixed(count));
                all.extend(both.map(|compare| base(hash, 0, slice, reduce, compare)));
            }
        }
        for slice in [Slice::Hex(4), Slice::Hex(8), Slice::Hex(15)] {
            let reduce = Reduce::Unit { closed: true, top: 1 };
            all.push(base(hash, 0, slice, reduce, Compare::Below));
        }
    }
    let seeded = SEEDS.iter().chain(seeds).map(|seed| (Hash::Murmur3, *seed));
    let plain = [Hash::Fnv1a32, Hash::Fnv1a32Utf16, Hash::Crc32, Hash::Java].map(|hash| (hash, 0));
    for (hash, seed) in seeded.chain(plain) {
        for slice in [Slice::Whole, Slice::Absolute] {
            for count in COUNTS {
                let reduce = Reduce::Modulo(Count::Fixed(count));
                all.extend(both.map(|compare| base(hash, seed, slice, reduce, compare)));
            }
            let reduce = Reduce::Unit { closed: true, top: 1 };
            all.push(base(hash, seed, slice, reduce, Compare::Below));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_ten_thousand_are_tried() {
        let search = Search { keys: vec!["k".into()], part: 30_000, total: 100_000, ..Search::default() };
        let all = candidates(&search);
        assert!((8_000..15_000).contains(&all.len()), "{}", all.len());
        for candidate in &all {
            assert_eq!(candidate.record.check(), Ok(()), "{candidate:?}");
        }
    }
}
