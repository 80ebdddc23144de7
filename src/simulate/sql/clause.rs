//! Clauses and segments as conditions. What is missing is NULL, and NULL matches nothing, negated or not.

use crate::eval::World;
use crate::model::{Clause, Operator, Segment, Value};

use super::dialect::Dialect;
use super::table::Asked;

/// How deep segments may be made of segments.
const DEEPEST: usize = 20;

/// Writes conditions of one world.
pub(super) struct Conditions<'a> {
    pub(super) world: &'a dyn World,
    pub(super) asked: &'a Asked<'a>,
}

impl Conditions<'_> {
    /// Returns the condition that all clauses match.
    ///
    /// # Errors
    /// What SQL cannot say.
    pub(super) fn all(&self, clauses: &[Clause]) -> Result<String, String> {
        self.all_within(clauses, 0)
    }

    fn all_within(&self, clauses: &[Clause], depth: usize) -> Result<String, String> {
        if clauses.is_empty() {
            return Ok("1 = 1".to_owned());
        }
        let conditions: Vec<String> =
            clauses.iter().map(|clause| self.clause(clause, depth)).collect::<Result<_, _>>()?;
        Ok(conditions.join(" AND "))
    }

    fn clause(&self, clause: &Clause, depth: usize) -> Result<String, String> {
        let by_name = clause.kind.is_user() && clause.attribute == "segments";
        let condition = match clause.operator {
            Operator::Segment => self.segments(clause, depth)?,
            Operator::In if by_name => self.segments(clause, depth)?,
            _ if by_name => return Err(said(clause, "asks for the names of all segments")),
            _ => self.values(clause)?,
        };
        Ok(if clause.negate { format!("NOT ({condition})") } else { format!("({condition})") })
    }

    fn values(&self, clause: &Clause) -> Result<String, String> {
        let dialect = self.asked.dialect;
        if clause.values.is_empty() {
            return Err(said(clause, "has no values"));
        }
        let texts = |write: fn(Dialect, &str, &str) -> Option<String>| -> Result<String, String> {
            let column = self.asked.attribute(&clause.kind, &clause.attribute, true);
            let one = |value: &Value| {
                let text = value.as_text().ok_or_else(|| said(clause, "compares text with what is none"))?;
                write(dialect, &column, text).ok_or_else(|| unwritable(clause))
            };
            let all: Vec<String> = clause.values.iter().map(one).collect::<Result<_, _>>()?;
            Ok(all.join(" OR "))
        };
        match clause.operator {
            Operator::In => self.one_of(clause),
            Operator::StartsWith => texts(Dialect::starts),
            Operator::EndsWith => texts(Dialect::ends),
            Operator::Contains => texts(Dialect::contains),
            Operator::LessThan => self.numbers(clause, "<"),
            Operator::LessThanOrEqual => self.numbers(clause, "<="),
            Operator::GreaterThan => self.numbers(clause, ">"),
            Operator::GreaterThanOrEqual => self.numbers(clause, ">="),
            Operator::Matches => {
                Err(said(clause, "is a regular expression, which every database reads its own way"))
            }
            Operator::Before | Operator::After => {
                Err(said(clause, "compares times, which tables keep in forms of their own"))
            }
            Operator::SemverEqual | Operator::SemverLessThan | Operator::SemverGreaterThan => {
                Err(said(clause, "compares versions, which SQL does not know"))
            }
            Operator::Segment => self.segments(clause, 0),
        }
    }

    fn one_of(&self, clause: &Clause) -> Result<String, String> {
        let dialect = self.asked.dialect;
        let column = |as_text| self.asked.attribute(&clause.kind, &clause.attribute, as_text);
        let all = |is: fn(&Value) -> bool| clause.values.iter().all(is);
        if all(|value| matches!(value, Value::Text(_))) {
            let texts = clause.values.iter().filter_map(Value::as_text);
            return dialect.is_one_of(&column(true), texts).ok_or_else(|| unwritable(clause));
        }
        if all(|value| matches!(value, Value::Number(_))) {
            let numbers: Vec<String> = clause.values.iter().map(ToString::to_string).collect();
            return Ok(format!("{} IN ({})", column(false), numbers.join(", ")));
        }
        if all(|value| matches!(value, Value::Bool(_))) {
            let words = clause.values.iter().map(|value| match value {
                Value::Bool(true) => format!("{} = TRUE", column(false)),
                _ => format!("{} = FALSE", column(false)),
            });
            return Ok(words.collect::<Vec<_>>().join(" OR "));
        }
        Err(said(clause, "compares with values of several types, or with lists"))
    }

    fn numbers(&self, clause: &Clause, sign: &str) -> Result<String, String> {
        let column = self.asked.attribute(&clause.kind, &clause.attribute, false);
        let one = |value: &Value| match value {
            Value::Number(number) => Ok(format!("{column} {sign} {}", Value::Number(*number))),
            _ => Err(said(clause, "compares numbers with what is none")),
        };
        let conditions: Vec<String> = clause.values.iter().map(one).collect::<Result<_, _>>()?;
        Ok(conditions.join(" OR "))
    }

    /// Membership is always known: who has no key is no member by key.
    fn segments(&self, clause: &Clause, depth: usize) -> Result<String, String> {
        if depth > DEEPEST {
            return Err(said(clause, "is made of segments of segments too deep to write down"));
        }
        let mut conditions = Vec::new();
        for name in clause.values.iter().filter_map(Value::as_text) {
            // A segment that nobody defined has no members.
            if let Some(segment) = self.world.segment(name) {
                conditions.push(self.segment(&segment, depth)?);
            }
        }
        if conditions.is_empty() { Ok("1 = 0".to_owned()) } else { Ok(conditions.join(" OR ")) }
    }

    fn segment(&self, segment: &Segment, depth: usize) -> Result<String, String> {
        let dialect = self.asked.dialect;
        let keys = |keys: &indexmap::IndexSet<String>| -> Result<Option<String>, String> {
            if keys.is_empty() {
                return Ok(None);
            }
            let among = dialect.is_one_of(Asked::ID, keys.iter().map(String::as_str));
            let unwritable = || format!("a key of the segment `{}` cannot be written in SQL", segment.name);
            among.map(Some).ok_or_else(unwritable)
        };
        let mut whens = Vec::new();
        if let Some(excluded) = keys(&segment.excluded)? {
            whens.push(format!("WHEN {excluded} THEN 0"));
        }
        if let Some(included) = keys(&segment.included)? {
            whens.push(format!("WHEN {included} THEN 1"));
        }
        for rule in &segment.rules {
            whens.push(format!("WHEN {} THEN 1", self.all_within(&rule.when, depth + 1)?));
        }
        if whens.is_empty() {
            return Ok("1 = 0".to_owned());
        }
        Ok(format!("CASE {} ELSE 0 END = 1", whens.join(" ")))
    }
}

fn unwritable(clause: &Clause) -> String {
    said(clause, "holds what cannot be written in SQL")
}

fn said(clause: &Clause, what: &str) -> String {
    format!("`{clause}` {what}")
}
