//! What is rehearsed: a flag or an experiment as it is now, and after each step.

use crate::eval::{AttributeId, Builder, ExperimentId, FlagId, Program, World};
use crate::model::{BucketBy, Timestamp, VariationName};

use super::dimension::{Dimension, Grouping, segments};
use super::error::SimulateError;
use super::expectation::{Expectation, expectation, of_experiment};
use super::funnel::{Hurdle, gate, hurdles};
use super::guarantee::{experiment_keeps, keeps_everyone};
use super::overlap::PlannedOther;

/// Whether a flag or an experiment is rehearsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    /// A flag: who gets another variation than that of a flag that is off, is in.
    Flag,
    /// An experiment: who passes its gate, is in.
    Experiment,
}

/// A flag or an experiment in several stages, compiled into one program: stages share their hashes.
pub struct Plan {
    pub(super) name: String,
    pub(super) thing: Thing,
    pub(super) program: Program,
    pub(super) stages: Vec<PlannedStage>,
    /// The names of all variations or variants, of any stage, in the order in which they first occur.
    pub(super) outcomes: Vec<VariationName>,
    pub(super) changes: Vec<PlannedChange>,
    pub(super) times: Option<PlannedTimes>,
    pub(super) by: Vec<(Dimension, Grouping)>,
    /// Whether users are bucketed one by one.
    pub(super) is_by_user: bool,
    /// What else is bucketed than the user, or the organisation where it is grouped by.
    pub(super) orgs: Option<(Dimension, AttributeId)>,
    /// The names of the flag's rules at the last stage.
    pub(super) rules: Vec<Option<String>>,
    /// What the last stage is held against.
    pub(super) others: Vec<PlannedOther>,
    /// The segments by name, each with its positions in the program.
    pub(super) segments: Vec<(String, Vec<usize>)>,
}

/// What is counted beside who joins, leaves and switches.
#[derive(Clone, Debug, Default)]
pub struct Detail {
    /// By what users are grouped.
    pub by: Vec<Dimension>,
    /// The other flags and experiments that the last stage is held against.
    pub against: Vec<String>,
}

/// One stage.
pub(super) struct PlannedStage {
    pub(super) label: String,
    pub(super) target: Target,
    /// The position among [`Plan::outcomes`] of each variation or variant.
    pub(super) outcome_of: Vec<usize>,
    pub(super) expectation: Option<Expectation>,
    /// An experiment's shares in the order of its variants.
    pub(super) shares: Vec<u32>,
    /// What users must pass before anything else is asked.
    pub(super) funnel: Vec<Hurdle>,
}

/// The last stage at several times.
pub struct Moments<'w> {
    /// What the definitions are at some time: overrides end.
    pub worlds: &'w [&'w dyn World],
    /// The times in their order, each with the position of its world.
    pub points: &'w [(usize, Timestamp)],
}

/// The same, compiled.
pub(super) struct PlannedTimes {
    pub(super) stages: Vec<PlannedStage>,
    pub(super) points: Vec<(usize, Timestamp)>,
}

/// What is asked of a row.
#[derive(Clone, Copy)]
pub(super) enum Target {
    /// A flag, and its variation that stands for off.
    Flag(FlagId, usize),
    Experiment(ExperimentId),
}

/// A comparison of two stages by their positions.
pub(super) struct PlannedChange {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) guaranteed: bool,
}

impl Plan {
    /// Compiles the flag or experiment `name` in each of the worlds: the first is now, the others are the steps
    /// of a change, each with a label for people. The first world decides which of the two it is; a flag goes
    /// before an experiment.
    ///
    /// # Errors
    /// When a world has no such flag or experiment.
    pub fn new(
        name: &str,
        worlds: &[(&str, &dyn World)],
        by: Option<&Dimension>,
    ) -> Result<Self, SimulateError> {
        let by = by.into_iter().cloned().collect();
        Self::detailed(name, worlds, &Detail { by, against: Vec::new() }, None)
    }

    /// Compiles it with what else is to be counted, and what is looked at at several times beside it.
    ///
    /// # Errors
    /// As [`Self::new`], and when the last world has none of what it is held against.
    pub fn detailed(
        name: &str,
        worlds: &[(&str, &dyn World)],
        detail: &Detail,
        moments: Option<&Moments<'_>>,
    ) -> Result<Self, SimulateError> {
        let is_flag = worlds.first().is_some_and(|(_, world)| world.flag(name).is_some());
        let thing = if is_flag { Thing::Flag } else { Thing::Experiment };
        let mut builder = Builder::default();
        let later = moments.iter().flat_map(|moments| moments.worlds).map(|world| ("", *world));
        let all: Vec<(&str, &dyn World)> = worlds.iter().copied().chain(later).collect();
        let mut targets = Vec::with_capacity(all.len());
        for (label, world) in &all {
            let unknown = || SimulateError::Unknown { name: name.to_owned(), stage: (*label).to_owned() };
            targets.push(match thing {
                Thing::Flag => Compiled::Flag(builder.flag(*world, name).ok_or_else(unknown)?),
                Thing::Experiment => {
                    Compiled::Experiment(builder.experiment(*world, name).ok_or_else(unknown)?)
                }
            });
        }
        let only_worlds: Vec<&dyn World> = worlds.iter().map(|(_, world)| *world).collect();
        let by: Vec<_> =
            detail.by.iter().map(|by| (by.clone(), by.compile(&mut builder, &only_worlds))).collect();
        let last = worlds.last().map(|(label, world)| (*label, *world));
        let bucketed_by = last.and_then(|(_, world)| bucketed_by(thing, name, world));
        let unit = bucketed_by.as_ref().and_then(Dimension::of_unit);
        let is_by_user = unit.is_none();
        let unit = unit.or_else(|| detail.by.iter().find(|by| by.is_org()).cloned());
        let orgs = unit.and_then(|unit| unit.attribute(&mut builder).map(|attribute| (unit, attribute)));
        let others = match last {
            Some((label, world)) => compile_others(&detail.against, label, world, &mut builder)?,
            None => Vec::new(),
        };
        let program = builder.build();
        let others = others.into_iter().map(|(name, of)| of.other(name, last, &program)).collect();
        let mut outcomes = Vec::new();
        let mut stages: Vec<PlannedStage> = all
            .iter()
            .zip(targets)
            .map(|((label, world), target)| target.stage(name, label, *world, &program, &mut outcomes))
            .collect();
        let later = stages.split_off(worlds.len());
        let times = moments.map(|moments| PlannedTimes { stages: later, points: moments.points.to_vec() });
        let changes = comparisons(worlds.len())
            .into_iter()
            .map(|(from, to)| {
                let guaranteed = guaranteed(thing, name, only_worlds[from], only_worlds[to]);
                PlannedChange { from, to, guaranteed }
            })
            .collect();
        let segments = segments(&program);
        let rules = last.and_then(|(_, world)| world.flag(name));
        let rules = rules.map(|flag| flag.rules.iter().map(|rule| rule.name.clone()).collect());
        let rules = rules.unwrap_or_default();
        let name = name.to_owned();
        Ok(Self {
            name,
            thing,
            program,
            stages,
            outcomes,
            changes,
            times,
            by,
            is_by_user,
            orgs,
            rules,
            others,
            segments,
        })
    }

    /// Returns the compiled program.
    pub const fn program(&self) -> &Program {
        &self.program
    }

    /// Tells whether anything may change as time passes: an account's age is asked for, or an override ends.
    pub fn depends_on_time(&self) -> bool {
        self.program.depends_on_time() || self.times.as_ref().is_some_and(|times| times.stages.len() > 1)
    }

    /// Returns whether a flag or an experiment is rehearsed.
    pub const fn thing(&self) -> Thing {
        self.thing
    }
}

/// Returns which stages are compared: each with the one before, and the last with the first.
fn comparisons(stages: usize) -> Vec<(usize, usize)> {
    let mut pairs: Vec<(usize, usize)> = (1..stages).map(|to| (to - 1, to)).collect();
    if stages > 2 {
        pairs.push((0, stages - 1));
    }
    pairs
}

fn guaranteed(thing: Thing, name: &str, now: &dyn World, then: &dyn World) -> bool {
    match thing {
        Thing::Flag => match (now.flag(name), then.flag(name)) {
            (Some(flag), Some(later)) => keeps_everyone((now, &flag), (then, &later)),
            _ => false,
        },
        Thing::Experiment => match (now.experiment(name), then.experiment(name)) {
            (Some(experiment), Some(later)) => experiment_keeps((now, &experiment), (then, &later)),
            _ => false,
        },
    }
}

/// Returns what a flag or an experiment is bucketed by.
fn bucketed_by(thing: Thing, name: &str, world: &dyn World) -> Option<BucketBy> {
    match thing {
        Thing::Flag => world.flag(name).map(|flag| flag.bucket_by.clone()),
        Thing::Experiment => world.experiment(name).map(|experiment| experiment.bucket_by.clone()),
    }
}

/// Compiles what the last stage is held against.
fn compile_others<'n>(
    names: &'n [String],
    label: &str,
    world: &dyn World,
    builder: &mut Builder,
) -> Result<Vec<(&'n str, Compiled)>, SimulateError> {
    let compile = |name: &'n String| {
        let flag = builder.flag(world, name).map(Compiled::Flag);
        let found = flag.or_else(|| builder.experiment(world, name).map(Compiled::Experiment));
        let unknown = || SimulateError::Unknown { name: name.clone(), stage: label.to_owned() };
        Ok((name.as_str(), found.ok_or_else(unknown)?))
    };
    names.iter().map(compile).collect()
}

/// A compiled flag or experiment.
enum Compiled {
    Flag(FlagId),
    Experiment(ExperimentId),
}

impl Compiled {
    /// Returns it as what the last stage is held against.
    fn other(self, name: &str, last: Option<(&str, &dyn World)>, program: &Program) -> PlannedOther {
        let mut outcomes = Vec::new();
        let nothing = crate::model::Definitions::default();
        let (label, world) = last.unwrap_or(("", &nothing));
        let stage = self.stage(name, label, world, program, &mut outcomes);
        let thing = match self {
            Self::Flag(_) => Thing::Flag,
            Self::Experiment(_) => Thing::Experiment,
        };
        PlannedOther { name: name.to_owned(), thing, stage, outcomes }
    }

    fn stage(
        &self,
        name: &str,
        label: &str,
        world: &dyn World,
        program: &Program,
        outcomes: &mut Vec<VariationName>,
    ) -> PlannedStage {
        let mut position = |name: &VariationName| {
            outcomes.iter().position(|other| other == name).unwrap_or_else(|| {
                outcomes.push(name.clone());
                outcomes.len() - 1
            })
        };
        let label = label.to_owned();
        match self {
            Self::Flag(id) => PlannedStage {
                label,
                target: Target::Flag(*id, program.off(*id)),
                outcome_of: program.variations(*id).iter().map(|(name, _)| position(name)).collect(),
                expectation: world.flag(name).and_then(|flag| expectation(world, &flag)),
                shares: Vec::new(),
                funnel: world.flag(name).map(|flag| hurdles(&flag)).unwrap_or_default(),
            },
            Self::Experiment(id) => {
                let experiment = world.experiment(name);
                let shares = experiment.as_ref().map(|experiment| experiment.variants.pairs());
                PlannedStage {
                    label,
                    target: Target::Experiment(*id),
                    outcome_of: program.variants(*id).iter().map(position).collect(),
                    expectation: experiment.as_ref().and_then(|of| of_experiment(world, of)),
                    shares: shares.unwrap_or_default().iter().map(|(_, share)| share.get()).collect(),
                    funnel: experiment.as_deref().map(gate).unwrap_or_default(),
                }
            }
        }
    }
}
