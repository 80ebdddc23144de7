//! The one evaluator: flag × subject → variation and reason.

use std::borrow::Cow;

use crate::bucket::Point;
use crate::model::{ErrorCode, Reason, Timestamp, Weight};

use super::attribute::{AttributeId, unit_of};
use super::clause::{CompiledClause, Test};
use super::observer::{Actual, Bucketed, NoObserver, Observer, Step};
use super::program::{CompiledFlag, CompiledServe, FlagId, Hash, HashId, Program, SegmentId, UnitId};
use super::subject::{Subject, ValueRef};

/// What came out for one subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evaluation {
    /// The index of the variation served, see [`Program::variation`].
    pub variation: usize,
    /// Why.
    pub reason: Reason,
    /// The rule that decided, from 0.
    pub rule: Option<usize>,
    /// The bucket that decided: of the rollout, or the slot among a split's shares.
    pub bucket: Option<u32>,
}

/// Memory for the points of one subject after another: equal hash inputs are hashed once a subject.
#[derive(Debug, Default)]
pub struct Scratch {
    points: Vec<(u64, Point)>,
    generation: u64,
}

impl Scratch {
    /// Starts with a subject. `now` is the time at which account ages are taken.
    pub fn subject<'a, S: Subject + ?Sized>(
        &'a mut self,
        program: &'a Program,
        subject: &'a S,
        now: Timestamp,
    ) -> Run<'a, S> {
        self.generation += 1;
        if self.points.len() < program.hashes.len() {
            self.points.resize(program.hashes.len(), (0, Point::new(0)));
        }
        Run { program, subject, now, scratch: self }
    }
}

/// The evaluations of one subject.
pub struct Run<'a, S: ?Sized> {
    pub(super) program: &'a Program,
    pub(super) subject: &'a S,
    now: Timestamp,
    scratch: &'a mut Scratch,
}

/// How a bucketed step went on without a unit: it ends the evaluation.
struct NoUnit;

impl<'a, S: Subject + ?Sized> Run<'a, S> {
    /// Evaluates a flag. Total: always ends with a variation of the flag and a reason.
    #[inline]
    pub fn evaluate<O: Observer>(&mut self, flag: FlagId, observer: &mut O) -> Evaluation {
        let program = self.program;
        let compiled = &program.flags[flag.0];
        self.try_evaluate(compiled, observer)
            .unwrap_or_else(|NoUnit| ended(compiled.off, Reason::Error(ErrorCode::TargetingKeyMissing)))
    }

    fn try_evaluate<O: Observer>(
        &mut self,
        flag: &'a CompiledFlag,
        observer: &mut O,
    ) -> Result<Evaluation, NoUnit> {
        if flag.invalid {
            return Ok(ended(flag.off, Reason::Error(ErrorCode::InvalidDefinition)));
        }
        if O::LISTENS {
            observer.step(Step::Switch { enabled: flag.enabled });
        }
        if !flag.enabled {
            return Ok(ended(flag.off, Reason::Disabled));
        }
        if !self.prerequisites_met(flag, observer) {
            return Ok(ended(flag.off, Reason::PrerequisiteFailed));
        }
        if let Some(served) = self.listed(flag, observer) {
            return Ok(ended(served, Reason::TargetingMatch));
        }
        for (at, _) in flag.rules.iter().enumerate() {
            if let Some(decided) = self.rule(flag, at, observer)? {
                return Ok(decided);
            }
        }
        self.fallthrough(flag, observer)
    }

    fn prerequisites_met<O: Observer>(&mut self, flag: &'a CompiledFlag, observer: &mut O) -> bool {
        let mut all = true;
        for prerequisite in &flag.prerequisites {
            let other = prerequisite.flag.map(|id| (id, self.evaluate(id, &mut NoObserver)));
            let met = other.is_some_and(|(_, other)| {
                prerequisite.variation == Some(other.variation) && !matches!(other.reason, Reason::Error(_))
            });
            if O::LISTENS {
                let actual =
                    other.map(|(id, other)| (self.program.variation(id, other.variation), other.reason));
                let (flag, wanted) = (prerequisite.name.as_str(), prerequisite.wanted.as_str());
                observer.step(Step::Prerequisite { flag, wanted, actual, met });
            }
            all &= met;
            if !all && !O::LISTENS {
                return false;
            }
        }
        all
    }

    /// Returns the variation of a listed user, else of a listed organisation.
    fn listed<O: Observer>(&mut self, flag: &'a CompiledFlag, observer: &mut O) -> Option<usize> {
        if !flag.users.is_empty() {
            let key = self.subject.key(&self.program.user);
            let served = key.and_then(|key| flag.users.get(key)).copied();
            if O::LISTENS {
                let served = served.map(|at| &flag.variations[at].0);
                observer.step(Step::User { key, listed: flag.users.len(), served });
            }
            if served.is_some() {
                return served;
            }
        }
        if !flag.orgs.is_empty() {
            let key = self.subject.key(&self.program.org);
            let served = key.and_then(|key| flag.orgs.get(key)).copied();
            if O::LISTENS {
                let served = served.map(|at| &flag.variations[at].0);
                observer.step(Step::Org { key, listed: flag.orgs.len(), served });
            }
            return served;
        }
        None
    }

    fn rule<O: Observer>(
        &mut self,
        flag: &'a CompiledFlag,
        at: usize,
        observer: &mut O,
    ) -> Result<Option<Evaluation>, NoUnit> {
        let rule = &flag.rules[at];
        let mut matched = true;
        for clause in &rule.clauses {
            let (actual, holds) = self.clause(clause);
            if O::LISTENS {
                observer.step(Step::Clause { rule: at, clause: &clause.source, actual, matched: holds });
            }
            matched &= holds;
            if !matched && !O::LISTENS {
                return Ok(None);
            }
        }
        let name = rule.name.as_deref();
        let mut step = Step::Rule { rule: at, name, matched, rollout: None, split: None, served: None };
        let decided = if matched { self.rule_serves(flag, at, &mut step, O::LISTENS) } else { Ok(None) };
        if O::LISTENS {
            observer.step(step);
        }
        decided
    }

    fn rule_serves(
        &mut self,
        flag: &'a CompiledFlag,
        at: usize,
        step: &mut Step<'a>,
        listens: bool,
    ) -> Result<Option<Evaluation>, NoUnit> {
        let rule = &flag.rules[at];
        let Step::Rule { rollout, split, served, .. } = step else { return Ok(None) };
        let mut bucket = None;
        if rule.rollout == 0 {
            return Ok(None);
        }
        if rule.rollout < Weight::TOTAL {
            let point = self.point(flag.hashes.rollout);
            if listens {
                *rollout = Some(self.bucketed(flag.hashes.rollout, point, Weight::TOTAL, 0, rule.rollout));
            }
            let found = point.ok_or(NoUnit)?.bucket(Weight::TOTAL);
            if found >= rule.rollout {
                return Ok(None);
            }
            bucket = Some(found);
        }
        let variation = match &rule.serve {
            CompiledServe::Variation(variation) => *variation,
            CompiledServe::Split(shares) => {
                let point = self.point(flag.hashes.variant);
                let place = point.map(|point| shares.position(point.bucket(shares.total)));
                if listens {
                    let (from, to) = place.map_or((0, 0), |place| shares.range(place));
                    *split = Some(self.bucketed(flag.hashes.variant, point, shares.total, from, to));
                }
                let place = place.ok_or(NoUnit)?;
                bucket = point.map(|point| point.bucket(shares.total));
                shares.upper[place].1
            }
        };
        *served = Some(&flag.variations[variation].0);
        Ok(Some(Evaluation { variation, reason: Reason::TargetingMatch, rule: Some(at), bucket }))
    }

    fn fallthrough<O: Observer>(
        &mut self,
        flag: &'a CompiledFlag,
        observer: &mut O,
    ) -> Result<Evaluation, NoUnit> {
        let plain = if flag.targeted { Reason::Default } else { Reason::Static };
        let mut watched = None;
        let result = match &flag.fallthrough {
            CompiledServe::Variation(variation) => match flag.rollout {
                0 => Ok(ended(flag.off, plain)),
                Weight::TOTAL => Ok(ended(*variation, plain)),
                weight => {
                    let point = self.point(flag.hashes.rollout);
                    if O::LISTENS {
                        watched = Some(self.bucketed(flag.hashes.rollout, point, Weight::TOTAL, 0, weight));
                    }
                    point.ok_or(NoUnit).map(|point| {
                        let bucket = point.bucket(Weight::TOTAL);
                        let variation = if bucket < weight { *variation } else { flag.off };
                        Evaluation { variation, reason: Reason::Split, rule: None, bucket: Some(bucket) }
                    })
                }
            },
            CompiledServe::Split(shares) => {
                let point = self.point(flag.hashes.variant);
                let place = point.map(|point| shares.position(point.bucket(shares.total)));
                if O::LISTENS {
                    let (from, to) = place.map_or((0, 0), |place| shares.range(place));
                    watched = Some(self.bucketed(flag.hashes.variant, point, shares.total, from, to));
                }
                point.zip(place).ok_or(NoUnit).map(|(point, place)| Evaluation {
                    variation: shares.upper[place].1,
                    reason: Reason::Split,
                    rule: None,
                    bucket: Some(point.bucket(shares.total)),
                })
            }
        };
        if O::LISTENS {
            let served = result.as_ref().ok().map(|result| &flag.variations[result.variation].0);
            observer.step(Step::Fallthrough { bucketed: watched, served });
        }
        result
    }

    /// Returns what the subject has for a clause, and whether the clause matches.
    #[inline]
    fn clause(&self, clause: &'a CompiledClause) -> (Actual<'a>, bool) {
        match &clause.test {
            Test::Attribute(attribute, wanted) => {
                let attributes = &self.program.attributes;
                let Some(actual) = attributes[attribute.0].of(self.subject, attributes, self.now) else {
                    return (Actual::Missing, false);
                };
                match wanted.matches(actual) {
                    Some(matched) => (Actual::Value(actual), matched != clause.source.negate),
                    None => (Actual::Unreadable(actual), false),
                }
            }
            Test::Segments(names) => {
                let member = names.iter().find(|(name, id)| self.in_segment(name, *id));
                let member = member.map(|(name, _)| name.as_str());
                (Actual::Member(member), member.is_some() != clause.source.negate)
            }
            Test::SegmentNames { given, all, wanted } => {
                let attribute = &self.program.attributes[given.0];
                let given = self.subject.attribute(*given, &attribute.kind, &attribute.name);
                let of_given = given.and_then(|given| wanted.matches(given)) == Some(true);
                let of_all = || {
                    all.iter().any(|(name, id)| {
                        wanted.matches(ValueRef::Text(name)) == Some(true) && self.in_segment(name, *id)
                    })
                };
                let matched = of_given || of_all();
                (given.map_or(Actual::Missing, Actual::Value), matched != clause.source.negate)
            }
        }
    }

    /// Tells whether the subject is a member: by its own `segments`, or by the segment's definition.
    fn in_segment(&self, name: &str, id: Option<SegmentId>) -> bool {
        self.given_segment(name) || id.is_some_and(|id| self.matches_segment(id))
    }

    /// Tells whether the subject brings the segment along in its attribute `segments`: a list, or one word.
    fn given_segment(&self, name: &str) -> bool {
        self.program.given_segments.is_some_and(|id| {
            let attribute = &self.program.attributes[id.0];
            match self.subject.attribute(attribute.id, &attribute.kind, &attribute.name) {
                Some(ValueRef::Text(only)) => only == name,
                Some(ValueRef::List(names)) => names.iter().any(|other| other.as_text() == Some(name)),
                _ => false,
            }
        })
    }

    fn matches_segment(&self, id: SegmentId) -> bool {
        let segment = &self.program.segments[id.0];
        let key = self.subject.key(&self.program.user);
        if let Some(key) = key {
            if segment.excluded.contains(key) {
                return false;
            }
            if segment.included.contains(key) {
                return true;
            }
        }
        segment.rules.iter().any(|clauses| clauses.iter().all(|clause| self.clause(clause).1))
    }

    /// Tells whether the subject is a member of the segment at this position of [`Program::segments`].
    pub fn is_member(&self, segment: usize) -> bool {
        let compiled = self.program.segments.get(segment);
        compiled.is_some_and(|compiled| self.in_segment(&compiled.name, Some(SegmentId(segment))))
    }

    /// Returns an attribute of the subject: supplied, else derived; none if it is absent.
    pub fn attribute(&self, id: AttributeId) -> Option<ValueRef<'a>> {
        let attributes = &self.program.attributes;
        attributes.get(id.0)?.of(self.subject, attributes, self.now)
    }

    /// Returns the names of the subject's segments, given and defined, sorted and each once. The program must
    /// hold all segments, see [`super::Builder::all_segments`].
    pub fn segments(&self) -> Vec<String> {
        let mut names: Vec<String> = self
            .program
            .segments
            .iter()
            .enumerate()
            .filter(|(at, segment)| self.in_segment(&segment.name, Some(SegmentId(*at))))
            .map(|(_, segment)| segment.name.clone())
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Returns the subject's point for a hash input, hashing it at most once; none without a unit.
    #[inline]
    pub(super) fn point(&mut self, id: HashId) -> Option<Point> {
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

    /// Describes a bucket for an observer.
    #[cold]
    pub(super) fn bucketed(
        &self,
        id: HashId,
        point: Option<Point>,
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
            bucket: point.map(|point| point.bucket(total)),
            total,
            threshold,
            from,
        }
    }
}

const fn ended(variation: usize, reason: Reason) -> Evaluation {
    Evaluation { variation, reason, rule: None, bucket: None }
}
