//! What an observer sees: every step tried, in order, and the same decision.

use super::make::{
    NOW, bucket_of, clause, in_segment, listed, of_org, ramp, requires, rule, segment, shares, user_with,
    versions, whole, with_segments, world,
};
use crate::bucket::Purpose;
use crate::eval::{Actual, Builder, Scratch, Step};
use crate::model::{Context, Definitions, Flag, Operator, Rule, Serve, Value};

/// Returns each step in a line, and the variation served.
fn trace(definitions: &Definitions, context: &Context) -> (Vec<String>, String) {
    let mut builder = Builder::default();
    let id = builder.flag(definitions, "f").expect("defined");
    let program = builder.build();
    let mut scratch = Scratch::default();
    let mut lines = Vec::new();
    let mut see = |step: Step<'_>| lines.push(line(&step));
    let result = scratch.subject(&program, context, NOW).evaluate(id, &mut see);
    (lines, program.variation(id, result.variation).to_string())
}

fn line(step: &Step<'_>) -> String {
    match step {
        Step::Switch { enabled } => format!("switch {enabled}"),
        Step::Prerequisite { flag, wanted, actual, met } => {
            let actual = actual.map_or("none", |(name, _)| name.as_str());
            format!("prerequisite {flag} wants {wanted}, serves {actual}: {met}")
        }
        Step::User { key, listed, served } => format!("user {key:?} of {listed}: {served:?}"),
        Step::Org { key, listed, served } => format!("org {key:?} of {listed}: {served:?}"),
        Step::Clause { rule, clause, actual, matched } => {
            let actual = match actual {
                Actual::Missing => "missing".to_owned(),
                Actual::Unreadable(value) => format!("unreadable {}", value.to_value()),
                Actual::Value(value) => value.to_value().to_string(),
                Actual::Member(segment) => format!("member {segment:?}"),
            };
            format!("clause of {rule}: {} {actual}: {matched}", clause.operator.word())
        }
        Step::Rule { rule, matched, rollout, split, served, .. } => {
            let buckets = [rollout, split].map(|bucketed| {
                bucketed.as_ref().map(|b| (b.bucket.and_then(whole), whole(b.from), whole(b.threshold)))
            });
            format!("rule {rule}: {matched} {buckets:?} {served:?}")
        }
        Step::Fallthrough { bucketed, served } => {
            let bucketed = bucketed.as_ref().map(|b| {
                (b.key, b.by.as_str(), b.unit.as_deref(), b.bucket.and_then(whole), whole(b.threshold))
            });
            format!("fallthrough {bucketed:?} {served:?}")
        }
        Step::Gate { flag, open, .. } => format!("gate {flag}: {open}"),
    }
}

#[test]
fn every_step_is_seen_also_those_that_do_not_match() {
    let plan = clause("plan", Operator::In, [Value::from("pro")]);
    let young = clause("account_age_days", Operator::LessThan, [Value::from(7_i64)]);
    let flag = Flag {
        users: listed([("u9", "on")]),
        orgs: listed([("globex", "on"), ("initech", "off")]),
        rules: vec![
            rule([plan.clone(), young], "100%", "on"),
            rule([plan, in_segment("staff")], "100%", "on"),
        ],
        ..requires(ramp("f", "25%"), "p", "on")
    };
    let definitions = with_segments(world([flag, ramp("p", "100%")]), [segment("staff", [])]);
    let mut context = of_org("acme");
    context.part_mut(&crate::model::ContextKind::user()).set("plan", Value::from("free"));
    let bucket = bucket_of(Purpose::Rollout, "f", "u1", 100_000);
    let served = if bucket < 25_000 { "on" } else { "off" };
    let (lines, result) = trace(&definitions, &context);
    assert_eq!(result, served);
    assert_eq!(
        lines,
        [
            "switch true".to_owned(),
            "prerequisite p wants on, serves on: true".to_owned(),
            "user Some(\"u1\") of 1: None".to_owned(),
            "org Some(\"acme\") of 2: None".to_owned(),
            "clause of 0: in free: false".to_owned(),
            "clause of 0: less_than missing: false".to_owned(),
            "rule 0: false [None, None] None".to_owned(),
            "clause of 1: in free: false".to_owned(),
            "clause of 1: segment member None: false".to_owned(),
            "rule 1: false [None, None] None".to_owned(),
            format!(
                "fallthrough Some((\"f\", \"user\", Some(\"u1\"), Some({bucket}), Some(25000))) Some({served:?})"
            ),
        ]
    );
}

#[test]
fn a_rule_shows_its_rollout_and_its_split() {
    let split = Serve::Split(shares(&[("v2", 30), ("v3", 70)]));
    let rules = vec![Rule { serve: split, ..rule([], "99.999%", "v1") }];
    let definitions = world([Flag { rules, ..versions("f", Serve::Split(shares(&[("v1", 1)]))) }]);
    let bucket = bucket_of(Purpose::Rollout, "f", "u1", 100_000);
    let slot = bucket_of(Purpose::Variant, "f", "u1", 100);
    let (from, to, served) = if slot < 30 { (0, 30, "v2") } else { (30, 100, "v3") };
    let (lines, result) = trace(&definitions, &Context::user("u1"));
    let rule = format!(
        "rule 0: true [Some((Some({bucket}), Some(0), Some(99999))), Some((Some({slot}), Some({from}), Some({to})))] Some({served:?})"
    );
    assert_eq!((lines[1].as_str(), result.as_str()), (rule.as_str(), served));
}

#[test]
fn a_missing_unit_is_seen_as_missing() {
    let (lines, result) = trace(&world([ramp("f", "25%")]), &Context::default());
    assert_eq!(lines[1], "fallthrough Some((\"f\", \"user\", None, None, Some(25000))) None");
    assert_eq!(result, "off");
}

#[test]
fn what_cannot_be_read_is_shown() {
    let flag = Flag {
        rules: vec![rule([clause("plan", Operator::Contains, [Value::from("x")])], "100%", "on")],
        ..ramp("f", "0%")
    };
    let (lines, _) = trace(&world([flag]), &user_with("plan", 7_i64));
    assert_eq!(lines[1], "clause of 0: contains unreadable 7: false");
}

#[test]
fn a_clause_on_segments_shows_the_one_that_matched() {
    let asks = clause("segments", Operator::StartsWith, [Value::from("st")]);
    let flag = Flag { rules: vec![rule([asks], "100%", "on")], ..ramp("f", "0%") };
    let staff = segment("staff", [clause("key", Operator::In, [Value::from("u1")])]);
    let (lines, _) = trace(&with_segments(world([flag]), [staff]), &Context::user("u1"));
    assert_eq!(lines[1], "clause of 0: starts_with member Some(\"staff\"): true");
}
