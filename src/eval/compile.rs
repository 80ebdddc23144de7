//! Definitions → program.

use std::collections::HashMap;

use crate::bucket::{Prefix, Purpose};
use crate::model::{
    BucketBy, ContextKind, Experiment, Fallthrough, Flag, Rule, Segment, Serve, Split, Weight,
};

use super::attribute::{Attribute, AttributeId, DERIVED, Derived};
use super::clause::CompiledClause;
use super::program::{
    CompiledExperiment, CompiledFlag, CompiledGate, CompiledPrerequisite, CompiledRule, CompiledSegment,
    CompiledServe, CompiledSplit, ExperimentId, FlagId, Hash, HashId, Hashes, Program, SegmentId, Unit,
    UnitId,
};
use super::world::World;

/// Compiles from one world into a program, following references.
pub(super) struct Compiler<'p, 'w> {
    program: &'p mut Program,
    world: &'w dyn World,
    flags: HashMap<String, Progress<FlagId>>,
    segments: HashMap<String, Progress<Option<SegmentId>>>,
}

/// Whether something is compiled, or just being compiled: then a reference to it closes a circle.
#[derive(Clone, Copy)]
enum Progress<T> {
    Started,
    Done(T),
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

    fn serve(&mut self, serve: &Serve) -> CompiledServe {
        match serve {
            Serve::Variation(name) => CompiledServe::Variation(self.at(name.as_str())),
            Serve::Split(split) => match split.single() {
                Some(only) => CompiledServe::Variation(self.at(only.as_str())),
                None => CompiledServe::Split(cumulative(split, |name| self.at(name))),
            },
        }
    }
}

fn cumulative(split: &Split, mut at: impl FnMut(&str) -> usize) -> CompiledSplit {
    let mut sum = 0;
    let upper = split
        .pairs()
        .iter()
        .map(|(name, share)| {
            sum += share.get();
            (sum, at(name.as_str()))
        })
        .collect();
    CompiledSplit { upper, total: split.total() }
}

impl<'p, 'w> Compiler<'p, 'w> {
    pub(super) fn new(program: &'p mut Program, world: &'w dyn World) -> Self {
        Self { program, world, flags: HashMap::new(), segments: HashMap::new() }
    }

    pub(super) fn flag(&mut self, name: &str) -> Option<FlagId> {
        match self.flags.get(name) {
            Some(Progress::Done(id)) => return Some(*id),
            Some(Progress::Started) => return None,
            None => {}
        }
        let flag = self.world.flag(name)?;
        self.flags.insert(name.to_owned(), Progress::Started);
        let compiled = self.compile_flag(&flag);
        let id = FlagId(self.program.flags.len());
        self.program.flags.push(compiled);
        self.flags.insert(name.to_owned(), Progress::Done(id));
        Some(id)
    }

    fn compile_flag(&mut self, flag: &Flag) -> CompiledFlag {
        let prerequisites: Vec<_> = flag
            .prerequisites
            .iter()
            .map(|prerequisite| {
                let id = self.flag(prerequisite.flag.as_str());
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
        let on = flag.variations.iter().position(|variation| variation.name.as_str() == crate::model::ON);
        let (fallthrough, rollout) = match &flag.fallthrough {
            Fallthrough::Rollout(weight) => {
                (CompiledServe::Variation(on.unwrap_or(off)), weight.thousandths())
            }
            Fallthrough::Serve(serve) => (variations.serve(serve), Weight::TOTAL),
        };
        let users =
            flag.users.iter().map(|(key, name)| (key.clone(), variations.at(name.as_str()))).collect();
        let orgs = flag.orgs.iter().map(|(key, name)| (key.clone(), variations.at(name.as_str()))).collect();
        let rules: Vec<_> = flag.rules.iter().map(|rule| (rule, variations.serve(&rule.serve))).collect();
        let missing = variations.missing;
        let rules = rules.into_iter().map(|(rule, serve)| self.rule(rule, serve)).collect();
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
            hashes: self.hashes(flag.hash_key(), &flag.bucket_by),
            invalid: missing,
        }
    }

    fn rule(&mut self, rule: &Rule, serve: CompiledServe) -> CompiledRule {
        CompiledRule {
            name: rule.name.clone(),
            clauses: rule.when.iter().map(|clause| CompiledClause::compile(clause, self)).collect(),
            rollout: rule.rollout.thousandths(),
            serve,
        }
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
        let at = |wanted: &str| variants.iter().position(|name| name.as_str() == wanted).unwrap_or(0);
        let split = cumulative(&experiment.variants, at);
        let force = experiment.force.iter().map(|(user, name)| (user.clone(), at(name.as_str()))).collect();
        let gate = experiment
            .flag
            .as_ref()
            .map(|flag| CompiledGate { flag: self.flag(flag.as_str()), name: flag.to_string() });
        let hash = self.hashes(experiment.hash_key(), &experiment.bucket_by).variant;
        CompiledExperiment { variants, gate, force, split, hash }
    }

    /// Returns the segment of this name; none if it is not defined, or its definition runs in a circle.
    pub(super) fn segment(&mut self, name: &str) -> Option<SegmentId> {
        match self.segments.get(name) {
            Some(Progress::Done(id)) => return *id,
            Some(Progress::Started) => return None,
            None => {}
        }
        self.segments.insert(name.to_owned(), Progress::Started);
        let id = self.world.segment(name).map(|segment| {
            let compiled = self.compile_segment(&segment);
            self.program.segments.push(compiled);
            SegmentId(self.program.segments.len() - 1)
        });
        self.segments.insert(name.to_owned(), Progress::Done(id));
        id
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
        self.optional(&ContextKind::user(), "segments");
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
        if kind.is_user() && name == "segments" {
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

    fn hashes(&mut self, key: &str, by: &BucketBy) -> Hashes {
        let unit = self.unit(by);
        let mut hash = |purpose: Purpose| {
            let known = self
                .program
                .hashes
                .iter()
                .position(|hash| hash.purpose == purpose && hash.unit == unit && hash.key == key);
            HashId(known.unwrap_or_else(|| {
                let prefix = Prefix::new(purpose, key);
                self.program.hashes.push(Hash { purpose, key: key.to_owned(), prefix, unit });
                self.program.hashes.len() - 1
            }))
        };
        Hashes { rollout: hash(Purpose::Rollout), variant: hash(Purpose::Variant) }
    }
}
