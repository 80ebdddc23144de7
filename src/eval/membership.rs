//! Clauses and segments against a subject.

use super::attribute::AttributeId;
use super::clause::{CompiledClause, Test};
use super::observer::Actual;
use super::program::{CompiledSegment, SegmentId};
use super::run::Run;
use super::subject::{Subject, ValueRef};

impl<'a, S: Subject + ?Sized> Run<'a, S> {
    /// Returns what the subject has for a clause, and whether the clause matches.
    #[inline]
    pub(super) fn clause(&self, clause: &'a CompiledClause) -> (Actual<'a>, bool) {
        match &clause.test {
            Test::Attribute(attribute, wanted) => {
                let attributes = &self.program.attributes;
                let Some(actual) = attributes[attribute.0].of(self.subject, attributes, self.now) else {
                    return (Actual::Missing, false);
                };
                match wanted.matches(actual) {
                    Some(matched) => (Actual::Value(actual), clause.decides(matched)),
                    None => (Actual::Unreadable(actual), false),
                }
            }
            Test::Segments(names) => {
                let member = names.iter().find(|(name, id)| self.in_segment(name, *id));
                let member = member.map(|(name, _)| name.as_str());
                (Actual::Member(member), clause.decides(member.is_some()))
            }
            Test::SegmentNames { all, wanted } => {
                let wanted = |name: &str| wanted.matches(ValueRef::Text(name)) == Some(true);
                let given = self.given_segments().find(|name| wanted(name));
                let member = given.or_else(|| {
                    let defined = all.iter().find(|(name, id)| wanted(name) && self.in_segment(name, *id));
                    defined.map(|(name, _)| name.as_str())
                });
                (Actual::Member(member), clause.decides(member.is_some()))
            }
        }
    }

    /// Tells whether the subject is a member of the segment at this position of [`super::Program::segments`].
    pub fn is_member(&self, segment: usize) -> bool {
        let compiled = self.program.segments.get(segment);
        compiled.is_some_and(|compiled| self.in_segment(&compiled.name, Some(SegmentId(segment))))
    }

    /// Returns an attribute of the subject: supplied, else derived; none if it is absent.
    pub fn attribute(&self, id: AttributeId) -> Option<ValueRef<'a>> {
        let attributes = &self.program.attributes;
        attributes.get(id.0)?.of(self.subject, attributes, self.now)
    }

    /// Tells whether the subject is a member: by its own `segments`, or by the segment's definition.
    fn in_segment(&self, name: &str, id: Option<SegmentId>) -> bool {
        self.given_segments().any(|given| given == name) || id.is_some_and(|id| self.defined_member(id))
    }

    /// Returns the segments that the subject brings along in its attribute `segments`: a list, or one word.
    fn given_segments(&self) -> impl Iterator<Item = &'a str> + use<'a, S> {
        let given = self.program.given_segments.and_then(|id| {
            let attribute = &self.program.attributes[id.0];
            self.subject.attribute(attribute.id, &attribute.kind, &attribute.name)
        });
        let (only, list): (_, &[_]) = match given {
            Some(ValueRef::Text(only)) => (Some(only), &[]),
            Some(ValueRef::List(names)) => (None, names),
            _ => (None, &[]),
        };
        only.into_iter().chain(list.iter().filter_map(crate::model::Value::as_text))
    }

    /// Tells whether a segment's definition holds for the subject, asking it at most once.
    fn defined_member(&self, id: SegmentId) -> bool {
        let remembered = &self.scratch.segments[id.0];
        let (generation, known) = remembered.get();
        if generation == self.scratch.moment {
            return known;
        }
        let member = self.matches_definition(&self.program.segments[id.0]);
        remembered.set((self.scratch.moment, member));
        member
    }

    fn matches_definition(&self, segment: &'a CompiledSegment) -> bool {
        if let Some(key) = self.subject.key(&self.program.user) {
            if segment.excluded.contains(key) {
                return false;
            }
            if segment.included.contains(key) {
                return true;
            }
        }
        segment.rules.iter().any(|clauses| clauses.iter().all(|clause| self.clause(clause).1))
    }

    /// Returns the names of the subject's segments, sorted and each once: those it brings along, whether they
    /// are defined or not, and those whose definition holds. The program must hold all segments of one
    /// world, see [`super::Builder::all_segments`].
    pub fn segments(&self) -> Vec<String> {
        let mut names: Vec<String> = self.given_segments().map(str::to_owned).collect();
        let defined = self.program.segments.iter().enumerate();
        names.extend(
            defined
                .filter(|(at, _)| self.defined_member(SegmentId(*at)))
                .map(|(_, segment)| segment.name.clone()),
        );
        names.sort_unstable();
        names.dedup();
        names
    }
}
