//! Every operator: what matches, what does not, what cannot be read.

use super::make::{clause, json, matches, negated, user_with};
use crate::model::{Clause, Context, Operator, Value};

/// What a clause says of a value, with and without `negate`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Says {
    Yes,
    No,
    /// It cannot tell: does not match, negated or not.
    Nothing,
}
use Says::{No, Nothing, Yes};

fn says(operator: Operator, wanted: &str, context: &Context) -> Says {
    let Value::List(wanted) = json(wanted) else { panic!("a list is wanted") };
    let clause: Clause = clause("a", operator, wanted);
    match (matches(clause.clone(), context), matches(negated(clause), context)) {
        (true, false) => Yes,
        (false, true) => No,
        (false, false) => Nothing,
        (true, true) => panic!("a clause and its negation both match"),
    }
}

fn check(operator: Operator, wanted: &str, table: &[(&str, Says)]) {
    for (actual, expected) in table {
        let context = user_with("a", json(actual));
        assert_eq!(says(operator, wanted, &context), *expected, "{actual} {} {wanted}", operator.word());
    }
    assert_eq!(says(operator, wanted, &Context::user("u1")), Nothing, "missing, {}", operator.word());
    assert_eq!(says(operator, wanted, &user_with("a", Value::Null)), Nothing, "null, {}", operator.word());
}

#[test]
fn in_compares_strictly_by_type_and_value() {
    check(
        Operator::In,
        r#"["1", 7, true, "x"]"#,
        &[
            (r#""1""#, Yes),
            ("1", No),
            ("7", Yes),
            ("7.0", Yes),
            (r#""7""#, No),
            ("true", Yes),
            (r#""true""#, No),
            ("false", No),
            (r#""X""#, No),
            (r#"["y", "x"]"#, Yes),
            (r#"["y", "z"]"#, No),
            ("[]", No),
            (r#"[["x"]]"#, Nothing),
            (r#"{"x": 1}"#, Nothing),
        ],
    );
}

#[test]
fn in_with_many_texts_answers_as_with_few() {
    let many = r#"["a","b","c","d","e","f","g","h","1"]"#;
    check(
        Operator::In,
        many,
        &[
            (r#""h""#, Yes),
            (r#""1""#, Yes),
            ("1", No),
            ("true", No),
            (r#""i""#, No),
            (r#"["i", "a"]"#, Yes),
            (r#"["i", 1]"#, No),
            ("{}", Nothing),
        ],
    );
    check(
        Operator::In,
        r#"["a","b","c","d","e","f","g","h",1]"#,
        &[("1", Yes), (r#""h""#, Yes), (r#""1""#, No)],
    );
}

#[test]
fn in_nothing_never_matches_what_is_there() {
    check(Operator::In, "[]", &[(r#""x""#, No), ("1", No)]);
}

#[test]
fn text_operators_read_text_only() {
    let table = |yes: &'static str, no: &'static str| {
        [
            (yes, Yes),
            (no, No),
            ("12", Nothing),
            ("true", Nothing),
            ("{}", Nothing),
            ("[]", No),
            ("[1, 2]", Nothing),
        ]
    };
    check(Operator::StartsWith, r#"["ab", "é"]"#, &table(r#""abc""#, r#""cab""#));
    check(
        Operator::StartsWith,
        r#"["ab", "é"]"#,
        &[(r#""état""#, Yes), (r#""Ab""#, No), (r#"[1, "ab"]"#, Yes)],
    );
    check(Operator::EndsWith, r#"["@agpt.co"]"#, &table(r#""bob@agpt.co""#, r#""bob@agpt.co.uk""#));
    check(Operator::Contains, r#"["x", "lo w"]"#, &table(r#""hello world""#, r#""hello""#));
    check(Operator::Matches, r#"["^b.b$", "[0-9]{3}"]"#, &table(r#""a123""#, r#""bobby""#));
    check(
        Operator::Matches,
        r#"["^b.b$"]"#,
        &[(r#""bob""#, Yes), (r#""a bob""#, No), (r#"["x", "bib"]"#, Yes)],
    );
}

#[test]
fn numbers_compare_by_value() {
    use Operator::{GreaterThan, GreaterThanOrEqual, LessThan, LessThanOrEqual};
    let odd = [(r#""6""#, Nothing), ("true", Nothing), ("[]", No), (r#"["6"]"#, Nothing)];
    for (operator, below, equal, above) in [
        (LessThan, Yes, No, No),
        (LessThanOrEqual, Yes, Yes, No),
        (GreaterThan, No, No, Yes),
        (GreaterThanOrEqual, No, Yes, Yes),
    ] {
        check(
            operator,
            "[7]",
            &[("6", below), ("6.999", below), ("7", equal), ("7.0", equal), ("7.001", above), ("8", above)],
        );
        check(operator, "[7.0]", &[("7", equal), ("-1e300", below), ("1e300", above)]);
        check(operator, "[7]", &odd);
    }
    check(LessThan, "[1, 10]", &[("5", Yes), ("10", No)]);
    check(GreaterThan, "[10]", &[("[1, 11]", Yes), ("[1, 2]", No)]);
}

#[test]
fn times_have_a_zone_or_are_epoch_milliseconds() {
    let table = |before, after| {
        [
            (r#""2026-09-19T23:59:59Z""#, before),
            (r#""2026-09-20T00:00:00Z""#, No),
            (r#""2026-09-20T02:00:00+02:00""#, No),
            (r#""2026-09-20T01:59:59+02:00""#, before),
            (r#""2026-09-20T00:00:00.001Z""#, after),
            ("1789862399999", before),
            ("1789862400000", No),
            ("1789862400001", after),
            ("1789862400001.0", after),
            ("1789862400000.5", Nothing),
            (r#""2026-09-19T23:59:59""#, Nothing),
            (r#""2026-09-19""#, Nothing),
            (r#""1789862399999""#, Nothing),
            (r#""soon""#, Nothing),
            ("true", Nothing),
        ]
    };
    for wanted in [r#"["2026-09-20T00:00:00Z"]"#, r#"["2026-09-20T02:00:00+02:00"]"#, "[1789862400000]"] {
        check(Operator::Before, wanted, &table(Yes, No));
        check(Operator::After, wanted, &table(No, Yes));
    }
}

#[test]
fn versions_follow_the_precedence_of_semver() {
    let table = |below, equal, above| {
        [
            (r#""1.9.9""#, below),
            (r#""2.0.0-rc.1""#, below),
            (r#""2.0.0""#, equal),
            (r#""2.0.0+build.5""#, equal),
            (r#""2.0.1""#, above),
            (r#""10.0.0""#, above),
            (r#""2.0""#, Nothing),
            (r#""v2.0.0""#, Nothing),
            ("2", Nothing),
        ]
    };
    check(Operator::SemverEqual, r#"["2.0.0"]"#, &table(No, Yes, No));
    check(Operator::SemverLessThan, r#"["2.0.0"]"#, &table(Yes, No, No));
    check(Operator::SemverGreaterThan, r#"["2.0.0"]"#, &table(No, No, Yes));
}

#[test]
fn a_wanted_value_that_cannot_be_read_never_lets_anybody_in() {
    let unread = [
        (Operator::Matches, r#"["("]"#, r#""x""#),
        (Operator::LessThan, r#"["7"]"#, "6"),
        (Operator::Before, r#"["2026-09-20"]"#, "0"),
        (Operator::SemverEqual, r#"["2.0"]"#, r#""2.0.0""#),
        (Operator::StartsWith, "[1]", r#""1""#),
    ];
    for (operator, wanted, actual) in unread {
        check(operator, wanted, &[(actual, Nothing)]);
    }
    check(Operator::Matches, r#"["(", "^b"]"#, &[(r#""bob""#, Yes), (r#""x""#, Nothing)]);
}
