//! The job of a forecast: what is done with each row, and with many that fall into one cell.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::eval::{AttributeId, Cells, Question, Run, Scratch, Subject};
use crate::model::Timestamp;

use super::dimension::Grouping;
use super::engine::Job;
use super::group::{GroupCounts, GroupTally, label};
use super::plan::{Plan, Target};
use super::table::Add as _;
use super::tally::{Move, Outcome, SAMPLES, Tally};
use super::times::Course;

/// The job of a forecast.
pub(super) struct ForecastJob<'a> {
    pub(super) plan: &'a Plan,
    pub(super) at: Timestamp,
    /// Whether every user that joins is wanted, not only the first few.
    pub(super) all_joins: bool,
    /// How users fall apart of whom only the id is known, unless more is wanted of them.
    cells: Option<Cells>,
    /// The attributes that rows are grouped by, each once.
    grouped: Vec<AttributeId>,
    /// What depends on the time, and the times beside the one of all evaluations.
    of_time: Vec<Question<'a>>,
    times: Vec<Timestamp>,
    /// Which of the examples of each change are complete: who joins, leaves and switches.
    complete: Vec<[AtomicBool; 3]>,
    /// Whether those of who flaps are.
    flapping_complete: AtomicBool,
}

impl<'a> ForecastJob<'a> {
    /// Prepares a plan; without cells rows are taken one by one.
    pub(super) fn new(plan: &'a Plan, at: Timestamp, all_joins: bool, cells: Option<Cells>) -> Self {
        let complete = plan.changes.iter().map(|_| Default::default()).collect();
        let orgs = plan.orgs.as_ref().map(|(_, attribute)| *attribute);
        let mut grouped: Vec<AttributeId> = Vec::new();
        for attribute in plan.by.iter().filter_map(|(_, grouping)| grouping.attribute()).chain(orgs) {
            if !grouped.contains(&attribute) {
                grouped.push(attribute);
            }
        }
        let points = plan.times.iter().flat_map(|times| &times.points);
        let times: Vec<Timestamp> = points.map(|(_, at)| *at).collect();
        let mut of_time = plan.program.questions();
        of_time.retain(|question| !times.is_empty() && question.is_of_time());
        let flapping_complete = AtomicBool::new(false);
        Self { plan, at, all_joins, cells, grouped, of_time, times, complete, flapping_complete }
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
        if tally.times.first_flapping.len() >= SAMPLES {
            self.flapping_complete.store(true, Ordering::Relaxed);
        }
    }

    /// Adds that many rows that come to the same; `id` is that of the only one, for examples.
    fn add<S: Subject + ?Sized>(
        &self,
        mut run: Run<'_, S>,
        outcomes: &mut Vec<Outcome>,
        out: &mut Tally,
        rows: u64,
        id: Option<&str>,
    ) {
        let plan = self.plan;
        outcomes.clear();
        outcomes.extend(plan.stages.iter().map(|stage| stage.outcome(&mut run)));
        let went = self.add_outcomes(outcomes, out, rows, id);
        if self.all_joins
            && went == Some(Move::Joins)
            && let Some(id) = id
        {
            out.joined.push(id);
        }
        let Some(last) = outcomes.last().copied() else { return };
        let counts = GroupCounts::of(outcomes, rows);
        for ((_, grouping), groups) in plan.by.iter().zip(&mut out.groups) {
            match grouping {
                Grouping::Segments => add_to_segments(plan, |at| run.is_member(at), groups, &counts),
                Grouping::Rule => groups.add(Some(&last.decider.name(&run, &plan.rules)), &counts),
                Grouping::Attribute(id) => groups.add(run.attribute(*id).map(label).as_deref(), &counts),
            }
        }
        if let Some((_, attribute)) = &plan.orgs {
            out.orgs.add(run.attribute(*attribute).map(label).as_deref(), last, rows);
        }
        for (other, joint) in plan.others.iter().zip(&mut out.joints) {
            joint.add(last, other.stage.outcome(&mut run), rows);
        }
        if let Some(times) = &plan.times {
            out.times.add(&Course::of(times, &self.of_time, &mut run), rows, id);
        }
    }

    /// Adds that many rows with an outcome for each stage, and returns what they do from the first to the last.
    #[inline]
    fn add_outcomes(
        &self,
        outcomes: &[Outcome],
        out: &mut Tally,
        rows: u64,
        id: Option<&str>,
    ) -> Option<Move> {
        let plan = self.plan;
        let mut ever = false;
        for ((stage, tally), outcome) in plan.stages.iter().zip(&mut out.stages).zip(outcomes) {
            tally.add(*outcome, matches!(stage.target, Target::Experiment(_)), rows);
            ever |= outcome.inside;
            tally.exposed += if ever { rows } else { 0 };
        }
        let mut went = None;
        for (change, tally) in plan.changes.iter().zip(&mut out.changes) {
            // The last comparison is the one of the last stage with the first.
            went = Some(tally.add(outcomes[change.from], outcomes[change.to], rows, id));
        }
        went
    }
}

impl GroupCounts {
    /// Returns what that many rows with an outcome for each stage add to their group.
    #[inline]
    fn of(outcomes: &[Outcome], rows: u64) -> Self {
        let mut counts = Self { rows, ..Self::default() };
        if let (Some(first), Some(last)) = (outcomes.first(), outcomes.last()) {
            counts.now = if first.inside { rows } else { 0 };
            counts.then = if last.inside { rows } else { 0 };
            Move::of(*first, *last).add_to(&mut counts.counts, rows);
        }
        counts
    }
}

/// What users come to that are counted together.
#[derive(PartialEq, Default)]
pub(super) struct Kind {
    outcomes: Vec<Outcome>,
    /// What they get of what the last stage is held against.
    others: Vec<Outcome>,
    /// The segments that they are in, by position, where they are grouped by segments.
    segments: Vec<usize>,
    /// What decides at the last stage, where they are grouped by that.
    decider: String,
    /// What the last stage comes to at several times.
    course: Course,
}

/// What a thread keeps from row to row.
#[derive(Default)]
pub(super) struct Worker {
    scratch: Scratch,
    outcomes: Vec<Outcome>,
}

impl Job for ForecastJob<'_> {
    type Worker = Worker;
    type Out = Tally;
    type Kind = Kind;

    fn start(&self) -> Tally {
        Tally::new(self.plan)
    }

    #[inline]
    fn row<S: Subject + ?Sized>(&self, worker: &mut Worker, out: &mut Tally, id: &str, subject: &S) {
        let Worker { scratch, outcomes } = worker;
        out.one_by_one += 1;
        let run = scratch.subject(&self.plan.program, subject, self.at);
        self.add(run, outcomes, out, 1, Some(id));
    }

    fn cells(&self) -> Option<&Cells> {
        self.cells.as_ref()
    }

    fn cell(&self, worker: &mut Worker, out: &mut Tally, cell: usize, rows: u64) {
        let Worker { scratch, outcomes } = worker;
        if let Some(cells) = &self.cells {
            let run = cells.start(cell, scratch, &self.plan.program, self.at);
            self.add(run, outcomes, out, rows, None);
        }
    }

    fn grouped(&self) -> &[AttributeId] {
        &self.grouped
    }

    fn kind<S: Subject + ?Sized>(&self, mut run: Run<'_, S>) -> Kind {
        let plan = self.plan;
        let outcomes: Vec<Outcome> = plan.stages.iter().map(|stage| stage.outcome(&mut run)).collect();
        let others = plan.others.iter().map(|other| other.stage.outcome(&mut run)).collect();
        let (mut segments, mut decider) = (Vec::new(), String::new());
        for (_, grouping) in &plan.by {
            match grouping {
                Grouping::Segments => {
                    let all = plan.segments.iter().flat_map(|(_, positions)| positions);
                    segments = all.copied().filter(|at| run.is_member(*at)).collect();
                }
                Grouping::Rule => {
                    decider = outcomes.last().map_or(decider, |last| last.decider.name(&run, &plan.rules));
                }
                Grouping::Attribute(_) => {}
            }
        }
        let times = plan.times.as_ref();
        let course = times.map(|times| Course::of(times, &self.of_time, &mut run)).unwrap_or_default();
        Kind { outcomes, others, segments, decider, course }
    }

    fn takes(&self) -> bool {
        self.all_joins
    }

    fn is_taken(&self, kind: &Kind) -> bool {
        // The last comparison is the one of the last stage with the first.
        let Some(change) = self.plan.changes.last() else { return false };
        Move::of(kind.outcomes[change.from], kind.outcomes[change.to]) == Move::Joins
    }

    fn take(&self, out: &mut Tally, id: &str) {
        out.joined.push(id);
    }

    fn times(&self) -> &[Timestamp] {
        &self.times
    }

    fn count(&self, out: &mut Tally, kind: &Kind, rows: u64) {
        self.add_outcomes(&kind.outcomes, out, rows, None);
        let counts = GroupCounts::of(&kind.outcomes, rows);
        for ((_, grouping), groups) in self.plan.by.iter().zip(&mut out.groups) {
            match grouping {
                Grouping::Segments => {
                    add_to_segments(self.plan, |at| kind.segments.contains(&at), groups, &counts);
                }
                Grouping::Rule => groups.add(Some(&kind.decider), &counts),
                Grouping::Attribute(_) => {}
            }
        }
        if let Some(last) = kind.outcomes.last() {
            for (theirs, joint) in kind.others.iter().zip(&mut out.joints) {
                joint.add(*last, *theirs, rows);
            }
        }
        if self.plan.times.is_some() {
            out.times.add(&kind.course, rows, None);
        }
    }

    fn group<'k>(
        &self,
        out: &mut Tally,
        which: AttributeId,
        label: Option<&Arc<str>>,
        kinds: impl Iterator<Item = (&'k Kind, u64)> + Clone,
    ) {
        let mut counts = None;
        for ((_, grouping), groups) in self.plan.by.iter().zip(&mut out.groups) {
            if grouping.attribute() == Some(which) {
                let counts = counts.get_or_insert_with(|| {
                    kinds.clone().fold(GroupCounts::default(), |mut counts, (kind, rows)| {
                        counts.add(&GroupCounts::of(&kind.outcomes, rows));
                        counts
                    })
                });
                groups.note(label, counts);
            }
        }
        if self.plan.orgs.as_ref().is_some_and(|(_, attribute)| *attribute == which) {
            out.orgs.note(label, kinds.filter_map(|(kind, rows)| Some((*kind.outcomes.last()?, rows))));
        }
    }

    fn examples<I: AsRef<str>>(&self, worker: &mut Worker, out: &mut Tally, ids: impl Iterator<Item = I>) {
        let wanted = self.wanted(out);
        let mut found = Tally::new(self.plan);
        for id in ids {
            if !wanted.are_missing(&found) {
                break;
            }
            self.row(worker, &mut found, id.as_ref(), id.as_ref());
        }
        out.take_examples(found);
    }

    fn examples_again(
        &self,
        worker: &mut Worker,
        out: &mut Tally,
        again: impl FnOnce(&mut Worker, &mut Tally),
    ) {
        let mut found = Tally::new(self.plan);
        if self.wanted(out).are_missing(&found) {
            again(worker, &mut found);
        }
        out.take_examples(found);
    }
}

/// How many examples there must be, of each change who joins, leaves and switches, and of who flaps.
struct Wanted(Vec<[u64; 3]>, u64);

impl ForecastJob<'_> {
    /// Returns how many examples a block must have: as many as it can, up to the few that are shown, but none of what
    /// is complete.
    fn wanted(&self, out: &Tally) -> Wanted {
        let wanted = |complete: &AtomicBool, count: u64| {
            if complete.load(Ordering::Relaxed) { 0 } else { count.min(SAMPLES as u64) }
        };
        let changes = self.complete.iter().zip(&out.changes);
        let each = changes.map(|([a, b, c], change)| {
            let [(_, joins), (_, leaves), (_, switches)] = change.examples();
            [wanted(a, joins), wanted(b, leaves), wanted(c, switches)]
        });
        Wanted(each.collect(), wanted(&self.flapping_complete, out.times.flapping))
    }
}

impl Wanted {
    fn are_missing(&self, found: &Tally) -> bool {
        let Self(changes, flapping) = self;
        if (found.times.first_flapping.len() as u64) < *flapping {
            return true;
        }
        let mut each = changes.iter().zip(&found.changes);
        each.any(|(wanted, change)| {
            let mut kinds = change.examples().into_iter().zip(wanted);
            kinds.any(|((examples, _), wanted)| (examples.len() as u64) < *wanted)
        })
    }
}

impl Tally {
    /// Takes the examples of another count of the same rows.
    fn take_examples(&mut self, found: Self) {
        for (change, found) in self.changes.iter_mut().zip(found.changes) {
            (change.joins, change.leaves, change.switches) = (found.joins, found.leaves, found.switches);
        }
        self.times.first_flapping = found.times.first_flapping;
    }
}

/// Adds rows to the segments that they are in, or to the group of those in none.
fn add_to_segments(
    plan: &Plan,
    is_member: impl Fn(usize) -> bool,
    groups: &mut GroupTally,
    counts: &GroupCounts,
) {
    let mut any = false;
    for (name, positions) in &plan.segments {
        if positions.iter().any(|at| is_member(*at)) {
            groups.add(Some(name), counts);
            any = true;
        }
    }
    if !any {
        groups.add(None, counts);
    }
}
