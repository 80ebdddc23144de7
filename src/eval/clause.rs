//! Clauses: compiled per operator, matched against a borrowed value.

use std::cmp::Ordering;
use std::collections::HashSet;

use regex::Regex;
use semver::Version;

use crate::model::{Clause, ContextKind, Number, Operator, Timestamp, Value};

use super::attribute::{AttributeId, time_of};
use super::compile::Compiler;
use super::program::SegmentId;
use super::subject::ValueRef;

/// A clause with its wanted values in the form its operator compares.
#[derive(Debug)]
pub(super) struct CompiledClause {
    pub(super) source: Clause,
    pub(super) test: Test,
    /// Whether the operator can read all of its wanted values.
    fits: bool,
}

/// What a clause asks.
#[derive(Debug)]
pub(super) enum Test {
    /// An attribute against values.
    Attribute(AttributeId, Wanted),
    /// Membership in one of these segments; the name, and the segment where one is defined.
    Segments(Vec<(String, Option<SegmentId>)>),
    /// The names of the user's segments against values: given ones, and all that are defined.
    SegmentNames { all: Vec<(String, Option<SegmentId>)>, wanted: Wanted },
}

/// The wanted values of an operator.
#[derive(Debug)]
pub(super) enum Wanted {
    Equal(Vec<Value>),
    EqualText(HashSet<String>),
    Starts(Vec<String>),
    Ends(Vec<String>),
    Contains(Vec<String>),
    Matches(Vec<Regex>),
    Number(fn(Ordering) -> bool, Vec<Number>),
    Time(fn(Ordering) -> bool, Vec<Timestamp>),
    Semver(fn(Ordering) -> bool, Vec<Version>),
}

/// From how many texts on a set is quicker than a comparison one by one.
const SET_FROM: usize = 8;

impl CompiledClause {
    pub(super) fn compile(clause: &Clause, compiler: &mut Compiler<'_, '_>) -> Self {
        let (test, fits) = match Asks::of(clause) {
            Asks::Segments(names) => {
                compiler.optional(&ContextKind::user(), SEGMENTS);
                let fits = names.len() == clause.values.len();
                let names = names.into_iter().map(|name| (name.to_owned(), compiler.segment(name)));
                (Test::Segments(names.collect()), fits)
            }
            Asks::EverySegment => {
                compiler.optional(&ContextKind::user(), SEGMENTS);
                let (wanted, fits) = Wanted::compile(clause);
                (Test::SegmentNames { all: compiler.every_segment(), wanted }, fits)
            }
            Asks::Attribute => {
                let (wanted, fits) = Wanted::compile(clause);
                (Test::Attribute(compiler.attribute(&clause.kind, &clause.attribute), wanted), fits)
            }
        };
        Self { source: clause.clone(), test, fits }
    }

    /// Returns the clause's answer where one of its values matched or none did. If none did but the operator
    /// cannot read them all, nobody can tell: such a clause does not match, negated or not.
    #[inline]
    pub(super) const fn decides(&self, matched: bool) -> bool {
        (matched || self.fits) && matched != self.source.negate
    }
}

/// The user's attribute that lists segments.
pub(super) const SEGMENTS: &str = "segments";

/// What a clause is about.
pub(super) enum Asks<'a> {
    /// An attribute.
    Attribute,
    /// Membership in one of these segments.
    Segments(Vec<&'a str>),
    /// The names of the user's segments, whichever they are.
    EverySegment,
}

impl<'a> Asks<'a> {
    /// Returns what a clause is about. `segments in […]` asks for the segments of those names.
    pub(super) fn of(clause: &'a Clause) -> Self {
        let by_name = clause.kind.is_user() && clause.attribute == SEGMENTS;
        match clause.operator {
            Operator::Segment => {}
            Operator::In if by_name => {}
            _ if by_name => return Self::EverySegment,
            _ => return Self::Attribute,
        }
        Self::Segments(clause.values.iter().filter_map(Value::as_text).collect())
    }
}

impl Wanted {
    /// Returns the wanted values of a clause, without those that its operator cannot read, and whether it can
    /// read all of them.
    fn compile(clause: &Clause) -> (Self, bool) {
        let values = &clause.values;
        let text = |value: &Value| value.as_text().map(str::to_owned);
        let number = |value: &Value| match value {
            Value::Number(number) => Some(*number),
            _ => None,
        };
        let time = |value: &Value| time_of(ValueRef::of(value)?);
        let version = |value: &Value| Version::parse(value.as_text()?).ok();
        let regex = |value: &Value| Regex::new(value.as_text()?).ok();
        match clause.operator {
            Operator::In | Operator::Segment => (Self::equal(values), true),
            Operator::StartsWith => read(values, text, Self::Starts),
            Operator::EndsWith => read(values, text, Self::Ends),
            Operator::Contains => read(values, text, Self::Contains),
            Operator::Matches => read(values, regex, Self::Matches),
            Operator::LessThan => read(values, number, |all| Self::Number(Ordering::is_lt, all)),
            Operator::LessThanOrEqual => read(values, number, |all| Self::Number(Ordering::is_le, all)),
            Operator::GreaterThan => read(values, number, |all| Self::Number(Ordering::is_gt, all)),
            Operator::GreaterThanOrEqual => read(values, number, |all| Self::Number(Ordering::is_ge, all)),
            Operator::Before => read(values, time, |all| Self::Time(Ordering::is_lt, all)),
            Operator::After => read(values, time, |all| Self::Time(Ordering::is_gt, all)),
            Operator::SemverEqual => read(values, version, |all| Self::Semver(Ordering::is_eq, all)),
            Operator::SemverLessThan => read(values, version, |all| Self::Semver(Ordering::is_lt, all)),
            Operator::SemverGreaterThan => read(values, version, |all| Self::Semver(Ordering::is_gt, all)),
        }
    }

    /// Returns the texts of which one must be equal; none where something else is asked. Values of other types are none
    /// of them: no text is equal to them.
    pub(super) fn texts(&self) -> Option<Vec<&str>> {
        match self {
            Self::Equal(values) => Some(values.iter().filter_map(Value::as_text).collect()),
            Self::EqualText(texts) => Some(texts.iter().map(String::as_str).collect()),
            _ => None,
        }
    }

    fn equal(values: &[Value]) -> Self {
        let texts: Option<HashSet<String>> =
            values.iter().map(|value| value.as_text().map(str::to_owned)).collect();
        match texts {
            Some(texts) if values.len() >= SET_FROM => Self::EqualText(texts),
            _ => Self::Equal(values.to_vec()),
        }
    }

    /// Tells whether the value matches one of the wanted ones; none if the operator cannot read it. Of a list
    /// any element may match; a list with elements of which none can be read cannot be read itself.
    #[inline]
    pub(super) fn matches(&self, actual: ValueRef<'_>) -> Option<bool> {
        let ValueRef::List(elements) = actual else { return self.matches_one(actual) };
        let mut readable = elements.is_empty();
        for element in elements {
            match ValueRef::of(element).and_then(|element| self.matches_one(element)) {
                Some(true) => return Some(true),
                Some(false) => readable = true,
                None => {}
            }
        }
        readable.then_some(false)
    }

    fn matches_one(&self, actual: ValueRef<'_>) -> Option<bool> {
        let text = || match actual {
            ValueRef::Text(text) => Some(text),
            _ => None,
        };
        Some(match self {
            Self::Equal(wanted) => {
                if matches!(actual, ValueRef::List(_) | ValueRef::Object(_)) {
                    return None;
                }
                wanted.iter().any(|wanted| equal(wanted, actual))
            }
            Self::EqualText(wanted) => match actual {
                ValueRef::Text(text) => wanted.contains(text),
                ValueRef::Bool(_) | ValueRef::Number(_) => false,
                ValueRef::List(_) | ValueRef::Object(_) => return None,
            },
            Self::Starts(wanted) => {
                let text = text()?;
                wanted.iter().any(|wanted| text.starts_with(wanted.as_str()))
            }
            Self::Ends(wanted) => {
                let text = text()?;
                wanted.iter().any(|wanted| text.ends_with(wanted.as_str()))
            }
            Self::Contains(wanted) => {
                let text = text()?;
                wanted.iter().any(|wanted| text.contains(wanted.as_str()))
            }
            Self::Matches(wanted) => {
                let text = text()?;
                wanted.iter().any(|wanted| wanted.is_match(text))
            }
            Self::Number(holds, wanted) => {
                let ValueRef::Number(number) = actual else { return None };
                wanted.iter().any(|wanted| number.compare(*wanted).is_some_and(holds))
            }
            Self::Time(holds, wanted) => {
                let time = time_of(actual)?;
                wanted.iter().any(|wanted| holds(time.cmp(wanted)))
            }
            Self::Semver(holds, wanted) => {
                let version = Version::parse(text()?).ok()?;
                wanted.iter().any(|wanted| holds(version.cmp_precedence(wanted)))
            }
        })
    }
}

/// Reads the values one by one, and tells whether all could be read.
fn read<T>(
    values: &[Value],
    one: impl Fn(&Value) -> Option<T>,
    wanted: impl Fn(Vec<T>) -> Wanted,
) -> (Wanted, bool) {
    let readable: Vec<T> = values.iter().filter_map(one).collect();
    let fits = readable.len() == values.len();
    (wanted(readable), fits)
}

/// Compares strictly: "1" is not 1, but 7 is 7.0.
fn equal(wanted: &Value, actual: ValueRef<'_>) -> bool {
    match (wanted, actual) {
        (Value::Text(wanted), ValueRef::Text(actual)) => wanted == actual,
        (Value::Number(wanted), ValueRef::Number(actual)) => *wanted == actual,
        (Value::Bool(wanted), ValueRef::Bool(actual)) => *wanted == actual,
        _ => false,
    }
}
