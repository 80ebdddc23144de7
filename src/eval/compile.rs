//! Definitions → program.

use std::collections::HashMap;

use crate::bucket::{Algorithm, Line, Names, Order, Purpose};
use crate::model::{
    BucketBy, ContextKind, Experiment, Fallthrough, Flag, Rule, Segment, Serve, Share, Split, VariationName,
    Weight,
};

use super::attribute::{Attribute, AttributeId, DERIVED, Derived};
use super::clause::{Asks, CompiledClause, SEGMENTS};
use super::order::{DEEPEST, referred_first};
use super::program::{
    CompiledExperiment, CompiledFlag, CompiledGate, CompiledPrerequisite, CompiledRollout, CompiledRule,
    CompiledSegment, CompiledServe, CompiledSplit, ExperimentId, FlagId, Hash, HashId, Hashing, Program,
    SegmentId, Unit, UnitId,
};
use super::world::World;

/// Compiles from one world into a program, following references.
pub(super) struct Compiler<'p, 'w> {
    program: &'p mut Program,
    index: &'p mut HashIndex,
    world: &'w dyn World,
    flags: HashMap<String, Compiled<FlagId>>,
    segments: HashMap<String, Compiled<SegmentId>>,
}

/// Where each hash input of a program stands: programs of thousands of flags look it up.
pub(super) type HashIndex = HashMap<(Line, UnitId), HashId>;

/// What has been compiled, and how deep it is nested. Without a number it is about to be compiled, and a
/// reference to it closes a circle; or it is nested too deep.
#[derive(Clone, Copy)]
struct Compiled<Id> {
    id: Option<Id>,
    depth: usize,
}

/// The names in a definition, as positions among the variations.
struct Variations<'a> {
    flag: &'a Flag,
    missing: bool,
}

impl Variations<'_> {
    /// Returns the position of a variation; a name that is not there becomes `off` and is noted.
    fn at(&mut self, name: &str) -> usize {
        let position = |wanted: &str| {
            self.flag.variations.iter().position(|variation| variation.name.as_str() == wanted)
        };
        position(name).unwrap_or_else(|| {
            let off = position(self.flag.variations.off().as_str()).unwrap_or(0);
            self.missing = true;
            off
        })
    }
}

impl<'p, 'w> Compiler<'p, 'w> {
    pub(super) fn new(program: &'p mut Program, index: &'p mut HashIndex, world: &'w dyn World) -> Self {
        Self { program, index, world, flags: HashMap::new(), segments: HashMap::new() }
    }

    pub(super) fn flag(&mut self, name: &str) -> Option<FlagId> {
        let world = self.world;
        let order = referred_first(name, |name| {
            let flag = world.flag(name)?;
            let required = flag.prerequisites.iter().map(|other| other.flag.to_string()).collect();
            Some((flag, required))
        });
        for referring in order {
            if self.flags.contains_key(&referring.name) {
                continue;
            }
            let depth = referring.depth(|name| self.flags.get(name).map(|compiled| compiled.depth));
            let mut compiled = self.compile_flag(&referring.definition);
            compiled.invalid |= depth > DEEPEST;
            let id = Some(FlagId(self.program.flags.len()));
            self.program.flags.push(compiled);
            self.flags.insert(referring.name, Compiled { id, depth });
        }
        self.flags.get(name).and_then(|compiled| compiled.id)
    }

    fn compile_flag(&mut self, flag: &Flag) -> CompiledFlag {
        let prerequisites: Vec<_> = flag
            .prerequisites
            .iter()
            .map(|prerequisite| {
                let id = self.flags.get(prerequisite.flag.as_str()).and_then(|compiled| compiled.id);
                let variation = id.and_then(|id| {
                    let variations = &self.program.flags[id.0].variations;
                    variations.iter().position(|(name, _)| *name == prerequisite.variation)
                });
                CompiledPrerequisite {
                    flag: id,
                    name: prerequisite.flag.to_string(),
                    wanted: prerequisite.variation.to_string(),
                    variation,
                }
            })
            .collect();
        let mut variations = Variations { flag, missing: false };
        let off = variations.at(flag.variations.off().as_str());
        let hashing = self.hashing(&flag.bucketing, flag.hash_names(), &flag.bucket_by);
        let (fallthrough, rollout) = match &flag.fallthrough {
            Fallthrough::Rollout(weight) => {
                (CompiledServe::Variation(variations.at(crate::model::ON)), self.rollout(&hashing, *weight))
            }
            Fallthrough::Serve(serve) => {
                (self.serve(&hashing, &mut variations, serve), CompiledRollout::Everyone)
            }
        };
        let users =
            flag.users.iter().map(|(key, name)| (key.clone(), variations.at(name.as_str()))).collect();
        let orgs = flag.orgs.iter().map(|(key, name)| (key.clone(), variations.at(name.as_str()))).collect();
        let rules = flag.rules.iter().map(|rule| self.rule(&hashing, &mut variations, rule)).collect();
        CompiledFlag {
            name: flag.name.to_string(),
            variations: flag.variations.iter().map(|v| (v.name.clone(), v.value.clone())).collect(),
            off,
            enabled: flag.enabled,
            targeted: flag.is_targeted(),
            prerequisites,
            users,
            orgs,
            rules,
            fallthrough,
            rollout,
            hashing,
            invalid: variations.missing,
        }
    }

    fn rule(&mut self, hashing: &Hashing, variations: &mut Variations<'_>, rule: &Rule) -> CompiledRule {
        CompiledRule {
            name: rule.name.clone(),
            clauses: rule.when.iter().map(|clause| CompiledClause::compile(clause, self)).collect(),
            rollout: self.rollout(hashing, rule.rollout),
            serve: self.serve(hashing, variations, &rule.serve),
        }
    }

    fn rollout(&mut self, hashing: &Hashing, weight: Weight) -> CompiledRollout {
        match weight {
            Weight::NONE => CompiledRollout::Nobody,
            Weight::ALL => CompiledRollout::Everyone,
            weight => {
                let record = hashing.algorithm.record(Purpose::Rollout);
                CompiledRollout::Part {
                    hash: self.hash(hashing, Purpose::Rollout, Weight::TOTAL),
                    limit: record.limit(weight.thousandths(), Weight::TOTAL),
                    weight: weight.thousandths(),
                }
            }
        }
    }

    fn serve(&mut self, hashing: &Hashing, variations: &mut Variations<'_>, serve: &Serve) -> CompiledServe {
        match serve {
            Serve::Variation(name) => CompiledServe::Variation(variations.at(name.as_str())),
            Serve::Split(split) => match split.single() {
                Some(only) => CompiledServe::Variation(variations.at(only.as_str())),
                None => CompiledServe::Split(self.split(hashing, split, |name| variations.at(name))),
            },
        }
    }

    fn split(
        &mut self,
        hashing: &Hashing,
        split: &Split,
        mut at: impl FnMut(&str) -> usize,
    ) -> CompiledSplit {
        let pairs = in_order(&hashing.algorithm, split);
        let shares: Vec<u32> = pairs.iter().map(|(_, share)| share.get()).collect();
        let limits = hashing.algorithm.record(Purpose::Variant).limits(&shares);
        let upper = limits.into_iter().zip(&pairs).map(|(limit, (name, _))| (limit, at(name.as_str())));
        let upper = upper.collect();
        let total = split.total();
        CompiledSplit { hash: self.hash(hashing, Purpose::Variant, total), upper, shares, total }
    }

    pub(super) fn experiment(&mut self, name: &str) -> Option<ExperimentId> {
        let experiment = self.world.experiment(name)?;
        let compiled = self.compile_experiment(&experiment);
        let id = ExperimentId(self.program.experiments.len());
        self.program.experiments.push(compiled);
        Some(id)
    }

    fn compile_experiment(&mut self, experiment: &Experiment) -> CompiledExperiment {
        let variants: Vec<_> = experiment.variants.pairs().iter().map(|(name, _)| name.clone()).collect();
        let position = |wanted: &str| variants.iter().position(|name| name.as_str() == wanted);
        let hashing = self.hashing(&experiment.bucketing, experiment.hash_names(), &experiment.bucket_by);
        let split = self.split(&hashing, &experiment.variants, |name| position(name).unwrap_or(0));
        let forced = experiment.force.iter();
        let forced = forced.map(|(user, name)| Some((user.clone(), position(name.as_str())?)));
        let force: Option<HashMap<_, _>> = forced.collect();
        let gate = experiment
            .flag
            .as_ref()
            .map(|flag| CompiledGate { flag: self.flag(flag.as_str()), name: flag.to_string() });
        CompiledExperiment {
            variants,
            gate,
            invalid: force.is_none(),
            force: force.unwrap_or_default(),
            split,
            hashing,
        }
    }

    /// Returns the segment of this name; none if it is not defined, its definition runs in a circle, or it is
    /// nested too deep.
    pub(super) fn segment(&mut self, name: &str) -> Option<SegmentId> {
        if let Some(known) = self.segments.get(name) {
            return known.id;
        }
        let world = self.world;
        let mut order = referred_first(name, |name| {
            let segment = world.segment(name)?;
            let references = segments_of(world, &segment);
            Some((segment, references))
        });
        order.retain(|referring| !self.segments.contains_key(&referring.name));
        for referring in &order {
            self.segments.insert(referring.name.clone(), Compiled { id: None, depth: 0 });
        }
        for referring in order {
            let depth = referring.depth(|name| self.segments.get(name).map(|compiled| compiled.depth));
            let compiled = self.compile_segment(&referring.definition);
            let id = (depth <= DEEPEST).then(|| {
                self.program.segments.push(compiled);
                SegmentId(self.program.segments.len() - 1)
            });
            self.segments.insert(referring.name, Compiled { id, depth });
        }
        self.segments.get(name).and_then(|compiled| compiled.id)
    }

    fn compile_segment(&mut self, segment: &Segment) -> CompiledSegment {
        let mut rule = |clauses: &[crate::model::Clause]| {
            clauses.iter().map(|clause| CompiledClause::compile(clause, self)).collect()
        };
        CompiledSegment {
            name: segment.name.to_string(),
            included: segment.included.iter().cloned().collect(),
            excluded: segment.excluded.iter().cloned().collect(),
            rules: segment.rules.iter().map(|way| rule(&way.when)).collect(),
        }
    }

    pub(super) fn all_segments(&mut self) {
        self.optional(&ContextKind::user(), SEGMENTS);
        for name in self.world.segment_names() {
            self.segment(&name);
        }
    }

    /// Returns the names of all segments of the world with their compiled forms.
    pub(super) fn every_segment(&mut self) -> Vec<(String, Option<SegmentId>)> {
        let names = self.world.segment_names();
        names.into_iter().map(|name| (name.clone(), self.segment(&name))).collect()
    }

    /// Returns the number of an attribute that decides something wherever it is absent.
    pub(super) fn attribute(&mut self, kind: &ContextKind, name: &str) -> AttributeId {
        let id = self.optional(kind, name);
        self.program.attributes[id.0].asked = true;
        id
    }

    /// Returns the number of an attribute, with room for what it may be derived from.
    pub(super) fn optional(&mut self, kind: &ContextKind, name: &str) -> AttributeId {
        let known = self.program.attributes.iter().find(|other| other.kind == *kind && other.name == name);
        if let Some(known) = known {
            return known.id;
        }
        let id = AttributeId(self.program.attributes.len());
        if kind.is_user() && name == SEGMENTS {
            self.program.given_segments = Some(id);
        }
        let derived = if name == "key" { Derived::Key } else { Derived::No };
        let (kind_owned, name_owned) = (kind.clone(), name.to_owned());
        let attribute = Attribute { id, kind: kind_owned, name: name_owned, derived, asked: false };
        self.program.attributes.push(attribute);
        let base = DERIVED.iter().find(|(derived, _)| kind.is_user() && *derived == name);
        if let Some((_, base)) = base {
            let base = self.optional(kind, base);
            self.program.attributes[id.0].derived = match name {
                "email_domain" => Derived::EmailDomain(base),
                _ => Derived::AccountAgeDays(base),
            };
        }
        id
    }

    fn unit(&mut self, by: &BucketBy) -> UnitId {
        if let Some(known) = self.program.units.iter().position(|unit| unit.by == *by) {
            return UnitId(known);
        }
        let attribute = by.attribute.as_ref().map(|name| self.optional(&by.kind, name));
        self.program.units.push(Unit { by: by.clone(), attribute });
        UnitId(self.program.units.len() - 1)
    }

    fn hashing(&mut self, algorithm: &Algorithm, names: Names<'_>, by: &BucketBy) -> Hashing {
        Hashing {
            algorithm: algorithm.clone(),
            name: names.key.to_owned(),
            salt: names.salt.map(str::to_owned),
            unit: self.unit(by),
        }
    }

    /// Returns the number of a hash input for shares of this sum.
    fn hash(&mut self, hashing: &Hashing, purpose: Purpose, total: u32) -> HashId {
        let line = Line::new(&hashing.algorithm, purpose, hashing.names(), total);
        *self.index.entry((line, hashing.unit)).or_insert_with_key(|(line, unit)| {
            self.program.hashes.push(Hash { line: line.clone(), unit: *unit });
            HashId(self.program.hashes.len() - 1)
        })
    }
}

/// Returns the pairs of a split in the order in which an algorithm adds their shares up.
pub fn in_order<'s>(algorithm: &Algorithm, split: &'s Split) -> Vec<&'s (VariationName, Share)> {
    let mut pairs: Vec<_> = split.pairs().iter().collect();
    if algorithm.order() == Order::NameDescending {
        pairs.sort_by(|(a, _), (b, _)| b.as_str().cmp(a.as_str()));
    }
    pairs
}

/// Returns the names of the segments that a segment asks for.
fn segments_of(world: &dyn World, segment: &Segment) -> Vec<String> {
    let clauses = segment.rules.iter().flat_map(|rule| &rule.when);
    clauses
        .flat_map(|clause| match Asks::of(clause) {
            Asks::Attribute => Vec::new(),
            Asks::Segments(names) => names.into_iter().map(str::to_owned).collect(),
            Asks::EverySegment => world.segment_names(),
        })
        .collect()
}
