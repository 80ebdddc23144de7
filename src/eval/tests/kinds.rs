//! Contexts of several kinds, and units that are not the user's key.

use super::make::{behind, bucket_of, clause, evaluate, json, matches, of_org, ramp, served, world};
use crate::bucket::Purpose;
use crate::model::{BucketBy, Clause, Context, ContextKind, ErrorCode, Flag, Operator, Reason, Value};

fn kind(text: &str) -> ContextKind {
    ContextKind::try_from(text).expect("a kind")
}

fn by(text: &str) -> Flag {
    Flag { bucket_by: BucketBy::parse(text).expect("a unit"), ..ramp("f", "25%") }
}

/// Returns a user `u1` of `acme` with an attribute of the organisation.
fn acme_with(attribute: &str, value: Value) -> Context {
    let mut context = of_org("acme");
    context.part_mut(&ContextKind::org()).set(attribute, value);
    context
}

const MISSING: Reason = Reason::Error(ErrorCode::TargetingKeyMissing);

#[test]
fn a_clause_asks_its_own_kind() {
    let context = acme_with("plan", Value::from("pro"));
    let plan = clause("plan", Operator::In, [Value::from("pro")]);
    assert!(matches(Clause { kind: ContextKind::org(), ..plan.clone() }, &context));
    assert!(!matches(plan.clone(), &context), "the user has no plan");
    assert!(!matches(Clause { kind: kind("device"), ..plan }, &context));
}

#[test]
fn key_is_an_attribute_of_every_kind() {
    let key = |of: &str, wanted: &str| Clause {
        kind: kind(of),
        ..clause("key", Operator::In, [Value::from(wanted)])
    };
    assert!(matches(key("user", "u1"), &of_org("acme")));
    assert!(matches(key("org", "acme"), &of_org("acme")));
    assert!(!matches(key("org", "u1"), &of_org("acme")));
    let flag =
        behind(Clause { kind: kind("org"), ..clause("key", Operator::StartsWith, [Value::from("ac")]) });
    assert_eq!(served(&flag, &of_org("acme")), ("on".into(), Reason::TargetingMatch));
}

#[test]
fn a_rollout_by_organisation_treats_its_users_alike() {
    let world = world([by("org")]);
    let mut on = 0;
    for at in 0..40 {
        let org = format!("org-{at}");
        let bucket = bucket_of(Purpose::Rollout, "f", &org, 100_000);
        for user in ["u1", "u2", "u3"] {
            let mut context = of_org(&org);
            context.part_mut(&ContextKind::user()).key = Some(user.to_owned());
            let outcome = evaluate(&world, "f", &context);
            assert_eq!((outcome.reason, outcome.bucket), (Reason::Split, Some(bucket)));
        }
        on += usize::from(bucket < 25_000);
    }
    assert!((4..20).contains(&on), "{on}");
    assert_eq!(served(&by("org"), &Context::user("u1")), ("off".into(), MISSING));
}

#[test]
fn an_attribute_may_be_the_unit() {
    let pro = evaluate(&world([by("org.plan")]), "f", &acme_with("plan", Value::from("pro")));
    assert_eq!(pro.bucket, Some(bucket_of(Purpose::Rollout, "f", "pro", 100_000)));
    let key = evaluate(&world([by("org.key")]), "f", &of_org("acme"));
    assert_eq!(key.bucket, Some(bucket_of(Purpose::Rollout, "f", "acme", 100_000)));
    let mut context = Context::user("u1");
    context.part_mut(&ContextKind::user()).set("email", Value::from("bob@agpt.co"));
    let domain = evaluate(&world([by("user.email_domain")]), "f", &context);
    assert_eq!(domain.bucket, Some(bucket_of(Purpose::Rollout, "f", "agpt.co", 100_000)));
}

#[test]
fn whole_numbers_are_units_as_their_decimal_text() {
    for (value, unit) in [("42", "42"), ("42.0", "42"), ("-0.0", "0"), ("-7", "-7")] {
        let outcome = evaluate(&world([by("org.plan")]), "f", &acme_with("plan", json(value)));
        assert_eq!(outcome.bucket, Some(bucket_of(Purpose::Rollout, "f", unit, 100_000)), "{value}");
    }
}

#[test]
fn what_is_no_unit_counts_as_missing() {
    for value in ["null", r#""""#, "0.5", "1e300", "true", r#"["a"]"#, "{}"] {
        let context = acme_with("plan", json(value));
        assert_eq!(served(&by("org.plan"), &context), ("off".into(), MISSING), "{value}");
    }
}

#[test]
fn a_unit_is_not_trimmed_folded_or_normalised() {
    for unit in [" u1", "u1 ", "U1", "e\u{301}", "é"] {
        let outcome = evaluate(&world([by("user")]), "f", &Context::user(unit));
        assert_eq!(outcome.bucket, Some(bucket_of(Purpose::Rollout, "f", unit, 100_000)), "{unit:?}");
    }
}
