//! What part of everybody is on, at least and at most.

use proptest::prelude::*;

use super::generate::{FLAGS, context, definitions};
use super::make::{NOW, clause, listed, ramp, requires, rule, serve, shares, versions, world};
use crate::bucket::preset;
use crate::eval::{Bounds, Builder, NoObserver, Part, Scratch, State, on_bounds, state_of};
use crate::model::{Clause, Context, ContextKind, Flag, Operator, Reason, Rule, Serve, Value, Weight};

fn bounds(flag: &Flag) -> Bounds {
    let required = [ramp("yes", "100%"), ramp("no", "0%"), ramp("most", "90%"), ramp("few", "10%")];
    on_bounds(&world([flag.clone()].into_iter().chain(required)), flag)
}

fn pro() -> [Clause; 1] {
    [clause("plan", Operator::In, [Value::from("pro")])]
}

#[test]
fn the_part_that_is_on_is_what_no_group_falls_below_or_exceeds() {
    let split = |pairs: &[(&str, i64)]| versions("f", Serve::Split(shares(pairs)));
    let rules = |rules: Vec<_>, rollout| Flag { rules, ..ramp("f", rollout) };
    let table: Vec<(Flag, &str)> = vec![
        (ramp("f", "25%"), "25%"),
        (ramp("f", "0%"), "0%"),
        (ramp("f", "100%"), "100%"),
        (Flag { enabled: false, ..ramp("f", "25%") }, "0%"),
        // Who is listed is a group of its own, however few they are.
        (Flag { orgs: listed([("acme", "on")]), ..ramp("f", "25%") }, "25% to 100%"),
        (Flag { orgs: listed([("acme", "off")]), ..ramp("f", "25%") }, "0% to 25%"),
        (Flag { users: listed([("u1", "off"), ("u2", "on")]), ..ramp("f", "25%") }, "0% to 100%"),
        // A rule's rollout and the fallthrough's share one bucket: 40% contains 25%.
        (rules(vec![rule(pro(), "40%", "on")], "25%"), "25% to 40%"),
        (rules(vec![rule(pro(), "10%", "on")], "25%"), "25%"),
        (rules(vec![rule(pro(), "10%", "off")], "25%"), "15% to 25%"),
        (rules(vec![rule(pro(), "100%", "off")], "25%"), "0% to 25%"),
        // The second rule takes what the first leaves: off for 0..10, on for 10..40.
        (rules(vec![rule(pro(), "10%", "off"), rule(pro(), "40%", "on")], "0%"), "0% to 40%"),
        (rules(vec![rule(pro(), "10%", "off"), rule([], "40%", "on")], "0%"), "30% to 40%"),
        (rules(vec![rule([], "100%", "on"), rule(pro(), "100%", "off")], "0%"), "100%"),
        (rules(vec![rule([], "30%", "off")], "50%"), "20%"),
        (rules(vec![rule(pro(), "0%", "on")], "0%"), "0%"),
        (split(&[("v1", 90), ("v3", 10)]), "10%"),
        (split(&[("v2", 90), ("v3", 10)]), "100%"),
        (split(&[("v1", 2), ("v3", 1)]), "33.333%"),
        (versions("f", serve("v3")), "100%"),
        (Flag { rules: vec![rule(pro(), "50%", "v1")], ..split(&[("v1", 1), ("v2", 1)]) }, "25% to 50%"),
        (requires(ramp("f", "100%"), "yes", "on"), "100%"),
        (requires(ramp("f", "100%"), "no", "on"), "0%"),
        (requires(ramp("f", "100%"), "gone", "on"), "0%"),
        (requires(ramp("f", "25%"), "yes", "off"), "0%"),
        // Whether the tenth that misses the prerequisite is on otherwise, nobody knows.
        (requires(ramp("f", "25%"), "most", "on"), "15% to 25%"),
        (requires(ramp("f", "25%"), "few", "on"), "0% to 10%"),
        (requires(requires(ramp("f", "100%"), "most", "on"), "yes", "on"), "90%"),
    ];
    for (flag, text) in table {
        assert_eq!(bounds(&flag).to_string(), text, "{flag:?}");
    }
}

#[test]
fn what_counts_is_what_the_algorithm_makes_of_it() {
    let by = |algorithm: &str, flag: Flag| {
        bounds(&Flag { bucketing: preset(algorithm).expect("a preset"), ..flag }).to_string()
    };
    let split = |pairs: &[(&str, i64)]| versions("f", Serve::Split(shares(pairs)));
    let half = || {
        let serve = Serve::Split(shares(&[("v1", 1), ("v2", 1)]));
        Rule { serve, ..rule(pro(), "50%", "v1") }
    };
    let ruled = |rules| Flag { rules, ..versions("f", serve("v1")) };
    for (algorithm, flag, text) in [
        // A hundred buckets.
        ("unleash", ramp("f", "12.5%"), "12%"),
        ("unleash", ramp("f", "100%"), "100%"),
        ("unleash", ramp("f", "0%"), "0%"),
        ("launchdarkly", ramp("f", "12.5%"), "12.5%"),
        ("launchdarkly", split(&[("v1", 9), ("v3", 1)]), "10%"),
        // Half of those inside where both are drawn apart; nobody or everybody where both are the same draw.
        ("ffctl/1", ruled(vec![half()]), "0% to 25%"),
        ("launchdarkly", ruled(vec![half()]), "0% to 50%"),
        ("ffctl/1", Flag { rules: vec![half()], ..versions("f", serve("v2")) }, "75% to 100%"),
        ("launchdarkly", Flag { rules: vec![half()], ..versions("f", serve("v2")) }, "50% to 100%"),
    ] {
        assert_eq!(by(algorithm, flag), text, "{algorithm}");
    }
}

#[test]
fn a_third_is_less_than_what_it_is_rounded_to() {
    let third = bounds(&versions("f", Serve::Split(shares(&[("v1", 2), ("v3", 1)]))));
    let part = |text: &str| Part::from(Weight::parse(text).expect("a percentage"));
    assert!(third.least > part("33.333%") && third.most < part("33.334%"));
}

/// Gives every unit that a generated flag may be bucketed by a value of its own.
fn numbered(context: &Context, number: i64) -> Context {
    let mut context = context.clone();
    for kind in ["user", "org", "device"] {
        let part = context.part_mut(&ContextKind::try_from(kind).expect("a kind"));
        // None of the keys that are listed.
        part.key = Some(format!("{kind}-{number}"));
    }
    context.part_mut(&ContextKind::org()).set("plan", Value::Text(format!("plan-{number}")));
    context.part_mut(&ContextKind::user()).set("score", Value::from(number));
    context
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_users_that_are_on_stay_within(mut definitions in definitions(), context in context()) {
        const USERS: i64 = 2000;
        // Hashes whose buckets of numbered keys fall as chance would have it.
        const RANDOM: [&str; 6] = ["ffctl/1", "launchdarkly", "unleash", "flagd/1", "optimizely", "sha256-8"];
        for flag in definitions.flags.values_mut().filter(|flag| !RANDOM.contains(&flag.bucketing.name())) {
            flag.bucketing = preset("launchdarkly").expect("a preset");
        }
        for name in FLAGS {
            let bounds = on_bounds(&definitions, &definitions.flags[name]);
            let mut builder = Builder::default();
            let flag = builder.flag(&definitions, name).expect("it is defined");
            let program = builder.build();
            let mut scratch = Scratch::default();
            let mut on = 0_u64;
            for number in 0..USERS {
                let context = numbered(&context, number);
                let result = scratch.subject(&program, &context, NOW).evaluate(flag, &mut NoObserver);
                prop_assert!(!matches!(result.reason, Reason::Error(_)));
                on += u64::from(result.variation != program.off(flag));
            }
            // Six standard deviations of a share, at most.
            let spread = 0.5 * 6.0 / f64::from(2000).sqrt();
            let share = f64::from(u32::try_from(on).expect("few")) / 2000.0;
            let fraction = |weight: &str| Weight::parse(weight).expect("a percentage").fraction();
            let text = bounds.to_string();
            let (least, most) = text.split_once(" to ").unwrap_or((&text, &text));
            let within = fraction(least) - spread <= share && share <= fraction(most) + spread;
            prop_assert!(within, "{}: {} is not {}", name, share, text);
        }
    }

    #[test]
    fn everyone_and_nobody_are_what_the_state_says(definitions in definitions()) {
        for name in FLAGS {
            let flag = &definitions.flags[name];
            let bounds = on_bounds(&definitions, flag);
            prop_assert!(bounds.least <= bounds.most);
            match state_of(&definitions, flag) {
                State::On(_) => prop_assert_eq!(bounds.least, Part::ALL, "{}", name),
                State::Off(_) => prop_assert_eq!(bounds.most, Part::NONE, "{}", name),
                State::Partial(_) => {}
            }
        }
    }
}
