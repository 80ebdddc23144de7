//! One subject after another: what is remembered of each, and where it falls.

use std::borrow::Cow;
use std::cell::Cell;

use crate::bucket::Point;
use crate::model::{Reason, Timestamp, Weight};

use super::attribute::unit_of;
use super::evaluate::Evaluation;
use super::observer::{Bucketed, Observer};
use super::program::{CompiledSplit, Hash, HashId, Program, UnitId};
use super::subject::Subject;

/// Memory for one subject after another: equal hash inputs are hashed once a subject, and what flags and
/// segments refer to is evaluated once a subject.
#[derive(Debug, Default)]
pub struct Scratch {
    /// Counts the subjects; what carries another number belongs to an earlier one.
    pub(super) generation: u64,
    points: Vec<(u64, Point)>,
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
        if self.points.len() < program.hashes.len()
            || self.flags.len() < program.flags.len()
            || self.segments.len() < program.segments.len()
        {
            self.make_room(program);
        }
        Run { program, subject, now, scratch: self }
    }

    #[cold]
    fn make_room(&mut self, program: &Program) {
        let nothing = Evaluation { variation: 0, reason: Reason::Static, rule: None, bucket: None };
        self.points.resize(self.points.len().max(program.hashes.len()), (0, Point::new(0)));
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
    /// Returns the subject's bucket of a rollout, and describes it for an observer.
    #[inline]
    pub(super) fn bucket<O: Observer>(
        &mut self,
        hash: HashId,
        weight: u32,
        watched: &mut Option<Bucketed<'a>>,
    ) -> Result<u32, NoUnit> {
        let bucket = self.point(hash).map(|point| point.bucket(Weight::TOTAL));
        if O::LISTENS {
            *watched = Some(self.bucketed(hash, bucket, Weight::TOTAL, 0, weight));
        }
        bucket.ok_or(NoUnit)
    }

    /// Returns what a split serves the subject, with the slot among the shares, and describes it for an
    /// observer.
    #[inline]
    pub(super) fn slot<O: Observer>(
        &mut self,
        hash: HashId,
        shares: &CompiledSplit,
        watched: &mut Option<Bucketed<'a>>,
    ) -> Result<(usize, u32), NoUnit> {
        let slot = self.point(hash).map(|point| point.bucket(shares.total));
        let place = slot.map(|slot| shares.position(slot));
        if O::LISTENS {
            let (from, to) = place.map_or((0, 0), |place| shares.range(place));
            *watched = Some(self.bucketed(hash, slot, shares.total, from, to));
        }
        place.zip(slot).map(|(place, slot)| (shares.upper[place].1, slot)).ok_or(NoUnit)
    }

    /// Returns the subject's point for a hash input, hashing it at most once; none without a unit.
    #[inline]
    fn point(&mut self, id: HashId) -> Option<Point> {
        let (generation, point) = self.scratch.points[id.0];
        if generation == self.scratch.generation {
            return Some(point);
        }
        let hash: &Hash = &self.program.hashes[id.0];
        let point = hash.prefix.point(&self.unit(hash.unit)?);
        self.scratch.points[id.0] = (self.scratch.generation, point);
        Some(point)
    }

    #[inline]
    fn unit(&self, id: UnitId) -> Option<Cow<'a, str>> {
        let unit = &self.program.units[id.0];
        match unit.attribute {
            None => self.subject.key(&unit.by.kind).map(Cow::Borrowed),
            Some(attribute) => {
                let attributes = &self.program.attributes;
                attributes[attribute.0].of(self.subject, attributes, self.now).and_then(unit_of)
            }
        }
    }

    #[cold]
    fn bucketed(
        &self,
        id: HashId,
        bucket: Option<u32>,
        total: u32,
        from: u32,
        threshold: u32,
    ) -> Bucketed<'a> {
        let hash = &self.program.hashes[id.0];
        Bucketed {
            purpose: hash.purpose,
            key: &hash.key,
            by: self.program.units[hash.unit.0].by.to_string(),
            unit: self.unit(hash.unit).map(Cow::into_owned),
            bucket,
            total,
            threshold,
            from,
        }
    }
}
