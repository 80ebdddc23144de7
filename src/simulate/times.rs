//! One state at several times: who is on at each, who moves from one to the next, and who flaps.

use crate::eval::{Run, Subject};
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
    flapping: u64,
    first_flapping: Vec<String>,
}

#[derive(Clone, Default)]
struct PointTally {
    inside: u64,
    joins: u64,
    leaves: u64,
    switches: u64,
    exposed: u64,
}

impl TimesTally {
    pub(super) fn new(plan: &Plan) -> Self {
        let points = plan.times.as_ref().map_or(0, |times| times.points.len());
        Self { points: vec![PointTally::default(); points], ..Self::default() }
    }

    /// Adds a row at every time; it is left at the last.
    pub(super) fn add<S: Subject + ?Sized>(&mut self, times: &PlannedTimes, run: &mut Run<'_, S>, id: &str) {
        let (mut before, mut ever, mut turns): (Option<Outcome>, bool, u32) = (None, false, 0);
        for ((stage, at), point) in times.points.iter().zip(&mut self.points) {
            run.at(*at);
            let now = times.stages[*stage].outcome(run);
            ever |= now.inside;
            point.inside += u64::from(now.inside);
            point.exposed += u64::from(ever);
            if let Some(before) = before {
                turns += u32::from(before.inside != now.inside);
                match Move::of(before, now) {
                    Move::Joins => point.joins += 1,
                    Move::Leaves => point.leaves += 1,
                    Move::Switches => point.switches += 1,
                    Move::StaysIn | Move::StaysOut | Move::Error => {}
                }
            }
            before = Some(now);
        }
        if turns > 1 {
            self.flapping += 1;
            if self.first_flapping.len() < SAMPLES {
                self.first_flapping.push(id.to_owned());
            }
        }
    }

    /// Adds a later block.
    pub(super) fn merge(&mut self, later: Self) {
        for (point, later) in self.points.iter_mut().zip(later.points) {
            point.inside += later.inside;
            point.joins += later.joins;
            point.leaves += later.leaves;
            point.switches += later.switches;
            point.exposed += later.exposed;
        }
        self.flapping += later.flapping;
        let room = SAMPLES - self.first_flapping.len();
        self.first_flapping.extend(later.first_flapping.into_iter().take(room));
    }

    /// Returns what was counted, if anything was to be.
    pub(super) fn finish(self, plan: &Plan) -> Option<Times> {
        let times = plan.times.as_ref()?;
        let counts = |((_, at), point): (&(usize, Timestamp), PointTally)| TimeCounts {
            at: *at,
            inside: point.inside,
            joins: point.joins,
            leaves: point.leaves,
            switches: point.switches,
            exposed: point.exposed,
        };
        Some(Times {
            points: times.points.iter().zip(self.points).map(counts).collect(),
            flapping: self.flapping,
            first_flapping: self.first_flapping,
            depends_on_time: plan.depends_on_time(),
        })
    }
}
