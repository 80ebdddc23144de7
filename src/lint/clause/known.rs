//! Attributes of which is known what they can hold.

use crate::model::{Clause, Number, Operator, Value};

/// What an attribute holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// One text: a key, or the domain of an address.
    Text,
    /// One whole number from 0.
    Days,
    /// Anything, a list too.
    Anything,
}

impl Holds {
    /// Returns what the attribute of a clause holds.
    pub(super) fn of(clause: &Clause) -> Self {
        match clause.attribute.as_str() {
            "key" => Self::Text,
            "email_domain" if clause.kind.is_user() => Self::Text,
            "account_age_days" if clause.kind.is_user() => Self::Days,
            _ => Self::Anything,
        }
    }

    /// Tells whether a value can stand there.
    pub(super) fn takes(self, value: &Value) -> bool {
        match (self, value) {
            (Self::Anything, _) | (Self::Text, Value::Text(_)) => true,
            (Self::Days, Value::Number(number)) => {
                number.whole().is_some()
                    && number.compare(Number::Integer(0)).is_some_and(std::cmp::Ordering::is_ge)
            }
            _ => false,
        }
    }
}

/// Tells whether an operator reads numbers alone.
pub(super) const fn reads_numbers(operator: Operator) -> bool {
    matches!(
        operator,
        Operator::LessThan | Operator::LessThanOrEqual | Operator::GreaterThan | Operator::GreaterThanOrEqual
    )
}

/// Tells whether an operator reads text alone.
pub(super) const fn reads_text(operator: Operator) -> bool {
    is_pattern(operator)
        || matches!(operator, Operator::SemverEqual | Operator::SemverLessThan | Operator::SemverGreaterThan)
}

/// Tells whether an operator looks into a text, so that no few values stand for all that it matches.
pub(super) const fn is_pattern(operator: Operator) -> bool {
    matches!(operator, Operator::StartsWith | Operator::EndsWith | Operator::Contains | Operator::Matches)
}

/// Returns why a clause alone never matches, by what its attribute holds; none if it may.
pub(super) fn never(clause: &Clause) -> Option<String> {
    let (attribute, word) = (&clause.attribute, clause.operator.word());
    let holds = Holds::of(clause);
    let named = !clause.negate && clause.operator == Operator::In;
    match holds {
        Holds::Text if reads_numbers(clause.operator) => {
            Some(format!("`{attribute}` is always text, which `{word}` cannot read"))
        }
        Holds::Text if named && clause.values.iter().all(|value| !matches!(value, Value::Text(_))) => {
            Some(format!("`{attribute}` is always text, never {}", clause.values.first()?.kind()))
        }
        Holds::Text if named && attribute == "email_domain" => {
            let all =
                clause.values.iter().all(|value| value.as_text().is_some_and(|text| text.contains('@')));
            all.then(|| "a domain is what stands behind the `@`".to_owned())
        }
        Holds::Days if reads_text(clause.operator) => {
            Some(format!("`{attribute}` is a number, which `{word}` cannot read"))
        }
        Holds::Days if named && clause.values.iter().all(|value| !matches!(value, Value::Number(_))) => {
            Some(format!("`{attribute}` is a number, never {}", clause.values.first()?.kind()))
        }
        Holds::Text | Holds::Days | Holds::Anything => None,
    }
}
