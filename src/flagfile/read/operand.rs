//! The values of a clause: each operator wants its own type, checked when the file is read.

use super::reader::Reader;
use super::text::{fragment, quoted};
use crate::flagfile::syntax::{Data, Entry, Node};
use crate::model::{Operator, TimeError, Timestamp, Value};

impl<'a> Reader<'a> {
    /// Reads `values` for an operator other than `segment`.
    pub(super) fn operands(&mut self, entry: &'a Entry<'a>, operator: Operator) -> Option<Vec<Value>> {
        let items = self.list(Some(entry), "[\"…\"]")?;
        if items.is_empty() {
            self.wrong(entry.value.span, "`values` is empty: nothing can match", "values = [\"…\"]");
            return None;
        }
        let mut values = Vec::with_capacity(items.len());
        for item in items {
            values.extend(self.operand(item, operator));
        }
        (values.len() == items.len()).then_some(values)
    }

    fn operand(&mut self, node: &'a Node<'a>, operator: Operator) -> Option<Value> {
        if matches!(node.data, Data::Broken) {
            return None;
        }
        match operator {
            Operator::In => match &node.data {
                Data::Text(text) => Some(Value::from(text.as_ref())),
                Data::Boolean(value) => Some(Value::from(*value)),
                Data::Integer(_) | Data::Float(_) => self.number(node).map(Value::Number),
                Data::List(items) => {
                    let fix = items.first().map_or("\"…\"", |item| self.raw(item)).to_owned();
                    self.unfit(node, operator, "text, numbers or booleans", fix)
                }
                _ => self.unfit(node, operator, "text, numbers or booleans", quoted(self.raw(node))),
            },
            Operator::StartsWith | Operator::EndsWith | Operator::Contains => match &node.data {
                Data::Text(text) => Some(Value::from(text.as_ref())),
                _ => self.unfit(node, operator, "text", quoted(self.raw(node))),
            },
            Operator::Matches => self.pattern(node),
            Operator::LessThan
            | Operator::LessThanOrEqual
            | Operator::GreaterThan
            | Operator::GreaterThanOrEqual => match &node.data {
                Data::Integer(_) | Data::Float(_) => self.number(node).map(Value::Number),
                Data::Text(text) if text.parse::<f64>().is_ok_and(f64::is_finite) => {
                    self.unfit(node, operator, "numbers", text.to_string())
                }
                _ => self.unfit(node, operator, "numbers", "7"),
            },
            Operator::Before | Operator::After => self.instant(node, operator),
            Operator::SemverEqual | Operator::SemverLessThan | Operator::SemverGreaterThan => {
                self.version(node, operator)
            }
            Operator::Segment => None,
        }
    }

    fn unfit(
        &mut self,
        node: &Node<'_>,
        operator: Operator,
        wanted: &str,
        fix: impl Into<String>,
    ) -> Option<Value> {
        let message = format!("`{}` compares with {wanted}, not {}", operator.word(), node.data.kind());
        self.wrong(node.span, message, fix);
        None
    }

    fn pattern(&mut self, node: &Node<'_>) -> Option<Value> {
        let Data::Text(text) = &node.data else {
            return self.unfit(node, Operator::Matches, "regular expressions", quoted(self.raw(node)));
        };
        if let Err(error) = regex::Regex::new(text) {
            let message = format!("not a regular expression: {}", why(&error));
            self.wrong(node.span, message, quoted(&regex::escape(&fragment(text))));
            return None;
        }
        Some(Value::from(text.as_ref()))
    }

    fn instant(&mut self, node: &Node<'_>, operator: Operator) -> Option<Value> {
        let text = match &node.data {
            Data::Integer(_) => return self.number(node).map(Value::Number),
            Data::Text(text) => text.to_string(),
            Data::Datetime(datetime) => datetime.to_string(),
            _ => return self.unfit(node, operator, "times", "\"2027-03-31T00:00:00Z\""),
        };
        match Timestamp::parse(&text) {
            Ok(_) => Some(Value::Text(text)),
            Err(error) => {
                let date = text.parse::<toml::value::Datetime>().ok();
                let fix = match (date, &error) {
                    (Some(toml::value::Datetime { date: Some(date), time: None, .. }), _) => {
                        quoted(&format!("{date}T00:00:00Z"))
                    }
                    (_, TimeError::NoZone(_)) => quoted(&format!("{}Z", text.trim().replace(' ', "T"))),
                    _ => quoted("2027-03-31T00:00:00Z"),
                };
                self.wrong(node.span, fragment(&error.to_string()), fix);
                None
            }
        }
    }

    fn version(&mut self, node: &Node<'_>, operator: Operator) -> Option<Value> {
        let Data::Text(text) = &node.data else {
            let fix = completed(self.raw(node)).map_or_else(|| quoted("1.2.0"), |version| quoted(&version));
            return self.unfit(node, operator, "versions, written as text", fix);
        };
        if let Err(error) = semver::Version::parse(text) {
            let fix = completed(text).unwrap_or_else(|| "1.2.0".to_owned());
            let message = format!("`{}` is no semantic version: {error}", fragment(text));
            self.wrong(node.span, message, quoted(&fix));
            return None;
        }
        Some(Value::from(text.as_ref()))
    }
}

/// Returns why a pattern is none, on one line.
fn why(error: &regex::Error) -> String {
    let text = error.to_string();
    let last = text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("").trim();
    last.strip_prefix("error: ").unwrap_or(last).to_owned()
}

/// Returns `v1.2` as `1.2.0`, if that makes it a version.
fn completed(text: &str) -> Option<String> {
    let core = text.trim().trim_start_matches(['v', 'V']);
    [core.to_owned(), format!("{core}.0"), format!("{core}.0.0")]
        .into_iter()
        .find(|version| semver::Version::parse(version).is_ok())
}
