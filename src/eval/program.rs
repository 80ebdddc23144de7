//! The compiled form: flags, segments and experiments with every name looked up beforehand.

use std::collections::{HashMap, HashSet};

use crate::bucket::{Algorithm, Draw, Line, Names, Number, Purpose};
use crate::model::{BucketBy, ContextKind, Definitions, Value, VariationName, Weight};

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

/// The number of a hash input within a program: equal lines and units share one draw a subject.
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

    /// Makes room for an attribute that subjects may lack, for [`super::Run::attribute`].
    pub fn optional(&mut self, kind: &ContextKind, name: &str) -> AttributeId {
        Compiler::new(&mut self.program, &mut self.index, &Definitions::default()).optional(kind, name)
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

    /// Returns a bucket of an evaluation as its system counts it; none where no bucket was asked.
    pub fn bucket(&self, flag: FlagId, evaluation: &super::Evaluation) -> Option<Number> {
        let flag = &self.flags[flag.0];
        let serve = evaluation.rule.map_or(&flag.fallthrough, |rule| &flag.rules[rule].serve);
        let (purpose, total) = match serve {
            CompiledServe::Variation(_) => (Purpose::Rollout, Weight::TOTAL),
            CompiledServe::Split(split) => (Purpose::Variant, split.total),
        };
        evaluation.bucket.map(|draw| flag.hashing.algorithm.record(purpose).number(draw, total))
    }

    /// Returns the bucket of an assignment as its system counts it; none where no bucket was asked.
    pub fn slot(&self, experiment: ExperimentId, draw: Option<Draw>) -> Option<Number> {
        let experiment = &self.experiments[experiment.0];
        let record = experiment.hashing.algorithm.record(Purpose::Variant);
        draw.map(|draw| record.number(draw, experiment.split.total))
    }

    /// Returns which slots of an experiment are whose.
    pub fn slots(&self, experiment: ExperimentId) -> Slots {
        let CompiledExperiment { split, hashing, variants, .. } = &self.experiments[experiment.0];
        let each = split.upper.iter().enumerate();
        let slots = each.map(|(place, (_, variant))| {
            (variants[*variant].clone(), split.range(&hashing.algorithm, place))
        });
        Slots {
            variants: slots.collect(),
            total: hashing.algorithm.record(Purpose::Variant).whole(split.total),
        }
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

    /// Tells whether anything that is asked may change as time passes.
    pub fn depends_on_time(&self) -> bool {
        self.attributes.iter().any(Attribute::is_of_time)
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
    pub(super) rollout: CompiledRollout,
    pub(super) hashing: Hashing,
    /// Something in the definition refers to what is not there, or it is nested too deep.
    pub(super) invalid: bool,
}

/// How a flag or an experiment is bucketed: for those who watch, since everything that decides is compiled.
#[derive(Debug)]
pub(super) struct Hashing {
    pub(super) algorithm: Algorithm,
    pub(super) name: String,
    pub(super) salt: Option<String>,
    pub(super) unit: UnitId,
}

impl Hashing {
    pub(super) fn names(&self) -> Names<'_> {
        Names { key: &self.name, salt: self.salt.as_deref() }
    }

    /// Returns what goes into the hash: the salt, else the name.
    pub(super) fn key(&self) -> &str {
        self.salt.as_deref().unwrap_or(&self.name)
    }
}

/// Who is in.
#[derive(Clone, Copy, Debug)]
pub(super) enum CompiledRollout {
    Nobody,
    Everyone,
    /// Who draws below the limit.
    Part {
        hash: HashId,
        limit: Draw,
        weight: u32,
    },
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
    pub(super) rollout: CompiledRollout,
    pub(super) serve: CompiledServe,
}

/// What is served: one variation, or one by the bucket.
#[derive(Debug)]
pub(super) enum CompiledServe {
    Variation(usize),
    Split(CompiledSplit),
}

/// The limits of shares and the variation below each.
#[derive(Debug)]
pub(super) struct CompiledSplit {
    pub(super) hash: HashId,
    pub(super) upper: Vec<(Draw, usize)>,
    /// The shares in the order in which they are added up.
    pub(super) shares: Vec<u32>,
    pub(super) total: u32,
}

/// The slots of an experiment, as its algorithm counts them.
#[derive(Clone, Debug, PartialEq)]
pub struct Slots {
    /// Each variant with its slots, first and first beyond, in the order in which the shares are added up.
    pub variants: Vec<(VariationName, (Number, Number))>,
    /// How many slots there are, or what stands for everyone where they are not counted.
    pub total: Number,
}

impl CompiledSplit {
    /// Returns the position of the first whose limit is above the draw.
    #[inline]
    pub(super) fn position(&self, draw: Draw) -> usize {
        let last = self.upper.len() - 1;
        self.upper[..last].iter().position(|(upper, _)| *upper > draw).unwrap_or(last)
    }

    /// Returns the first bucket of a position and the first bucket beyond it.
    pub(super) fn range(&self, algorithm: &Algorithm, position: usize) -> (Number, Number) {
        let record = algorithm.record(Purpose::Variant);
        let ends = record.ends(&self.shares);
        let from = position.checked_sub(1).map_or(record.start(), |before| ends[before]);
        // Whatever lies beyond the last share is the last's.
        let to = if position + 1 == ends.len() { record.end(self.total) } else { ends[position] };
        (from, to)
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
    pub(super) hashing: Hashing,
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
    pub(super) line: Line,
    pub(super) unit: UnitId,
}

/// What to bucket by.
#[derive(Debug)]
pub(super) struct Unit {
    pub(super) by: BucketBy,
    pub(super) attribute: Option<AttributeId>,
}
