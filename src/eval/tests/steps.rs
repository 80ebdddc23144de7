//! The order of the steps, each with its reason.

use super::make::{
    bucket_of, clause, evaluate, in_segment, listed, of_org, ramp, requires, rule, serve, served, shares,
    user_with, versions, world,
};
use crate::bucket::Purpose;
use crate::model::{Context, ErrorCode, Flag, Operator, Reason, Rule, Serve, Value};

fn on(reason: Reason) -> (String, Reason) {
    ("on".to_owned(), reason)
}

fn off(reason: Reason) -> (String, Reason) {
    ("off".to_owned(), reason)
}

/// Returns a flag on which every step would decide differently for `u1` of `acme`.
fn everything() -> Flag {
    Flag {
        users: listed([("u1", "v3")]),
        orgs: listed([("acme", "v2")]),
        rules: vec![rule([clause("plan", Operator::In, [Value::from("pro")])], "100%", "v3")],
        ..versions("f", serve("v2"))
    }
}

fn pro_of(org: &str, user: &str) -> Context {
    let mut context = of_org(org);
    let part = context.part_mut(&crate::model::ContextKind::user());
    part.key = Some(user.to_owned());
    part.set("plan", Value::from("pro"));
    context
}

#[test]
fn a_disabled_flag_serves_off_whatever_else_it_says() {
    let flag = Flag { enabled: false, ..requires(everything(), "gone", "on") };
    assert_eq!(served(&flag, &pro_of("acme", "u1")), ("v1".into(), Reason::Disabled));
}

#[test]
fn prerequisites_come_before_users() {
    let flag = requires(everything(), "gone", "on");
    assert_eq!(served(&flag, &pro_of("acme", "u1")), ("v1".into(), Reason::PrerequisiteFailed));
}

#[test]
fn users_come_before_organisations_before_rules_before_the_fallthrough() {
    let flag = everything();
    let target = Reason::TargetingMatch;
    assert_eq!(served(&flag, &pro_of("acme", "u1")), ("v3".into(), target));
    assert_eq!(served(&flag, &pro_of("acme", "u2")), ("v2".into(), target));
    assert_eq!(served(&flag, &pro_of("other", "u2")), ("v3".into(), target));
    assert_eq!(served(&flag, &of_org("other")), ("v3".into(), target), "u1 is listed");
    assert_eq!(served(&flag, &Context::user("u2")), ("v2".into(), Reason::Default));
}

#[test]
fn a_listed_user_may_be_switched_off() {
    let flag = Flag { users: listed([("u1", "off")]), ..ramp("f", "100%") };
    assert_eq!(served(&flag, &Context::user("u1")), off(Reason::TargetingMatch));
    assert_eq!(served(&flag, &Context::user("u2")), on(Reason::Default));
}

#[test]
fn a_key_is_taken_as_it_is() {
    let flag = Flag { users: listed([("u1", "on")]), ..ramp("f", "0%") };
    for other in ["U1", " u1", "u1 ", "u"] {
        assert_eq!(served(&flag, &Context::user(other)), off(Reason::Default), "{other}");
    }
}

#[test]
fn the_first_rule_that_serves_decides() {
    let pro = || clause("plan", Operator::In, [Value::from("pro")]);
    let rules =
        vec![rule([in_segment("gone")], "100%", "v3"), rule([pro()], "100%", "v2"), rule([], "100%", "v3")];
    let flag = Flag { rules, ..versions("f", serve("v1")) };
    let outcome = evaluate(&world([flag]), "f", &user_with("plan", "pro"));
    assert_eq!(
        (outcome.variation.as_str(), outcome.reason, outcome.rule),
        ("v2", Reason::TargetingMatch, Some(1))
    );
    assert_eq!(outcome.bucket, None);
}

#[test]
fn all_clauses_of_a_rule_must_match() {
    let plan = || clause("plan", Operator::In, [Value::from("pro")]);
    let key = |wanted: &str| clause("key", Operator::In, [Value::from(wanted)]);
    let flag =
        |wanted: &str| Flag { rules: vec![rule([plan(), key(wanted)], "100%", "on")], ..ramp("f", "0%") };
    assert_eq!(served(&flag("u1"), &user_with("plan", "pro")), on(Reason::TargetingMatch));
    assert_eq!(served(&flag("u2"), &user_with("plan", "pro")), off(Reason::Default));
}

#[test]
fn who_misses_the_rollout_of_a_rule_falls_through_to_the_next() {
    let rules = vec![rule([], "40%", "v3"), rule([], "100%", "v2")];
    let world = world([Flag { rules, ..versions("f", serve("v1")) }]);
    let mut seen = [0; 2];
    for at in 0..200 {
        let user = format!("u{at}");
        let outcome = evaluate(&world, "f", &Context::user(user.as_str()));
        let bucket = bucket_of(Purpose::Rollout, "f", &user, 100_000);
        let expected = if bucket < 40_000 { ("v3", 0, Some(bucket)) } else { ("v2", 1, None) };
        seen[expected.1] += 1;
        assert_eq!(
            (outcome.variation.as_str(), outcome.rule, outcome.bucket),
            (expected.0, Some(expected.1), expected.2)
        );
    }
    assert!(seen[0] > 50 && seen[1] > 90, "{seen:?}");
}

#[test]
fn a_rule_of_zero_percent_is_passed_over() {
    let flag = Flag { rules: vec![rule([], "0%", "on")], ..ramp("f", "0%") };
    assert_eq!(served(&flag, &Context::default()), off(Reason::Default));
}

#[test]
fn a_rule_may_split_and_by_the_same_slots_as_the_fallthrough() {
    let split = || Serve::Split(shares(&[("v2", 30), ("v3", 70)]));
    let rules = vec![Rule { serve: split(), ..rule([], "50%", "v1") }];
    let ruled = world([Flag { rules, ..versions("f", serve("v1")) }]);
    let plain = world([versions("f", split())]);
    for at in 0..100 {
        let user = format!("u{at}");
        let (ruled, plain) = (
            evaluate(&ruled, "f", &Context::user(user.as_str())),
            evaluate(&plain, "f", &Context::user(user.as_str())),
        );
        let slot = bucket_of(Purpose::Variant, "f", &user, 100);
        assert_eq!((plain.reason, plain.bucket), (Reason::Split, Some(slot)));
        assert_eq!(plain.variation, if slot < 30 { "v2" } else { "v3" });
        if bucket_of(Purpose::Rollout, "f", &user, 100_000) < 50_000 {
            assert_eq!(
                (ruled.variation, ruled.reason, ruled.bucket),
                (plain.variation, Reason::TargetingMatch, Some(slot))
            );
        } else {
            assert_eq!((ruled.variation.as_str(), ruled.reason), ("v1", Reason::Default));
        }
    }
}

#[test]
fn the_fallthrough_is_static_default_or_split() {
    let user = Context::user("u1");
    assert_eq!(served(&ramp("f", "100%"), &user), on(Reason::Static));
    assert_eq!(served(&ramp("f", "0%"), &user), off(Reason::Static));
    assert_eq!(served(&versions("f", serve("v2")), &user), ("v2".into(), Reason::Static));
    assert_eq!(
        served(&versions("f", Serve::Split(shares(&[("v2", 3)]))), &user),
        ("v2".into(), Reason::Static)
    );
    let targeted = |flag: Flag| Flag { users: listed([("u9", "off")]), ..flag };
    assert_eq!(served(&targeted(ramp("f", "100%")), &user), on(Reason::Default));
    assert_eq!(served(&targeted(ramp("f", "0%")), &user), off(Reason::Default));
    let bucket = bucket_of(Purpose::Rollout, "f", "u1", 100_000);
    let outcome = evaluate(&world([targeted(ramp("f", "25%"))]), "f", &user);
    assert_eq!((outcome.reason, outcome.bucket), (Reason::Split, Some(bucket)));
    assert_eq!(outcome.variation, if bucket < 25_000 { "on" } else { "off" });
}

#[test]
fn a_bucketed_step_without_its_unit_ends_the_evaluation() {
    let missing = Reason::Error(ErrorCode::TargetingKeyMissing);
    let nobody = Context::default();
    assert_eq!(served(&ramp("f", "25%"), &nobody), off(missing));
    assert_eq!(
        served(&versions("f", Serve::Split(shares(&[("v2", 1), ("v3", 1)]))), &nobody),
        ("v1".into(), missing)
    );
    let ruled = Flag { rules: vec![rule([], "50%", "on")], ..ramp("f", "100%") };
    assert_eq!(served(&ruled, &nobody), off(missing), "not the fallthrough's on");
    assert_eq!(served(&ruled, &Context::user("")), off(missing));
}

#[test]
fn nobody_and_everyone_never_need_a_unit() {
    let nobody = Context::default();
    assert_eq!(served(&ramp("f", "100%"), &nobody), on(Reason::Static));
    assert_eq!(served(&ramp("f", "0%"), &nobody), off(Reason::Static));
    let ruled = Flag { rules: vec![rule([], "0%", "on"), rule([], "100%", "on")], ..ramp("f", "25%") };
    assert_eq!(served(&ruled, &nobody), on(Reason::TargetingMatch));
    let single = Serve::Split(shares(&[("v2", 7)]));
    assert_eq!(served(&versions("f", single), &nobody), ("v2".into(), Reason::Static));
}
