//! One state at several times: who is on at each, who moves from one to the next, and who flaps.

use crate::eval::{Question, Run, Subject};
use crate::model::Timestamp;

use super::plan::{Plan, PlannedTimes};
use super::tally::{Move, Outcome, SAMPLES};

/// One state at several times.
#[derive(Clone, Debug, PartialEq)]
pub struct Times {
    /// The times in their order.
    pub points: Vec<TimeCounts>,
    /// How many users are in, out and in again, or the reverse.
    pub flapping: u64,
    /// The first of them, in the order of the input, at most 5.
    pub first_flapping: Vec<String>,
    /// Whether anything in the definitions depends on the time.
    pub depends_on_time: bool,
}

/// Counts at one time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeCounts {
    /// The time.
    pub at: Timestamp,
    /// How many are in.
    pub inside: u64,
    /// Out at the time before, in now.
    pub joins: u64,
    /// In at the time before, out now.
    pub leaves: u64,
    /// In at both times, with another variation or variant.
    pub switches: u64,
    /// How many are in now or were at a time before.
    pub exposed: u64,
}

/// What a block of rows, or all of them, add up to.
#[derive(Default)]
pub(super) struct TimesTally {
    points: Vec<PointTally>,
    pub(super) flapping: u64,
    pub(super) first_flapping: Vec<String>,
}

/// Counts at a time.
#[derive(Clone, Default)]
struct PointTally {
    /// How many more are in than at the time before.
    more_inside: i64,
    joins: u64,
    leaves: u64,
    switches: u64,
    /// How many are in for the first time.
    first_inside: u64,
}

/// What a row comes to from one time to the next: only where it changes, with the position of the time.
#[derive(Default, PartialEq)]
pub(super) struct Course(Vec<(usize, Outcome)>);

impl Course {
    /// Follows a row through all times; it is left at the last. Where the answers to all that depends on the time are
    /// those of the time before, nothing is evaluated again.
    pub(super) fn of<S: Subject + ?Sized>(
        times: &PlannedTimes,
        of_time: &[Question<'_>],
        run: &mut Run<'_, S>,
    ) -> Self {
        let mut course: Vec<(usize, Outcome)> = Vec::new();
        let (mut answers, mut before, mut stage_before) = (Vec::new(), Vec::new(), None);
        for (point, (stage, at)) in times.points.iter().enumerate() {
            answers.clear();
            for question in of_time {
                run.answer(question, *at, &mut answers);
            }
            if stage_before == Some(*stage) && answers == before {
                continue;
            }
            stage_before = Some(*stage);
            std::mem::swap(&mut answers, &mut before);
            run.at(*at);
            let now = times.stages[*stage].outcome(run);
            let is_as_now = |(_, last): &(usize, Outcome)| {
                (last.inside, last.variation, last.error) == (now.inside, now.variation, now.error)
            };
            if !course.last().is_some_and(is_as_now) {
                course.push((point, now));
            }
        }
        Self(course)
    }

    /// Tells whether it is in, out and in again, or the reverse.
    fn flaps(&self) -> bool {
        let turns = self.0.windows(2).filter(|pair| pair[0].1.inside != pair[1].1.inside);
        turns.count() > 1
    }
}

impl TimesTally {
    pub(super) fn new(plan: &Plan) -> Self {
        let points = plan.times.as_ref().map_or(0, |times| times.points.len());
        Self { points: vec![PointTally::default(); points], ..Self::default() }
    }

    /// Adds that many rows of a course; `id` is that of the only one, for examples.
    pub(super) fn add(&mut self, course: &Course, rows: u64, id: Option<&str>) {
        let (mut before, mut ever): (Option<Outcome>, bool) = (None, false);
        for (at, now) in &course.0 {
            let point = &mut self.points[*at];
            let was_inside = before.is_some_and(|before| before.inside);
            match (was_inside, now.inside) {
                (false, true) => point.more_inside += rows.cast_signed(),
                (true, false) => point.more_inside -= rows.cast_signed(),
                _ => {}
            }
            if now.inside && !ever {
                point.first_inside += rows;
                ever = true;
            }
            match before.map(|before| Move::of(before, *now)) {
                Some(Move::Joins) => point.joins += rows,
                Some(Move::Leaves) => point.leaves += rows,
                Some(Move::Switches) => point.switches += rows,
                Some(Move::StaysIn | Move::StaysOut | Move::Error) | None => {}
            }
            before = Some(*now);
        }
        if course.flaps() {
            self.flapping += rows;
            if self.first_flapping.len() < SAMPLES {
                self.first_flapping.extend(id.map(str::to_owned));
            }
        }
    }

    /// Adds a later block.
    pub(super) fn merge(&mut self, later: Self) {
        for (point, later) in self.points.iter_mut().zip(later.points) {
            point.more_inside += later.more_inside;
            point.joins += later.joins;
            point.leaves += later.leaves;
            point.switches += later.switches;
            point.first_inside += later.first_inside;
        }
        self.flapping += later.flapping;
        let room = SAMPLES - self.first_flapping.len();
        self.first_flapping.extend(later.first_flapping.into_iter().take(room));
    }

    /// Returns what was counted, if anything was to be.
    pub(super) fn finish(self, plan: &Plan) -> Option<Times> {
        let times = plan.times.as_ref()?;
        let (mut inside, mut exposed) = (0_i64, 0);
        let counts = |((_, at), point): (&(usize, Timestamp), PointTally)| {
            inside += point.more_inside;
            exposed += point.first_inside;
            TimeCounts {
                at: *at,
                inside: inside.cast_unsigned(),
                joins: point.joins,
                leaves: point.leaves,
                switches: point.switches,
                exposed,
            }
        };
        Some(Times {
            points: times.points.iter().zip(self.points).map(counts).collect(),
            flapping: self.flapping,
            first_flapping: self.first_flapping,
            depends_on_time: plan.depends_on_time(),
        })
    }
}
