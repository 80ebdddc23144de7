//! Membership in segments: always known, so that `negate` means everybody else.

use indexmap::IndexSet;

use super::make::{
    NOW, behind, clause, evaluate, in_segment, json, negated, ramp, segment, user_with, with_segments, world,
};
use crate::eval::{Builder, Scratch};
use crate::model::{Clause, Context, Definitions, Operator, Reason, Segment, Value};

fn defined() -> Vec<Segment> {
    let keys = |keys: &[&str]| keys.iter().map(ToString::to_string).collect::<IndexSet<_>>();
    let employee = || clause("email_domain", Operator::In, [Value::from("agpt.co")]);
    vec![
        segment("employee", [employee(), clause("staff", Operator::In, [Value::from(true)])]),
        Segment {
            included: keys(&["u1", "u2"]),
            excluded: keys(&["u2", "u3"]),
            ..segment("chosen", [employee()])
        },
        segment("insider", [in_segment("employee"), in_segment("chosen")]),
        segment("outsider", [negated(in_segment("insider"))]),
        segment("nobody", []),
    ]
}

fn definitions(clause: Clause) -> Definitions {
    with_segments(world([behind(clause)]), defined())
}

fn member(clause: Clause, context: &Context) -> bool {
    evaluate(&definitions(clause), "f", context).reason == Reason::TargetingMatch
}

fn mail(key: &str, email: &str) -> Context {
    let mut context = user_with("email", email);
    context.part_mut(&crate::model::ContextKind::user()).key = Some(key.to_owned());
    context
}

/// Returns the names that `segments()` gives a context.
fn names(context: &Context) -> Vec<String> {
    let mut builder = Builder::default();
    builder.all_segments(&definitions(in_segment("gone")));
    let program = builder.build();
    let mut scratch = Scratch::default();
    scratch.subject(&program, context, NOW).segments()
}

#[test]
fn one_rule_is_enough() {
    assert!(member(in_segment("employee"), &mail("u9", "bob@agpt.co")));
    assert!(member(in_segment("employee"), &user_with("staff", true)));
    assert!(!member(in_segment("employee"), &mail("u9", "bob@example.com")));
    assert!(!member(in_segment("nobody"), &Context::user("u1")));
}

#[test]
fn excluded_beats_included_beats_rules() {
    assert!(member(in_segment("chosen"), &Context::user("u1")));
    assert!(!member(in_segment("chosen"), &Context::user("u2")), "in both lists");
    assert!(!member(in_segment("chosen"), &mail("u3", "bob@agpt.co")), "the rule would match");
    assert!(member(in_segment("chosen"), &mail("u4", "bob@agpt.co")));
}

#[test]
fn segments_may_be_made_of_segments() {
    assert!(member(in_segment("insider"), &Context::user("u1")));
    assert!(member(in_segment("insider"), &mail("u9", "bob@agpt.co")));
    assert!(member(in_segment("outsider"), &Context::user("u9")));
    assert!(!member(in_segment("outsider"), &Context::user("u1")));
}

#[test]
fn one_of_several_segments_is_enough() {
    let either = clause("", Operator::Segment, [Value::from("nobody"), Value::from("chosen")]);
    assert!(member(either.clone(), &Context::user("u1")));
    assert!(!member(either, &Context::user("u9")));
}

#[test]
fn membership_is_always_known() {
    for name in ["nobody", "employee", "undefined"] {
        assert!(!member(in_segment(name), &Context::default()), "{name}");
        assert!(member(negated(in_segment(name)), &Context::default()), "{name}");
    }
    assert!(!member(negated(in_segment("chosen")), &Context::user("u1")));
}

#[test]
fn given_segments_count_beside_the_defined_ones() {
    for given in [r#"["x", "beta"]"#, r#""beta""#] {
        let context = user_with("segments", json(given));
        assert!(member(in_segment("beta"), &context), "{given}");
        assert!(!member(negated(in_segment("beta")), &context), "{given}");
        assert!(!member(in_segment("bet"), &context), "{given}");
        assert!(member(in_segment("chosen"), &context), "u1 is still chosen");
    }
    assert!(member(in_segment("insider"), &user_with("segments", json(r#""employee""#))), "nested as well");
    let odd = user_with("segments", json(r#"[1, null, {"beta": true}]"#));
    assert!(!member(in_segment("beta"), &odd) && member(negated(in_segment("beta")), &odd));
}

#[test]
fn the_attribute_segments_asks_for_membership() {
    let named = |operator, name: &str| clause("segments", operator, [Value::from(name)]);
    let (chosen, other) = (Context::user("u1"), Context::user("u9"));
    assert!(member(named(Operator::In, "chosen"), &chosen) && !member(named(Operator::In, "chosen"), &other));
    assert!(member(negated(named(Operator::In, "chosen")), &Context::default()));
    assert!(member(named(Operator::StartsWith, "cho"), &chosen));
    assert!(!member(named(Operator::StartsWith, "cho"), &other));
    assert!(member(named(Operator::EndsWith, "ta"), &user_with("segments", json(r#"["beta"]"#))));
    assert!(member(negated(named(Operator::StartsWith, "cho")), &other));
}

#[test]
fn all_segments_of_a_user_are_given_and_defined_ones() {
    assert_eq!(names(&Context::user("u1")), ["chosen", "insider"]);
    assert_eq!(names(&Context::user("u9")), ["outsider"]);
    let given = user_with("segments", json(r#"["zeta", "employee", "zeta"]"#));
    assert_eq!(names(&given), ["chosen", "employee", "insider", "zeta"]);
    assert_eq!(names(&user_with("segments", "beta")), ["beta", "chosen", "insider"]);
}

#[test]
fn a_circle_of_segments_ends() {
    let segments = [
        segment("a", [in_segment("b"), clause("plan", Operator::In, [Value::from("pro")])]),
        segment("b", [in_segment("a")]),
        segment("self", [negated(in_segment("self"))]),
        segment("every", [clause("segments", Operator::StartsWith, [Value::from("a")])]),
    ];
    for name in ["a", "b", "self", "every"] {
        let world = with_segments(world([behind(in_segment(name))]), segments.clone());
        assert_eq!(evaluate(&world, "f", &user_with("plan", "pro")).reason, Reason::TargetingMatch, "{name}");
    }
}

#[test]
fn segments_nested_a_hundredfold_are_read_and_deeper_ones_do_not_exist() {
    let chain = |length: usize| {
        let last = segment("s0", [clause("plan", Operator::In, [Value::from("pro")])]);
        let more = (1..length).map(|at| {
            let below = format!("s{}", at - 1);
            segment(&format!("s{at}"), [in_segment(&below), in_segment(&below)])
        });
        let segments: Vec<_> = std::iter::once(last).chain(more).collect();
        with_segments(world([behind(in_segment(&format!("s{}", length - 1)))]), segments)
    };
    let pro = user_with("plan", "pro");
    assert_eq!(evaluate(&chain(101), "f", &pro).reason, Reason::TargetingMatch);
    assert_eq!(evaluate(&chain(101), "f", &Context::user("u1")).reason, Reason::Default);
    assert_eq!(evaluate(&chain(20_000), "f", &pro).reason, Reason::Default);
}

#[test]
fn a_flag_may_ask_for_a_segment_and_then_for_its_rollout() {
    let flag = crate::model::Flag {
        rules: vec![super::make::rule([in_segment("chosen")], "100%", "on")],
        ..ramp("f", "25%")
    };
    let world = with_segments(world([flag]), defined());
    assert_eq!(evaluate(&world, "f", &Context::user("u1")).reason, Reason::TargetingMatch);
    assert_eq!(evaluate(&world, "f", &Context::user("u9")).reason, Reason::Split);
}
