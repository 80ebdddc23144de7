//! Clauses that can never hold together.

use crate::model::{Clause, Operator, Value};

use super::candidates::candidates;
use super::known::{Holds, is_pattern, never, reads_numbers, reads_text};
use super::trial::Trial;

/// Why clauses that must all match never do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::lint) struct Contradiction {
    /// The clause to point at, from 0.
    pub(in crate::lint) clause: usize,
    /// Why: a lower-case fragment.
    pub(in crate::lint) why: String,
}

/// Returns why the clauses never match together; none if they may, or nothing can be proved.
pub(in crate::lint) fn contradiction(when: &[Clause]) -> Option<Contradiction> {
    for (clause, one) in when.iter().enumerate() {
        if let Some(why) = never(one) {
            return Some(Contradiction { clause, why });
        }
        if Holds::of(one) == Holds::Days && clash(&[one]) {
            let why = format!("no whole number of days matches `{one}`");
            return Some(Contradiction { clause, why });
        }
    }
    for (clause, later) in when.iter().enumerate() {
        let mut before = when[..clause].iter().filter(|earlier| same_subject(earlier, later));
        if let Some(earlier) = before.find(|earlier| clash(&[earlier, later])) {
            return Some(Contradiction {
                clause,
                why: format!("nothing matches both `{earlier}` and `{later}`"),
            });
        }
    }
    for (clause, last) in when.iter().enumerate() {
        let together: Vec<&Clause> =
            when[..=clause].iter().filter(|other| same_subject(other, last)).collect();
        if together.len() > 2 && clash(&together) {
            let words: Vec<String> = together.iter().map(|clause| format!("`{clause}`")).collect();
            let why = format!("nothing matches all of {}", words.join(", "));
            return Some(Contradiction { clause, why });
        }
    }
    None
}

fn same_subject(one: &Clause, other: &Clause) -> bool {
    let segments = |clause: &Clause| clause.operator == Operator::Segment;
    segments(one) == segments(other) && one.kind == other.kind && one.attribute == other.attribute
}

/// Tells whether clauses on one attribute are known to match nothing together.
fn clash(clauses: &[&Clause]) -> bool {
    let (negated, wanted): (Vec<&Clause>, Vec<&Clause>) =
        clauses.iter().copied().partition(|clause| clause.negate);
    if wanted.iter().any(|wanted| is_taken_away(wanted, &negated)) {
        return true;
    }
    let Some(first) = clauses.first().filter(|first| first.operator != Operator::Segment) else {
        return false;
    };
    let reads = |by: fn(Operator) -> bool| clauses.iter().any(|clause| by(clause.operator));
    if reads(reads_numbers) && reads(reads_text) {
        return true;
    }
    let named = |clause: &&Clause| clause.operator == Operator::In;
    // Each wanted list of values must have one that is not taken away, whether the attribute is one value or a list.
    for wanted in wanted.iter().copied().filter(named) {
        let mut with: Vec<&Clause> = negated.clone();
        with.push(wanted);
        if !any_passes(&with, &wanted.values, first) {
            return true;
        }
    }
    // A list may hold one value for each clause, so from here on the attribute must be one value.
    let texts = wanted.iter().filter(|clause| asks_for_text(clause)).count();
    if Holds::of(first) == Holds::Anything && texts > 1 {
        return false;
    }
    if let Some(wanted) = wanted.iter().copied().find(named) {
        return !any_passes(clauses, &wanted.values, first);
    }
    let bounded = !wanted.is_empty() || Holds::of(first) == Holds::Days;
    bounded && !reads(is_pattern) && !any_passes(clauses, &candidates(clauses), first)
}

/// Tells whether negated clauses of the same operator exclude all that `wanted` asks for.
fn is_taken_away(wanted: &Clause, negated: &[&Clause]) -> bool {
    let same = || negated.iter().filter(|clause| clause.operator == wanted.operator);
    let excluded = |value: &Value| same().any(|clause| clause.values.contains(value));
    wanted.values.iter().all(excluded)
}

fn asks_for_text(clause: &Clause) -> bool {
    let named =
        clause.operator == Operator::In && clause.values.iter().any(|value| value.as_text().is_some());
    named || is_pattern(clause.operator)
}

fn any_passes(clauses: &[&Clause], values: &[Value], of: &Clause) -> bool {
    let holds = Holds::of(of);
    let Some(trial) = Trial::of(clauses) else { return true };
    values.iter().filter(|value| holds.takes(value)).any(|value| trial.passes(value))
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::support::when;

    use super::*;

    fn why(clauses: &str) -> Option<(usize, String)> {
        contradiction(&when(clauses)).map(|found| (found.clause, found.why))
    }

    #[test]
    fn ranges_that_do_not_meet() {
        let range = |low: &str, high: &str| {
            format!(
                "{{ attribute = \"n\", op = \"greater_than\", values = [{low}] }}, {{ attribute = \"n\", op = \"less_than\", values = [{high}] }}"
            )
        };
        let found = why(&range("7", "3")).expect("a contradiction");
        assert_eq!(
            found,
            (1, "nothing matches both `n is greater than 7` and `n is less than 3`".to_owned())
        );
        assert!(why(&range("3", "3")).is_some());
        assert_eq!(why(&range("3", "3.001")), None);
        assert_eq!(why(&range("3", "4")), None, "3.5 lies between");
        assert_eq!(why(&range("3", "2, 9")), None, "one of the values is enough");
        assert!(why(&range("9007199254740993", "3")).is_some());
    }

    #[test]
    fn accounts_are_whole_days_old() {
        let age = |op: &str, value: &str| {
            format!("{{ attribute = \"account_age_days\", op = \"{op}\", values = [{value}] }}")
        };
        assert!(why(&format!("{}, {}", age("greater_than", "6"), age("less_than", "7"))).is_some());
        assert_eq!(why(&format!("{}, {}", age("greater_than", "5"), age("less_than", "7"))), None);
        assert!(why(&age("less_than", "0")).expect("none").1.contains("no whole number of days"));
        assert_eq!(why(&age("less_than", "1")), None);
        assert!(why(&age("in", "\"7\"")).expect("none").1.contains("is a number, never text"));
        assert!(why(&age("starts_with", "\"7\"")).is_some());
        assert_eq!(why(&age("in", "7")), None);
    }

    #[test]
    fn what_is_wanted_is_taken_away() {
        let clause = |op: &str, values: &str, negate: bool| {
            format!("{{ attribute = \"plan\", op = \"{op}\", values = [{values}], negate = {negate} }}")
        };
        let both = |one: String, other: String| why(&format!("{one}, {other}"));
        assert!(both(clause("in", "\"a\"", false), clause("in", "\"a\", \"b\"", true)).is_some());
        assert_eq!(both(clause("in", "\"a\", \"b\"", false), clause("in", "\"a\"", true)), None);
        assert!(both(clause("starts_with", "\"a\"", false), clause("starts_with", "\"a\"", true)).is_some());
        assert!(both(clause("in", "\"ab\"", false), clause("starts_with", "\"a\"", true)).is_some());
        assert_eq!(both(clause("starts_with", "\"ab\"", false), clause("starts_with", "\"b\"", true)), None);
        assert_eq!(both(clause("matches", "\"^a\"", false), clause("matches", "\"z$\"", true)), None);
        let three =
            [clause("in", "\"a\", \"b\"", false), clause("in", "\"a\"", true), clause("in", "\"b\"", true)];
        assert!(why(&three.join(", ")).expect("none is left").1.starts_with("nothing matches all of"));
    }

    #[test]
    fn a_list_may_hold_one_value_for_each_clause() {
        let roles = "{ attribute = \"roles\", op = \"in\", values = [\"admin\"] }, { attribute = \"roles\", op = \"in\", values = [\"editor\"] }";
        assert_eq!(why(roles), None);
        assert!(why(&roles.replace("roles", "key")).is_some(), "a key is one text");
        assert!(
            why(&roles.replace("\"admin\"", "1").replace("\"editor\"", "2")).is_some(),
            "numbers are no lists"
        );
        assert_eq!(why(&roles.replace("roles", "email_domain").replace("editor", "admin")), None);
    }

    #[test]
    fn types_that_exclude_each_other() {
        let clause = |attribute: &str, op: &str, value: &str| {
            format!("{{ attribute = \"{attribute}\", op = \"{op}\", values = [{value}] }}")
        };
        assert!(why(&clause("key", "less_than", "5")).expect("none").1.contains("always text"));
        assert!(why(&clause("key", "in", "42")).expect("none").1.contains("never a number"));
        assert!(why(&clause("email_domain", "in", "\"@a.co\"")).is_some());
        assert_eq!(why(&clause("email_domain", "in", "\"@a.co\", \"b.co\"")), None);
        let mixed = format!("{}, {}", clause("n", "less_than", "5"), clause("n", "starts_with", "\"a\""));
        assert!(why(&mixed).is_some());
        let mixed = format!("{}, {}", clause("n", "less_than", "5"), clause("n", "in", "\"a\""));
        assert!(why(&mixed).is_some());
    }

    #[test]
    fn times_and_versions() {
        let both = |op: [&str; 2], values: [&str; 2]| {
            why(&format!(
                "{{ attribute = \"t\", op = \"{}\", values = [\"{}\"] }}, {{ attribute = \"t\", op = \"{}\", values = [\"{}\"] }}",
                op[0], values[0], op[1], values[1]
            ))
        };
        let times = ["2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z"];
        assert_eq!(both(["after", "before"], times), None);
        assert!(both(["before", "after"], times).is_some());
        let semver = ["semver_greater_than", "semver_less_than"];
        assert_eq!(both(semver, ["1.0.0", "1.0.1"]), None, "1.0.1-0 lies between");
        assert_eq!(both(semver, ["1.0.0-alpha", "1.0.0-beta"]), None);
        assert!(both(semver, ["2.0.0", "1.9.9"]).is_some());
        assert!(both(["semver_equal", "semver_less_than"], ["2.0.0", "1.9.9"]).is_some());
        assert_eq!(both(["semver_equal", "semver_less_than"], ["1.0.0", "1.9.9"]), None);
    }

    #[test]
    fn segments_exclude_themselves() {
        assert!(why("{ segment = \"s\" }, { segment = [\"s\", \"t\"], negate = true }").is_some());
        assert_eq!(why("{ segment = [\"s\", \"t\"] }, { segment = \"s\", negate = true }"), None);
        assert_eq!(why("{ segment = \"s\" }, { segment = \"t\" }"), None);
    }
}
