//! What evaluation asks of a subject beside what its user's key draws: finitely many questions, so that subjects with
//! equal answers need not be evaluated one by one.

use std::collections::HashMap;

use crate::bucket::Draw;
use crate::model::{Clause, ContextKind, Timestamp};

use super::attribute::{AttributeId, Derived};
use super::clause::{CompiledClause, Test, Wanted};
use super::program::{HashId, Program};
use super::run::unit;
use super::subject::{Subject, ValueRef};

/// What a question looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input<'p> {
    /// The key of a kind.
    Key(&'p ContextKind),
    /// An attribute as it was supplied.
    Attribute(AttributeId),
}

/// One question.
#[derive(Debug)]
pub struct Question<'p> {
    program: &'p Program,
    asked: Asked<'p>,
}

#[derive(Debug)]
enum Asked<'p> {
    /// Whether an attribute is there, and matches one of the wanted values.
    Value(AttributeId, &'p Wanted),
    /// Which segments the user brings along.
    Given(AttributeId),
    /// What an organisation is listed for.
    Orgs(&'p HashMap<String, usize>),
    /// Between which limits something else than the user's key draws.
    Place(HashId, Vec<Draw>),
}

impl Program {
    /// Returns everything that evaluation asks of a subject beside what its user's key draws. Subjects that answer all of it
    /// alike, whose keys are not listed and fall into the same cell (see [`Program::cells`]), are served alike by every
    /// flag and experiment, and are members of the same segments.
    pub fn questions(&self) -> Vec<Question<'_>> {
        let mut clauses: Vec<&CompiledClause> = Vec::new();
        for clause in self.clauses() {
            if !clauses.iter().any(|known| ask_alike(&known.source, &clause.source)) {
                clauses.push(clause);
            }
        }
        let values = clauses.into_iter().filter_map(|clause| match &clause.test {
            // Whose key a clause names is listed.
            Test::Attribute(id, wanted) if self.is_user_key(*id) && wanted.texts().is_some() => None,
            Test::Attribute(id, wanted) => Some(Asked::Value(*id, wanted)),
            Test::Segments(_) | Test::SegmentNames { .. } => None,
        });
        let orgs = self.flags.iter().map(|flag| &flag.orgs).filter(|orgs| !orgs.is_empty());
        let places = self.axes(|id| !self.draws_by_user(*id));
        values
            .chain(self.given_segments.map(Asked::Given))
            .chain(orgs.map(Asked::Orgs))
            .chain(places.into_iter().map(|(id, limits)| Asked::Place(id, limits)))
            .map(|asked| Question { program: self, asked })
            .collect()
    }

    /// Returns what an attribute is made of.
    pub fn inputs(&self, id: AttributeId) -> Vec<Input<'_>> {
        let attribute = &self.attributes[id.0];
        match attribute.derived {
            Derived::No => vec![Input::Attribute(id)],
            Derived::Key => vec![Input::Key(&attribute.kind)],
            Derived::EmailDomain(base) | Derived::AccountAgeDays(base) => {
                vec![Input::Attribute(id), Input::Attribute(base)]
            }
        }
    }
}

impl<'p> Question<'p> {
    /// Returns what the answer depends on, and nothing else.
    pub fn inputs(&self) -> Vec<Input<'p>> {
        match self.asked {
            Asked::Value(id, _) => self.program.inputs(id),
            Asked::Given(id) => vec![Input::Attribute(id)],
            Asked::Orgs(_) => vec![Input::Key(&self.program.org)],
            Asked::Place(id, _) => {
                let unit = &self.program.units[self.program.hashes[id.0].unit.0];
                match unit.attribute {
                    Some(attribute) => self.program.inputs(attribute),
                    None => vec![Input::Key(&unit.by.kind)],
                }
            }
        }
    }

    /// Tells whether the answer may change as time passes.
    pub fn is_of_time(&self) -> bool {
        self.aged().is_some_and(|id| self.program.attributes[id.0].is_of_time())
    }

    /// Returns the moment that the answer counts whole days from; none where it does not change as time passes.
    pub fn since<S: Subject + ?Sized>(&self, subject: &S) -> Option<Timestamp> {
        let attributes = &self.program.attributes;
        attributes[self.aged()?.0].since(subject, attributes)
    }

    /// Returns the attribute that may be an age.
    fn aged(&self) -> Option<AttributeId> {
        match self.asked {
            Asked::Value(id, _) => Some(id),
            Asked::Place(id, _) => self.program.units[self.program.hashes[id.0].unit.0].attribute,
            Asked::Given(_) | Asked::Orgs(_) => None,
        }
    }

    /// Adds a subject's answer to `answers`. The time is that of the evaluation.
    pub fn answer<S: Subject + ?Sized>(&self, subject: &S, now: Timestamp, answers: &mut Vec<u8>) {
        let program = self.program;
        let mut number = |number: usize| answers.extend_from_slice(&number.to_le_bytes());
        match &self.asked {
            Asked::Value(id, wanted) => {
                let value = program.attributes[id.0].of(subject, &program.attributes, now);
                answers.push(match value.map(|value| wanted.matches(value)) {
                    None => 0,
                    Some(None) => 1,
                    Some(Some(false)) => 2,
                    Some(Some(true)) => 3,
                });
            }
            Asked::Given(id) => {
                let attribute = &program.attributes[id.0];
                let given = subject.attribute(attribute.id, &attribute.kind, &attribute.name);
                let (only, list): (_, &[_]) = match given {
                    Some(ValueRef::Text(only)) => (Some(only), &[]),
                    Some(ValueRef::List(names)) => (None, names),
                    _ => (None, &[]),
                };
                for name in only.into_iter().chain(list.iter().filter_map(crate::model::Value::as_text)) {
                    answers.extend_from_slice(&name.len().to_le_bytes());
                    answers.extend_from_slice(name.as_bytes());
                }
                answers.extend_from_slice(&usize::MAX.to_le_bytes());
            }
            Asked::Orgs(orgs) => {
                let served = subject.key(&program.org).and_then(|key| orgs.get(key));
                number(served.map_or(0, |served| served + 1));
            }
            Asked::Place(id, limits) => {
                let hash = &program.hashes[id.0];
                let draw = unit(program, subject, now, hash.unit).map(|unit| hash.line.draw(&unit));
                number(draw.map_or(0, |draw| 1 + limits.partition_point(|limit| *limit <= draw)));
            }
        }
    }
}

/// Tells whether two clauses ask the same; what they make of the answer may differ.
fn ask_alike(one: &Clause, other: &Clause) -> bool {
    one.kind == other.kind
        && one.attribute == other.attribute
        && one.operator == other.operator
        && one.values == other.values
}
