//! Attributes that are derived unless they are supplied.

use super::make::{NOW, clause, json, matches, negated, user_with};
use crate::model::{Clause, Context, ContextKind, Operator, Timestamp, Value};

fn domain(wanted: &str) -> Clause {
    clause("email_domain", Operator::In, [Value::from(wanted)])
}

/// Returns the age in days that a user created so many milliseconds before now has, found by asking.
fn age(created_at: impl Into<Value>) -> Option<i64> {
    let context = user_with("created_at", created_at);
    (0..100).find(|days| matches(clause("account_age_days", Operator::In, [Value::from(*days)]), &context))
}

#[test]
fn email_domain_is_what_follows_the_last_at_sign() {
    assert!(matches(domain("agpt.co"), &user_with("email", "bob@agpt.co")));
    assert!(matches(domain("agpt.co"), &user_with("email", "\"a@b\"@agpt.co")));
    assert!(!matches(domain("agpt.co"), &user_with("email", "bob@sub.agpt.co")));
    for none in ["bob", "bob@", ""] {
        let context = user_with("email", none);
        assert!(!matches(domain(""), &context) && !matches(negated(domain("agpt.co")), &context), "{none}");
    }
    assert!(!matches(negated(domain("agpt.co")), &user_with("email", 7_i64)));
}

#[test]
fn a_supplied_value_wins_over_the_derived_one() {
    let mut context = user_with("email", "bob@agpt.co");
    context.part_mut(&ContextKind::user()).set("email_domain", Value::from("other.org"));
    assert!(matches(domain("other.org"), &context));
    context.part_mut(&ContextKind::user()).set("email_domain", Value::Null);
    assert!(matches(domain("agpt.co"), &context), "null counts as absent");
}

#[test]
fn only_users_have_derived_attributes() {
    let org = ContextKind::org();
    let mut context = Context::user("u1");
    context.part_mut(&org).set("email", Value::from("desk@agpt.co"));
    assert!(!matches(Clause { kind: org, ..domain("agpt.co") }, &context));
}

#[test]
fn account_age_counts_whole_days() {
    for days in [1, 6, 7, 29, 30] {
        let whole = NOW.millis() - days * Timestamp::DAY;
        assert_eq!(age(whole), Some(days));
        assert_eq!(age(whole + 1), Some(days - 1), "a millisecond short of {days} days");
        assert_eq!(age(whole - 1), Some(days), "a millisecond over {days} days");
        assert_eq!(age(Timestamp::from_millis(whole).to_string().as_str()), Some(days), "as RFC 3339");
    }
    assert_eq!(age(NOW.millis()), Some(0));
}

#[test]
fn an_account_of_the_future_or_without_a_readable_time_has_no_age() {
    for created_at in
        [json(&(NOW.millis() + 1).to_string()), json(r#""2026-01-01""#), json("true"), Value::Null]
    {
        assert_eq!(age(created_at.clone()), None, "{created_at}");
        let young = clause("account_age_days", Operator::LessThan, [Value::from(7_i64)]);
        let context = user_with("created_at", created_at);
        assert!(!matches(young.clone(), &context) && !matches(negated(young), &context));
    }
}

#[test]
fn a_supplied_age_needs_no_creation_time() {
    let young = clause("account_age_days", Operator::LessThan, [Value::from(7_i64)]);
    assert!(matches(young.clone(), &user_with("account_age_days", 6_i64)));
    assert!(!matches(young, &user_with("account_age_days", 7_i64)));
}
