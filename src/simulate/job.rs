//! The job of a forecast: what is done with each row, and with many that fall into one cell.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::eval::{Cells, Run, Scratch, Subject, ValueRef};
use crate::model::Timestamp;

use super::change::Counts;
use super::dimension::Grouping;
use super::engine::Job;
use super::funnel::pass;
use super::group::{GroupCounts, GroupTally};
use super::plan::{Plan, Target};
use super::tally::{Move, Outcome, SAMPLES, Tally};

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
        let cells = if all_joins || plan.times.is_some() { None } else { plan.program.cells() };
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
        let mut ever = false;
        for (stage, tally) in plan.stages.iter().zip(&mut out.stages) {
            let outcome = stage.outcome(&mut run);
            tally.add(outcome, matches!(stage.target, Target::Experiment(_)), rows);
            ever |= outcome.inside;
            if !stage.funnel.is_empty() {
                pass(&stage.funnel, stage.target, outcome, &mut run, &mut tally.funnel, rows);
            }
            tally.exposed += if ever { rows } else { 0 };
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
        if let Some(times) = &plan.times {
            out.times.add(times, &mut run, id.unwrap_or_default());
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
