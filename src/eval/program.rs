//! The compiled form: flags, segments and experiments with every name looked up beforehand.

use std::collections::{HashMap, HashSet};

use crate::bucket::Prefix;
use crate::model::{BucketBy, ContextKind, Definitions, Value, VariationName};

use super::attribute::{Attribute, AttributeId};
use super::clause::CompiledClause;
use super::compile::{Compiler, HashIndex};
use super::world::World;

/// The number of a flag within a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FlagId(pub(super) usize);

/// The number of an experiment within a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ExperimentId(pub(super) usize);

/// The number of a segment within a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct SegmentId(pub(super) usize);

/// The number of a hash input within a program: equal purpose, key and unit share one point a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct HashId(pub(super) usize);

/// The number of a unit within a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct UnitId(pub(super) usize);

/// Compiled definitions, ready to be evaluated. Holds the flags asked for and all that they refer to, of one
/// or several worlds: states before and after a change live side by side and share their hashes.
#[derive(Debug)]
pub struct Program {
    pub(super) user: ContextKind,
    pub(super) org: ContextKind,
    /// The user's own `segments`, where a clause asks for them.
    pub(super) given_segments: Option<AttributeId>,
    pub(super) flags: Vec<CompiledFlag>,
    pub(super) segments: Vec<CompiledSegment>,
    pub(super) experiments: Vec<CompiledExperiment>,
    pub(super) attributes: Vec<Attribute>,
    pub(super) hashes: Vec<Hash>,
    pub(super) units: Vec<Unit>,
}

impl Default for Program {
    fn default() -> Self {
        Self {
            user: ContextKind::user(),
            org: ContextKind::org(),
            given_segments: None,
            flags: Vec::new(),
            segments: Vec::new(),
            experiments: Vec::new(),
            attributes: Vec::new(),
            hashes: Vec::new(),
            units: Vec::new(),
        }
    }
}

/// Puts a [`Program`] together.
#[derive(Default)]
pub struct Builder {
    program: Program,
    index: HashIndex,
}

impl Builder {
    /// Compiles a flag of `world` with all it refers to; none if there is no such flag. Call it once for a
    /// flag of a world: a second call compiles it again.
    pub fn flag(&mut self, world: &dyn World, name: &str) -> Option<FlagId> {
        Compiler::new(&mut self.program, &mut self.index, world).flag(name)
    }

    /// Compiles an experiment of `world` with its gate; none if there is no such experiment.
    pub fn experiment(&mut self, world: &dyn World, name: &str) -> Option<ExperimentId> {
        Compiler::new(&mut self.program, &mut self.index, world).experiment(name)
    }

    /// Compiles every segment of `world` that `segments` names, for [`super::Run::segments`].
    pub fn all_segments(&mut self, world: &dyn World) {
        Compiler::new(&mut self.program, &mut self.index, world).all_segments();
    }

    /// Makes room for an attribute that no flag may ask for, for [`super::Run::attribute`].
    pub fn attribute(&mut self, kind: &ContextKind, name: &str) -> AttributeId {
        Compiler::new(&mut self.program, &mut self.index, &Definitions::default()).attribute(kind, name)
    }

    /// Returns the program.
    pub fn build(self) -> Program {
        self.program
    }
}

impl Program {
    /// Returns the name of a flag's variation by its index in [`super::Evaluation::variation`].
    pub fn variation(&self, flag: FlagId, index: usize) -> &VariationName {
        &self.flags[flag.0].variations[index].0
    }

    /// Returns the value of a flag's variation.
    pub fn value(&self, flag: FlagId, index: usize) -> &Value {
        &self.flags[flag.0].variations[index].1
    }

    /// Returns a flag's name.
    pub fn name(&self, flag: FlagId) -> &str {
        &self.flags[flag.0].name
    }

    /// Returns the names and values of a flag's variations, in the order of their indices.
    pub fn variations(&self, flag: FlagId) -> &[(VariationName, Value)] {
        &self.flags[flag.0].variations
    }

    /// Returns the index of the variation that the flag serves when it is off.
    pub fn off(&self, flag: FlagId) -> usize {
        self.flags[flag.0].off
    }

    /// Returns an experiment's variants in the order of their indices.
    pub fn variants(&self, experiment: ExperimentId) -> &[VariationName] {
        &self.experiments[experiment.0].variants
    }

    /// Returns every attribute that evaluation may ask for as supplied: its kind and name, at the position
    /// of its [`super::AttributeId`]. Derived ones are followed by what they are derived from. The attribute
    /// `key` is listed, but had from [`super::Subject::key`].
    pub fn attributes(&self) -> impl ExactSizeIterator<Item = (&ContextKind, &str)> {
        self.attributes.iter().map(|attribute| (&attribute.kind, attribute.name.as_str()))
    }

    /// Returns the names of the compiled segments by their position; a name comes once for each world.
    pub fn segments(&self) -> impl ExactSizeIterator<Item = &str> {
        self.segments.iter().map(|segment| segment.name.as_str())
    }

    /// Returns what the program buckets by, each once.
    pub fn units(&self) -> impl Iterator<Item = &BucketBy> {
        self.units.iter().map(|unit| &unit.by)
    }
}

/// A flag with its variations as indices.
#[derive(Debug)]
pub(super) struct CompiledFlag {
    pub(super) name: String,
    pub(super) variations: Vec<(VariationName, Value)>,
    pub(super) off: usize,
    pub(super) enabled: bool,
    pub(super) targeted: bool,
    pub(super) prerequisites: Vec<CompiledPrerequisite>,
    pub(super) users: HashMap<String, usize>,
    pub(super) orgs: HashMap<String, usize>,
    pub(super) rules: Vec<CompiledRule>,
    pub(super) fallthrough: CompiledServe,
    pub(super) rollout: u32,
    pub(super) hashes: Hashes,
    /// Something in the definition refers to what is not there, or it is nested too deep.
    pub(super) invalid: bool,
}

/// The two hash inputs of a flag or an experiment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hashes {
    pub(super) rollout: HashId,
    pub(super) variant: HashId,
}

/// A prerequisite; `flag` is none if there is no such flag or it closes a circle.
#[derive(Debug)]
pub(super) struct CompiledPrerequisite {
    pub(super) flag: Option<FlagId>,
    pub(super) name: String,
    pub(super) wanted: String,
    pub(super) variation: Option<usize>,
}

/// A rule.
#[derive(Debug)]
pub(super) struct CompiledRule {
    pub(super) name: Option<String>,
    pub(super) clauses: Vec<CompiledClause>,
    pub(super) rollout: u32,
    pub(super) serve: CompiledServe,
}

/// What is served: one variation, or one by the bucket.
#[derive(Debug)]
pub(super) enum CompiledServe {
    Variation(usize),
    Split(CompiledSplit),
}

/// Cumulative shares and the variation below each.
#[derive(Debug)]
pub(super) struct CompiledSplit {
    pub(super) upper: Vec<(u32, usize)>,
    pub(super) total: u32,
}

impl CompiledSplit {
    /// Returns the position of the first whose cumulative share is above the bucket.
    #[inline]
    pub(super) fn position(&self, bucket: u32) -> usize {
        let last = self.upper.len() - 1;
        self.upper[..last].iter().position(|(upper, _)| *upper > bucket).unwrap_or(last)
    }

    /// Returns the first bucket of a position and the first bucket beyond it.
    pub(super) fn range(&self, position: usize) -> (u32, u32) {
        let from = position.checked_sub(1).map_or(0, |before| self.upper[before].0);
        (from, self.upper[position].0)
    }
}

/// A segment.
#[derive(Debug)]
pub(super) struct CompiledSegment {
    pub(super) name: String,
    pub(super) included: HashSet<String>,
    pub(super) excluded: HashSet<String>,
    pub(super) rules: Vec<Vec<CompiledClause>>,
}

/// An experiment.
#[derive(Debug)]
pub(super) struct CompiledExperiment {
    pub(super) variants: Vec<VariationName>,
    pub(super) gate: Option<CompiledGate>,
    pub(super) force: HashMap<String, usize>,
    pub(super) split: CompiledSplit,
    pub(super) hash: HashId,
    /// Something in the definition refers to what is not there.
    pub(super) invalid: bool,
}

/// The gate of an experiment; `flag` is none if there is no such flag.
#[derive(Debug)]
pub(super) struct CompiledGate {
    pub(super) flag: Option<FlagId>,
    pub(super) name: String,
}

/// One hash input without its unit.
#[derive(Debug)]
pub(super) struct Hash {
    pub(super) purpose: crate::bucket::Purpose,
    pub(super) key: String,
    pub(super) prefix: Prefix,
    pub(super) unit: UnitId,
}

/// What to bucket by.
#[derive(Debug)]
pub(super) struct Unit {
    pub(super) by: BucketBy,
    pub(super) attribute: Option<AttributeId>,
}
