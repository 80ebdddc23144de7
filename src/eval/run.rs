//! One subject after another: what is remembered of each, and where it falls.

use std::borrow::Cow;
use std::cell::Cell;

use crate::bucket::{Draw, Number, Purpose};
use crate::model::{Reason, Timestamp, Weight};

use super::attribute::unit_of;
use super::evaluate::Evaluation;
use super::observer::{Bucketed, Observer};
use super::program::{CompiledSplit, Hash, HashId, Hashing, Program, UnitId};
use super::question::Question;
use super::subject::Subject;

/// Memory for one subject after another: equal hash inputs are hashed once a subject, and what flags and
/// segments refer to is evaluated once a subject.
#[derive(Debug, Default)]
pub struct Scratch {
    /// Counts the subjects; what carries another number belongs to an earlier one.
    pub(super) generation: u64,
    /// Counts the subjects and the times that each is looked at: what flags and segments come to is of one time.
    pub(super) moment: u64,
    draws: Vec<(u64, Draw)>,
    pub(super) flags: Vec<(u64, Evaluation)>,
    pub(super) segments: Vec<Cell<(u64, bool)>>,
}

impl Scratch {
    /// Starts with a subject. `now` is the time at which account ages are taken.
    #[inline]
    pub fn subject<'a, S: Subject + ?Sized>(
        &'a mut self,
        program: &'a Program,
        subject: &'a S,
        now: Timestamp,
    ) -> Run<'a, S> {
        self.generation += 1;
        self.moment += 1;
        if self.draws.len() < program.hashes.len()
            || self.flags.len() < program.flags.len()
            || self.segments.len() < program.segments.len()
        {
            self.make_room(program);
        }
        Run { program, subject, now, scratch: self }
    }

    /// Starts with a subject that has these draws.
    pub(super) fn drawn<'a, S: Subject + ?Sized>(
        &'a mut self,
        program: &'a Program,
        subject: &'a S,
        now: Timestamp,
        draws: impl Iterator<Item = (HashId, Draw)>,
    ) -> Run<'a, S> {
        let run = self.subject(program, subject, now);
        for (id, draw) in draws {
            run.scratch.draws[id.0] = (run.scratch.generation, draw);
        }
        run
    }

    #[cold]
    fn make_room(&mut self, program: &Program) {
        let nothing = Evaluation { variation: 0, reason: Reason::Static, rule: None, bucket: None };
        self.draws.resize(self.draws.len().max(program.hashes.len()), (0, Draw::default()));
        self.flags.resize(self.flags.len().max(program.flags.len()), (0, nothing));
        self.segments.resize(self.segments.len().max(program.segments.len()), Cell::new((0, false)));
    }
}

/// The evaluations of one subject.
pub struct Run<'a, S: ?Sized> {
    pub(super) program: &'a Program,
    pub(super) subject: &'a S,
    pub(super) now: Timestamp,
    pub(super) scratch: &'a mut Scratch,
}

/// A bucketed step found no unit: that ends the evaluation.
pub(super) struct NoUnit;

impl<'a, S: Subject + ?Sized> Run<'a, S> {
    /// Goes on with the same subject at another time. What was drawn stays, unless what is bucketed by comes of the time.
    pub fn at(&mut self, now: Timestamp) {
        self.now = now;
        self.scratch.moment += 1;
        for (hash, (generation, _)) in self.program.hashes.iter().zip(&mut self.scratch.draws) {
            let unit = self.program.units[hash.unit.0].attribute;
            if unit.is_some_and(|unit| self.program.attributes[unit.0].is_of_time()) {
                *generation = 0;
            }
        }
    }

    /// Adds the subject's answer to a question at a time.
    pub fn answer(&self, question: &Question<'_>, at: Timestamp, answers: &mut Vec<u8>) {
        question.answer(self.subject, at, answers);
    }

    /// Returns the subject's draw for a rollout, and describes it for an observer.
    #[inline]
    pub(super) fn draw<O: Observer>(
        &mut self,
        hashing: &'a Hashing,
        hash: HashId,
        weight: u32,
        watched: &mut Option<Bucketed<'a>>,
    ) -> Result<Draw, NoUnit> {
        let draw = self.drawn(hash);
        if O::LISTENS {
            *watched = Some(self.rollout_bucketed(hashing, draw, weight));
        }
        draw.ok_or(NoUnit)
    }

    /// Returns what a split serves the subject, with its draw, and describes it for an observer.
    #[inline]
    pub(super) fn slot<O: Observer>(
        &mut self,
        hashing: &'a Hashing,
        shares: &'a CompiledSplit,
        watched: &mut Option<Bucketed<'a>>,
    ) -> Result<(usize, Draw), NoUnit> {
        let draw = self.drawn(shares.hash);
        let place = draw.map(|draw| shares.position(draw));
        if O::LISTENS {
            *watched = Some(self.split_bucketed(hashing, shares, draw, place));
        }
        place.zip(draw).map(|(place, draw)| (shares.upper[place].1, draw)).ok_or(NoUnit)
    }

    /// Returns the subject's draw for a hash input, hashing it at most once; none without a unit.
    #[inline]
    fn drawn(&mut self, id: HashId) -> Option<Draw> {
        let (generation, draw) = self.scratch.draws[id.0];
        if generation == self.scratch.generation {
            return Some(draw);
        }
        let hash: &Hash = &self.program.hashes[id.0];
        let draw = hash.line.draw(&self.unit(hash.unit)?);
        self.scratch.draws[id.0] = (self.scratch.generation, draw);
        Some(draw)
    }

    #[inline]
    fn unit(&self, id: UnitId) -> Option<Cow<'a, str>> {
        unit(self.program, self.subject, self.now, id)
    }

    #[cold]
    fn rollout_bucketed(&self, hashing: &'a Hashing, draw: Option<Draw>, weight: u32) -> Bucketed<'a> {
        let record = hashing.algorithm.record(Purpose::Rollout);
        let range = (record.start(), record.threshold(weight, Weight::TOTAL));
        let bucketed = self.bucketed(hashing, Purpose::Rollout, draw, Weight::TOTAL, range);
        let in_at = draw.map(|draw| record.least_part(draw, Weight::TOTAL));
        Bucketed { in_at: in_at.and_then(Weight::from_thousandths), ..bucketed }
    }

    #[cold]
    fn split_bucketed(
        &self,
        hashing: &'a Hashing,
        shares: &CompiledSplit,
        draw: Option<Draw>,
        place: Option<usize>,
    ) -> Bucketed<'a> {
        let start = hashing.algorithm.record(Purpose::Variant).start();
        let range = place.map_or((start, start), |place| shares.range(&hashing.algorithm, place));
        self.bucketed(hashing, Purpose::Variant, draw, shares.total, range)
    }

    fn bucketed(
        &self,
        hashing: &'a Hashing,
        purpose: Purpose,
        draw: Option<Draw>,
        total: u32,
        (from, threshold): (Number, Number),
    ) -> Bucketed<'a> {
        let record = hashing.algorithm.record(purpose);
        let unit = self.unit(hashing.unit);
        Bucketed {
            algorithm: &hashing.algorithm,
            purpose,
            key: hashing.key(),
            by: self.program.units[hashing.unit.0].by.to_string(),
            input: unit.as_ref().map(|unit| hashing.algorithm.input(purpose, hashing.names(), unit)),
            unit: unit.map(Cow::into_owned),
            bucket: draw.map(|draw| record.number(draw, total)),
            total: record.whole(total),
            threshold,
            from,
            in_at: None,
        }
    }
}

/// Returns the text of a subject's unit; none if it is missing.
#[inline]
pub(super) fn unit<'s, S: Subject + ?Sized>(
    program: &Program,
    subject: &'s S,
    now: Timestamp,
    id: UnitId,
) -> Option<Cow<'s, str>> {
    let unit = &program.units[id.0];
    match unit.attribute {
        None => subject.key(&unit.by.kind).map(Cow::Borrowed),
        Some(attribute) => {
            let attributes = &program.attributes;
            attributes[attribute.0].of(subject, attributes, now).and_then(unit_of)
        }
    }
}
