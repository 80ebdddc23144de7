//! Clauses that hold wherever others do.

use std::cmp::Ordering;

use crate::model::{Clause, Number, Operator, Value};

/// Tells whether everybody who matches all of `narrow` matches all of `wide`. No is the answer where it cannot be told.
pub(in crate::lint) fn implies_all(narrow: &[Clause], wide: &[Clause]) -> bool {
    wide.iter().all(|wide| narrow.iter().any(|narrow| implies(narrow, wide)))
}

fn implies(narrow: &Clause, wide: &Clause) -> bool {
    if narrow == wide {
        return true;
    }
    let comparable =
        narrow.kind == wide.kind && narrow.attribute == wide.attribute && narrow.negate == wide.negate;
    if !comparable {
        return false;
    }
    // What excludes more matches less.
    let (narrow, wide) = if narrow.negate { (wide, narrow) } else { (narrow, wide) };
    if narrow.operator == wide.operator && narrow.values.iter().all(|value| wide.values.contains(value)) {
        return true;
    }
    let bounds = || Some((bound(narrow)?, bound(wide)?));
    match (side(narrow.operator), side(wide.operator), bounds()) {
        (Some((Side::Below, narrow_closed)), Some((Side::Below, wide_closed)), Some((narrow, wide))) => {
            within(narrow.compare(wide), narrow_closed, wide_closed)
        }
        (Some((Side::Above, narrow_closed)), Some((Side::Above, wide_closed)), Some((narrow, wide))) => {
            within(wide.compare(narrow), narrow_closed, wide_closed)
        }
        _ => false,
    }
}

/// Tells whether a bound lies within another, from how the two compare towards the open side.
fn within(order: Option<Ordering>, narrow_closed: bool, wide_closed: bool) -> bool {
    match order {
        Some(Ordering::Less) => true,
        Some(Ordering::Equal) => wide_closed || !narrow_closed,
        _ => false,
    }
}

enum Side {
    Below,
    Above,
}

/// Returns on which side of its bound an operator matches, and whether the bound itself matches.
const fn side(operator: Operator) -> Option<(Side, bool)> {
    match operator {
        Operator::LessThan => Some((Side::Below, false)),
        Operator::LessThanOrEqual => Some((Side::Below, true)),
        Operator::GreaterThan => Some((Side::Above, false)),
        Operator::GreaterThanOrEqual => Some((Side::Above, true)),
        _ => None,
    }
}

/// Returns the value of a clause that has but one, a number.
fn bound(clause: &Clause) -> Option<Number> {
    match clause.values.as_slice() {
        [Value::Number(number)] => Some(*number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::support::when;

    use super::*;

    fn holds(narrow: &str, wide: &str) -> bool {
        implies_all(&when(narrow), &when(wide))
    }

    fn clause(op: &str, values: &str) -> String {
        format!("{{ attribute = \"n\", op = \"{op}\", values = [{values}] }}")
    }

    #[test]
    fn more_clauses_match_less() {
        let (one, other) = (clause("in", "1"), "{ segment = \"s\" }");
        assert!(holds(&format!("{one}, {other}"), other) && holds(other, other));
        assert!(!holds(other, &format!("{one}, {other}")));
    }

    #[test]
    fn fewer_values_match_less() {
        assert!(holds(&clause("in", "1, 2"), &clause("in", "3, 2, 1")));
        assert!(!holds(&clause("in", "1, 4"), &clause("in", "3, 2, 1")));
        assert!(holds("{ segment = \"s\" }", "{ segment = [\"t\", \"s\"] }"));
        assert!(!holds("{ segment = \"s\", negate = true }", "{ segment = [\"t\", \"s\"], negate = true }"));
        assert!(holds("{ segment = [\"t\", \"s\"], negate = true }", "{ segment = \"s\", negate = true }"));
        assert!(!holds(&clause("starts_with", "\"a\""), &clause("ends_with", "\"a\"")));
    }

    #[test]
    fn bounds_lie_within_each_other() {
        for (narrow, wide, expected) in [
            (("less_than", "3"), ("less_than", "7"), true),
            (("less_than", "7"), ("less_than", "3"), false),
            (("less_than", "7"), ("less_than_or_equal", "7"), true),
            (("less_than_or_equal", "7"), ("less_than", "7"), false),
            (("greater_than", "7"), ("greater_than_or_equal", "3.5"), true),
            (("greater_than_or_equal", "7"), ("greater_than", "7"), false),
            (("greater_than", "7"), ("less_than", "9"), false),
        ] {
            assert_eq!(
                holds(&clause(narrow.0, narrow.1), &clause(wide.0, wide.1)),
                expected,
                "{narrow:?} {wide:?}"
            );
        }
    }
}
