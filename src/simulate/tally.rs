//! Counting: what rows that come to the same add to a forecast.

use crate::eval::{Gate, NoObserver, Run, Subject};
use crate::model::{ErrorCode, Reason};

use super::change::Counts;
use super::decider::Decider;
use super::funnel::passed;
use super::group::GroupTally;
use super::orgs::OrgTally;
use super::overlap::JointTally;
use super::plan::{Plan, PlannedStage, Target};
use super::times::TimesTally;
use super::ways::WayTally;

/// How many users are named as examples.
pub(super) const SAMPLES: usize = 5;

/// What a row comes to at one stage.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Outcome {
    /// The variation or variant, by its position among all.
    pub(super) variation: usize,
    pub(super) inside: bool,
    pub(super) error: Option<ErrorCode>,
    /// Of an experiment: how the variant came about.
    pub(super) assigned: Assigned,
    /// How many hurdles of the funnel it passes.
    pub(super) passed: usize,
    /// What decided.
    pub(super) decider: Decider,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Assigned {
    Bucketed,
    Forced,
    Closed,
}

/// What a block of rows, or all of them, add up to.
pub(super) struct Tally {
    pub(super) stages: Vec<StageTally>,
    pub(super) changes: Vec<ChangeTally>,
    pub(super) times: TimesTally,
    /// One for each of what is grouped by.
    pub(super) groups: Vec<GroupTally>,
    pub(super) orgs: OrgTally,
    /// One for each of what the last stage is held against.
    pub(super) joints: Vec<JointTally>,
    /// Who joins between the first and the last stage, if wanted.
    pub(super) joined: Ids,
    /// How many rows were evaluated one by one.
    pub(super) one_by_one: u64,
}

/// Ids, one after another.
#[derive(Default)]
pub(super) struct Ids {
    text: String,
    ends: Vec<usize>,
}

impl Ids {
    pub(super) fn push(&mut self, id: &str) {
        self.text.push_str(id);
        self.ends.push(self.text.len());
    }

    /// Returns them in their order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        let mut start = 0;
        self.ends.iter().map(move |end| &self.text[std::mem::replace(&mut start, *end)..*end])
    }
}

/// Counts at one stage.
pub(super) struct StageTally {
    pub(super) inside: u64,
    /// How many are in at this stage or at one before.
    pub(super) exposed: u64,
    pub(super) variations: Vec<u64>,
    pub(super) missing_key: u64,
    pub(super) invalid: u64,
    pub(super) bucketed: Vec<u64>,
    pub(super) forced: Vec<u64>,
    pub(super) closed: u64,
    /// How many pass each hurdle.
    pub(super) funnel: Vec<u64>,
}

/// Counts between two stages.
#[derive(Default)]
pub(super) struct ChangeTally {
    pub(super) counts: Counts,
    pub(super) ways: WayTally,
    pub(super) joins: Vec<String>,
    pub(super) leaves: Vec<String>,
    pub(super) switches: Vec<String>,
}

impl Tally {
    pub(super) fn new(plan: &Plan) -> Self {
        let outcomes = plan.outcomes.len();
        let stage = |stage: &PlannedStage| StageTally {
            inside: 0,
            exposed: 0,
            variations: vec![0; outcomes],
            missing_key: 0,
            invalid: 0,
            bucketed: vec![0; outcomes],
            forced: vec![0; outcomes],
            closed: 0,
            funnel: vec![0; stage.funnel.len()],
        };
        Self {
            stages: plan.stages.iter().map(stage).collect(),
            changes: plan.changes.iter().map(|_| ChangeTally::new(outcomes)).collect(),
            times: TimesTally::new(plan),
            groups: plan.by.iter().map(|_| GroupTally::default()).collect(),
            orgs: OrgTally::default(),
            joints: plan.others.iter().map(|other| JointTally::new(outcomes, other.outcomes.len())).collect(),
            joined: Ids::default(),
            one_by_one: 0,
        }
    }

    /// Adds a later block; its list of joins is left to the caller.
    pub(super) fn merge(&mut self, later: Self) {
        for (stage, later) in self.stages.iter_mut().zip(later.stages) {
            stage.merge(&later);
        }
        for (change, later) in self.changes.iter_mut().zip(later.changes) {
            change.counts.add(&later.counts);
            change.ways.merge(&later.ways);
            for (samples, later) in [
                (&mut change.joins, later.joins),
                (&mut change.leaves, later.leaves),
                (&mut change.switches, later.switches),
            ] {
                let room = SAMPLES - samples.len();
                samples.extend(later.into_iter().take(room));
            }
        }
        self.one_by_one += later.one_by_one;
        self.times.merge(later.times);
        for (groups, later) in self.groups.iter_mut().zip(later.groups) {
            groups.merge(later);
        }
        self.orgs.merge(later.orgs);
        for (joint, later) in self.joints.iter_mut().zip(&later.joints) {
            joint.merge(later);
        }
    }
}

impl StageTally {
    fn merge(&mut self, later: &Self) {
        self.inside += later.inside;
        self.exposed += later.exposed;
        self.missing_key += later.missing_key;
        self.invalid += later.invalid;
        self.closed += later.closed;
        for (counts, later) in [
            (&mut self.variations, &later.variations),
            (&mut self.bucketed, &later.bucketed),
            (&mut self.forced, &later.forced),
            (&mut self.funnel, &later.funnel),
        ] {
            for (count, later) in counts.iter_mut().zip(later) {
                *count += later;
            }
        }
    }

    #[inline]
    pub(super) fn add(&mut self, outcome: Outcome, experiment: bool, rows: u64) {
        for passed in self.funnel.iter_mut().take(outcome.passed) {
            *passed += rows;
        }
        match outcome.error {
            Some(ErrorCode::TargetingKeyMissing) => self.missing_key += rows,
            Some(ErrorCode::InvalidDefinition) => self.invalid += rows,
            None => {
                self.inside += if outcome.inside { rows } else { 0 };
                self.variations[outcome.variation] += rows;
                if experiment {
                    match outcome.assigned {
                        Assigned::Bucketed => self.bucketed[outcome.variation] += rows,
                        Assigned::Forced => self.forced[outcome.variation] += rows,
                        Assigned::Closed => self.closed += rows,
                    }
                }
            }
        }
    }
}

/// Which of the counts a row belongs to.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Move {
    Joins,
    Leaves,
    Switches,
    StaysIn,
    StaysOut,
    Error,
}

impl Move {
    #[inline]
    pub(super) fn of(before: Outcome, after: Outcome) -> Self {
        match (before.inside, after.inside) {
            _ if before.error.is_some() || after.error.is_some() => Self::Error,
            (false, false) => Self::StaysOut,
            (false, true) => Self::Joins,
            (true, false) => Self::Leaves,
            (true, true) if before.variation == after.variation => Self::StaysIn,
            (true, true) => Self::Switches,
        }
    }

    #[inline]
    pub(super) fn add_to(self, counts: &mut Counts, rows: u64) {
        *match self {
            Self::Joins => &mut counts.joins,
            Self::Leaves => &mut counts.leaves,
            Self::Switches => &mut counts.switches,
            Self::StaysIn => &mut counts.stays_in,
            Self::StaysOut => &mut counts.stays_out,
            Self::Error => &mut counts.errors,
        } += rows;
    }
}

impl ChangeTally {
    fn new(outcomes: usize) -> Self {
        Self { ways: WayTally::new(outcomes), ..Self::default() }
    }

    #[inline]
    pub(super) fn add(&mut self, before: Outcome, after: Outcome, rows: u64, id: Option<&str>) -> Move {
        let went = Move::of(before, after);
        went.add_to(&mut self.counts, rows);
        if went != Move::Error {
            self.ways.add(before, after, rows);
        }
        let samples = match went {
            Move::StaysIn | Move::StaysOut | Move::Error => return went,
            Move::Joins => &mut self.joins,
            Move::Leaves => &mut self.leaves,
            Move::Switches => &mut self.switches,
        };
        if samples.len() < SAMPLES {
            samples.extend(id.map(str::to_owned));
        }
        went
    }

    /// Returns the examples of who joins, leaves and switches, each with how many there are.
    pub(super) fn examples(&self) -> [(&Vec<String>, u64); 3] {
        let Counts { joins, leaves, switches, .. } = self.counts;
        [(&self.joins, joins), (&self.leaves, leaves), (&self.switches, switches)]
    }
}

impl PlannedStage {
    #[inline]
    pub(super) fn outcome<S: Subject + ?Sized>(&self, run: &mut Run<'_, S>) -> Outcome {
        let error_of = |reason: Reason| match reason {
            Reason::Error(code) => Some(code),
            _ => None,
        };
        let outcome = match self.target {
            Target::Flag(id, off) => {
                let served = run.evaluate(id, &mut NoObserver);
                let error = error_of(served.reason);
                let inside = served.variation != off && error.is_none();
                let variation = self.outcome_of[served.variation];
                let decider = Decider::Flag(id, served.reason, served.rule);
                let assigned = Assigned::Bucketed;
                Outcome { variation, inside, error, assigned, passed: 0, decider }
            }
            Target::Experiment(id) => {
                let given = run.assign(id, &mut NoObserver);
                let error = error_of(given.reason);
                let assigned = match (given.gate, given.reason) {
                    (Gate::Closed, _) => Assigned::Closed,
                    (_, Reason::TargetingMatch) => Assigned::Forced,
                    _ => Assigned::Bucketed,
                };
                let inside = assigned != Assigned::Closed && error.is_none();
                let decider = Decider::Experiment(assigned, error);
                let variation = self.outcome_of[given.variant];
                Outcome { variation, inside, error, assigned, passed: 0, decider }
            }
        };
        if self.funnel.is_empty() {
            return outcome;
        }
        Outcome { passed: passed(&self.funnel, self.target, outcome, run), ..outcome }
    }
}
