//! When two clauses, or two values, mean the same.

use crate::model::{Clause, Operator, Value};

/// Tells whether two clauses match the same contexts, as far as their text tells: one value is enough, so their order
/// and repetitions mean nothing.
pub(super) fn same_clause(a: &Clause, b: &Clause) -> bool {
    let subject = a.operator == Operator::Segment || (&a.kind, &a.attribute) == (&b.kind, &b.attribute);
    let within =
        |all: &[Value], of: &[Value]| all.iter().all(|value| of.iter().any(|other| same_value(value, other)));
    subject
        && (a.operator, a.negate) == (b.operator, b.negate)
        && within(&a.values, &b.values)
        && within(&b.values, &a.values)
}

/// Tells whether two lists of clauses, of which all must match, hold the same ones in any order.
pub(super) fn same_clauses(a: &[Clause], b: &[Clause]) -> bool {
    let within = |all: &[Clause], of: &[Clause]| {
        all.iter().all(|clause| of.iter().any(|other| same_clause(clause, other)))
    };
    within(a, b) && within(b, a)
}

/// Tells whether two values are the same JSON; the keys of an object have no order.
pub(super) fn same_value(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => {
            let has = |all: &[(String, Value)], key: &str, value: &Value| {
                all.iter().any(|(other, with)| other == key && same_value(value, with))
            };
            a.len() == b.len() && a.iter().all(|(key, value)| has(b, key, value))
        }
        (Value::List(a), Value::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_value(a, b))
        }
        (a, b) => a == b,
    }
}
