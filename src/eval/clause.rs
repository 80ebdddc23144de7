//! Clauses: compiled per operator, matched against a borrowed value.

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
}

/// What a clause asks.
#[derive(Debug)]
pub(super) enum Test {
    /// An attribute against values.
    Attribute(AttributeId, Wanted),
    /// Membership in one of these segments; the name, and the segment where one is defined.
    Segments(Vec<(String, Option<SegmentId>)>),
    /// The names of the user's segments against values: given ones, and all that are defined.
    SegmentNames { given: AttributeId, all: Vec<(String, Option<SegmentId>)>, wanted: Wanted },
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
    Number(fn(std::cmp::Ordering) -> bool, Vec<Number>),
    Time(fn(std::cmp::Ordering) -> bool, Vec<Timestamp>),
    Semver(fn(std::cmp::Ordering) -> bool, Vec<Version>),
}

/// From how many texts on a set is quicker than a comparison one by one.
const SET_FROM: usize = 8;

impl CompiledClause {
    pub(super) fn compile(clause: &Clause, compiler: &mut Compiler<'_, '_>) -> Self {
        let on_segments = clause.kind.is_user() && clause.attribute == "segments";
        let test = if clause.operator == Operator::Segment || (on_segments && clause.operator == Operator::In)
        {
            compiler.optional(&ContextKind::user(), "segments");
            let names = clause.values.iter().filter_map(Value::as_text);
            Test::Segments(names.map(|name| (name.to_owned(), compiler.segment(name))).collect())
        } else if on_segments {
            let given = compiler.optional(&clause.kind, &clause.attribute);
            Test::SegmentNames { given, all: compiler.every_segment(), wanted: Wanted::compile(clause) }
        } else {
            let attribute = compiler.attribute(&clause.kind, &clause.attribute);
            Test::Attribute(attribute, Wanted::compile(clause))
        };
        Self { source: clause.clone(), test }
    }
}

impl Wanted {
    /// Returns the wanted values of a clause; what does not fit its operator is left out and so never matches.
    fn compile(clause: &Clause) -> Self {
        let values = &clause.values;
        let texts = || values.iter().filter_map(Value::as_text).map(str::to_owned).collect::<Vec<_>>();
        let numbers = || {
            let number = |value: &Value| match value {
                Value::Number(number) => Some(*number),
                _ => None,
            };
            values.iter().filter_map(number).collect()
        };
        let times = || values.iter().filter_map(|value| time_of(ValueRef::of(value)?)).collect();
        let versions = || values.iter().filter_map(|value| Version::parse(value.as_text()?).ok()).collect();
        match clause.operator {
            Operator::In | Operator::Segment => {
                let texts = texts();
                if texts.len() == values.len() && texts.len() >= SET_FROM {
                    Self::EqualText(texts.into_iter().collect())
                } else {
                    Self::Equal(values.clone())
                }
            }
            Operator::StartsWith => Self::Starts(texts()),
            Operator::EndsWith => Self::Ends(texts()),
            Operator::Contains => Self::Contains(texts()),
            Operator::Matches => {
                Self::Matches(texts().iter().filter_map(|text| Regex::new(text).ok()).collect())
            }
            Operator::LessThan => Self::Number(std::cmp::Ordering::is_lt, numbers()),
            Operator::LessThanOrEqual => Self::Number(std::cmp::Ordering::is_le, numbers()),
            Operator::GreaterThan => Self::Number(std::cmp::Ordering::is_gt, numbers()),
            Operator::GreaterThanOrEqual => Self::Number(std::cmp::Ordering::is_ge, numbers()),
            Operator::Before => Self::Time(std::cmp::Ordering::is_lt, times()),
            Operator::After => Self::Time(std::cmp::Ordering::is_gt, times()),
            Operator::SemverEqual => Self::Semver(std::cmp::Ordering::is_eq, versions()),
            Operator::SemverLessThan => Self::Semver(std::cmp::Ordering::is_lt, versions()),
            Operator::SemverGreaterThan => Self::Semver(std::cmp::Ordering::is_gt, versions()),
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

/// Compares strictly: "1" is not 1, but 7 is 7.0.
fn equal(wanted: &Value, actual: ValueRef<'_>) -> bool {
    match (wanted, actual) {
        (Value::Text(wanted), ValueRef::Text(actual)) => wanted == actual,
        (Value::Number(wanted), ValueRef::Number(actual)) => *wanted == actual,
        (Value::Bool(wanted), ValueRef::Bool(actual)) => *wanted == actual,
        _ => false,
    }
}
