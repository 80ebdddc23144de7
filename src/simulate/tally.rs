//! Counting: what each row adds to the forecast.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::eval::{Cells, Gate, NoObserver, Run, Scratch, Subject, ValueRef};
use crate::model::{ErrorCode, Reason, Timestamp};

use super::change::Counts;
use super::dimension::Grouping;
use super::engine::Job;
use super::group::{GroupCounts, GroupTally};
use super::plan::{Plan, PlannedStage, Target};

/// How many users are named as examples.
const SAMPLES: usize = 5;

/// The job of a forecast.
pub(super) struct ForecastJob<'a> {
    pub(super) plan: &'a Plan,
    pub(super) at: Timestamp,
    /// Whether every user that joins is wanted, not only the first few.
    pub(super) all_joins: bool,
    /// How users fall apart of whom only the id is known, unless more is wanted of them.
    cells: Option<Cells>,
    /// Which of the examples of each change are complete: who joins, leaves and switches.
    complete: Vec<[AtomicBool; 3]>,
}

impl<'a> ForecastJob<'a> {
    pub(super) fn new(plan: &'a Plan, at: Timestamp, all_joins: bool) -> Self {
        let cells = if all_joins { None } else { plan.program.cells() };
        let complete = plan.changes.iter().map(|_| Default::default()).collect();
        Self { plan, at, all_joins, cells, complete }
    }

    /// Looks at what all blocks so far add up to: of what is complete there, later ones need not look for examples.
    pub(super) fn note_complete(&self, tally: &Tally) {
        for (complete, change) in self.complete.iter().zip(&tally.changes) {
            for (complete, (examples, _)) in complete.iter().zip(change.examples()) {
                if examples.len() >= SAMPLES {
                    complete.store(true, Ordering::Relaxed);
                }
            }
        }
    }

    /// Adds that many rows that come to the same; `id` is that of the only one, for examples.
    fn add<S: Subject + ?Sized>(
        &self,
        mut run: Run<'_, S>,
        (outcomes, label): (&mut Vec<Outcome>, &mut String),
        out: &mut Tally,
        rows: u64,
        id: Option<&str>,
    ) {
        let plan = self.plan;
        outcomes.clear();
        for (stage, tally) in plan.stages.iter().zip(&mut out.stages) {
            let outcome = stage.outcome(&mut run);
            tally.add(outcome, matches!(stage.target, Target::Experiment(_)), rows);
            outcomes.push(outcome);
        }
        let mut went = None;
        for (change, tally) in plan.changes.iter().zip(&mut out.changes) {
            // The last comparison is the one of the last stage with the first.
            went = Some(tally.add(outcomes[change.from], outcomes[change.to], rows, id));
        }
        if self.all_joins && went == Some(Move::Joins) {
            out.joined.extend(id.map(str::to_owned));
        }
        if let Some((_, grouping)) = &plan.by
            && let (Some(first), Some(last)) = (outcomes.first(), outcomes.last())
        {
            let mut counts = GroupCounts {
                rows,
                now: if first.inside { rows } else { 0 },
                then: if last.inside { rows } else { 0 },
                counts: Counts::default(),
            };
            went.unwrap_or_else(|| Move::of(*first, *last)).add_to(&mut counts.counts, rows);
            group(plan, *grouping, &run, label, &mut out.groups, &counts);
        }
    }
}

/// What a thread keeps from row to row.
#[derive(Default)]
pub(super) struct Worker {
    scratch: Scratch,
    outcomes: Vec<Outcome>,
    label: String,
}

/// What a row comes to at one stage.
#[derive(Clone, Copy)]
struct Outcome {
    /// The variation or variant, by its position among all.
    variation: usize,
    inside: bool,
    error: Option<ErrorCode>,
    /// Of an experiment: how the variant came about.
    assigned: Assigned,
}

#[derive(Clone, Copy, PartialEq)]
enum Assigned {
    Bucketed,
    Forced,
    Closed,
}

/// What a block of rows, or all of them, add up to.
pub(super) struct Tally {
    pub(super) stages: Vec<StageTally>,
    pub(super) changes: Vec<ChangeTally>,
    pub(super) groups: GroupTally,
    /// Who joins between the first and the last stage, if wanted.
    pub(super) joined: Vec<String>,
}

/// Counts at one stage.
pub(super) struct StageTally {
    pub(super) inside: u64,
    pub(super) variations: Vec<u64>,
    pub(super) missing_key: u64,
    pub(super) invalid: u64,
    pub(super) bucketed: Vec<u64>,
    pub(super) forced: Vec<u64>,
    pub(super) closed: u64,
}

/// Counts between two stages.
#[derive(Default)]
pub(super) struct ChangeTally {
    pub(super) counts: Counts,
    pub(super) joins: Vec<String>,
    pub(super) leaves: Vec<String>,
    pub(super) switches: Vec<String>,
}

impl Tally {
    pub(super) fn new(plan: &Plan) -> Self {
        let outcomes = plan.outcomes.len();
        let stage = |_| StageTally {
            inside: 0,
            variations: vec![0; outcomes],
            missing_key: 0,
            invalid: 0,
            bucketed: vec![0; outcomes],
            forced: vec![0; outcomes],
            closed: 0,
        };
        Self {
            stages: plan.stages.iter().map(stage).collect(),
            changes: plan.changes.iter().map(|_| ChangeTally::default()).collect(),
            groups: GroupTally::default(),
            joined: Vec::new(),
        }
    }

    /// Adds a later block; its list of joins is left to the caller.
    pub(super) fn merge(&mut self, later: Self) {
        for (stage, later) in self.stages.iter_mut().zip(later.stages) {
            stage.merge(&later);
        }
        for (change, later) in self.changes.iter_mut().zip(later.changes) {
            change.counts.add(&later.counts);
            for (samples, later) in [
                (&mut change.joins, later.joins),
                (&mut change.leaves, later.leaves),
                (&mut change.switches, later.switches),
            ] {
                let room = SAMPLES - samples.len();
                samples.extend(later.into_iter().take(room));
            }
        }
        self.groups.merge(later.groups);
    }
}

impl StageTally {
    fn merge(&mut self, later: &Self) {
        self.inside += later.inside;
        self.missing_key += later.missing_key;
        self.invalid += later.invalid;
        self.closed += later.closed;
        for (counts, later) in [
            (&mut self.variations, &later.variations),
            (&mut self.bucketed, &later.bucketed),
            (&mut self.forced, &later.forced),
        ] {
            for (count, later) in counts.iter_mut().zip(later) {
                *count += later;
            }
        }
    }

    #[inline]
    fn add(&mut self, outcome: Outcome, experiment: bool, rows: u64) {
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
enum Move {
    Joins,
    Leaves,
    Switches,
    StaysIn,
    StaysOut,
    Error,
}

impl Move {
    #[inline]
    fn of(before: Outcome, after: Outcome) -> Self {
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
    fn add_to(self, counts: &mut Counts, rows: u64) {
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
    #[inline]
    fn add(&mut self, before: Outcome, after: Outcome, rows: u64, id: Option<&str>) -> Move {
        let went = Move::of(before, after);
        went.add_to(&mut self.counts, rows);
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
    fn examples(&self) -> [(&Vec<String>, u64); 3] {
        let Counts { joins, leaves, switches, .. } = self.counts;
        [(&self.joins, joins), (&self.leaves, leaves), (&self.switches, switches)]
    }
}

impl PlannedStage {
    #[inline]
    fn outcome<S: Subject + ?Sized>(&self, run: &mut Run<'_, S>) -> Outcome {
        let error_of = |reason: Reason| match reason {
            Reason::Error(code) => Some(code),
            _ => None,
        };
        match self.target {
            Target::Flag(id, off) => {
                let served = run.evaluate(id, &mut NoObserver);
                let error = error_of(served.reason);
                let inside = served.variation != off && error.is_none();
                let variation = self.outcome_of[served.variation];
                Outcome { variation, inside, error, assigned: Assigned::Bucketed }
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
                Outcome { variation: self.outcome_of[given.variant], inside, error, assigned }
            }
        }
    }
}

impl Job for ForecastJob<'_> {
    type Worker = Worker;
    type Out = Tally;

    fn start(&self) -> Tally {
        Tally::new(self.plan)
    }

    #[inline]
    fn row<S: Subject + ?Sized>(&self, worker: &mut Worker, out: &mut Tally, id: &str, subject: &S) {
        let Worker { scratch, outcomes, label } = worker;
        let run = scratch.subject(&self.plan.program, subject, self.at);
        self.add(run, (outcomes, label), out, 1, Some(id));
    }

    fn cells(&self) -> Option<&Cells> {
        self.cells.as_ref()
    }

    fn cell(&self, worker: &mut Worker, out: &mut Tally, cell: usize, rows: u64) {
        let Worker { scratch, outcomes, label } = worker;
        if let Some(cells) = &self.cells {
            let run = cells.start(cell, scratch, &self.plan.program, self.at);
            self.add(run, (outcomes, label), out, rows, None);
        }
    }

    fn examples<I: AsRef<str>>(&self, worker: &mut Worker, out: &mut Tally, ids: impl Iterator<Item = I>) {
        // How many there must be of each kind: as many as there are, up to the few that are shown.
        let wanted = |complete: &AtomicBool, count: u64| {
            if complete.load(Ordering::Relaxed) { 0 } else { count.min(SAMPLES as u64) }
        };
        let wanted: Vec<[u64; 3]> = self
            .complete
            .iter()
            .zip(&out.changes)
            .map(|([a, b, c], change)| {
                let [(_, joins), (_, leaves), (_, switches)] = change.examples();
                [wanted(a, joins), wanted(b, leaves), wanted(c, switches)]
            })
            .collect();
        let missing = |found: &Tally| {
            let mut each = wanted.iter().zip(&found.changes);
            each.any(|(wanted, change)| {
                change
                    .examples()
                    .iter()
                    .zip(wanted)
                    .any(|((examples, _), wanted)| (examples.len() as u64) < *wanted)
            })
        };
        let mut found = Tally::new(self.plan);
        for id in ids {
            if !missing(&found) {
                break;
            }
            self.row(worker, &mut found, id.as_ref(), id.as_ref());
        }
        for (change, found) in out.changes.iter_mut().zip(found.changes) {
            (change.joins, change.leaves, change.switches) = (found.joins, found.leaves, found.switches);
        }
    }
}

/// Adds a row to its groups.
fn group<S: Subject + ?Sized>(
    plan: &Plan,
    grouping: Grouping,
    run: &Run<'_, S>,
    label: &mut String,
    groups: &mut GroupTally,
    counts: &GroupCounts,
) {
    match grouping {
        Grouping::Segments => {
            let mut any = false;
            for (name, positions) in &plan.segments {
                if positions.iter().any(|position| run.is_member(*position)) {
                    groups.add(Some(name), counts);
                    any = true;
                }
            }
            if !any {
                groups.add(None, counts);
            }
        }
        Grouping::Attribute(id) => match run.attribute(id) {
            None => groups.add(None, counts),
            Some(ValueRef::Text(text)) => groups.add(Some(text), counts),
            Some(other) => {
                use std::fmt::Write;
                label.clear();
                // Writing into a string cannot fail.
                let _ = write!(label, "{}", other.to_value());
                groups.add(Some(label), counts);
            }
        },
    }
}
