//! The state of a flag without a context, and its short text.

use super::make::{clause, in_segment, listed, ramp, requires, rule, serve, shares, versions, world};
use crate::eval::{State, state_of};
use crate::model::{Flag, Operator, Serve, Value};

fn state(flag: &Flag) -> State {
    state_of(&world([flag.clone(), ramp("yes", "100%"), ramp("no", "0%"), ramp("some", "10%")]), flag)
}

fn pro() -> crate::model::Clause {
    clause("plan", Operator::In, [Value::from("pro")])
}

#[test]
fn the_short_text_says_who_gets_it() {
    let acme = || listed([("acme", "on"), ("globex", "on")]);
    let split = |pairs: &[(&str, i64)]| versions("f", Serve::Split(shares(pairs)));
    let table: Vec<(Flag, &str, &str)> = vec![
        (ramp("f", "100%"), "on", "on"),
        (ramp("f", "0%"), "off", "off"),
        (Flag { enabled: false, orgs: acme(), ..ramp("f", "25%") }, "off", "off"),
        (ramp("f", "25%"), "partial", "25%"),
        (ramp("f", "0.001%"), "partial", "0.001%"),
        (Flag { orgs: acme(), ..ramp("f", "0%") }, "partial", "2 orgs"),
        (Flag { orgs: acme(), ..ramp("f", "25%") }, "partial", "25% + 2 orgs"),
        (Flag { orgs: acme(), ..ramp("f", "100%") }, "on", "on"),
        (Flag { users: listed([("u1", "off")]), ..ramp("f", "100%") }, "partial", "100% - 1 user"),
        (Flag { users: listed([("u1", "off")]), ..ramp("f", "0%") }, "off", "off"),
        (
            Flag { users: listed([("u1", "off"), ("u2", "on")]), orgs: acme(), ..ramp("f", "25%") },
            "partial",
            "25% + 2 orgs + 1 user - 1 user",
        ),
        (Flag { rules: vec![rule([pro()], "40%", "on")], ..ramp("f", "25%") }, "partial", "25% + 1 rule"),
        (Flag { rules: vec![rule([pro()], "40%", "on")], ..ramp("f", "0%") }, "partial", "1 rule"),
        (Flag { rules: vec![rule([pro()], "0%", "on")], ..ramp("f", "0%") }, "off", "off"),
        (Flag { rules: vec![rule([pro()], "40%", "on")], ..ramp("f", "100%") }, "on", "on"),
        (
            Flag { rules: vec![rule([in_segment("s")], "1%", "off")], ..ramp("f", "100%") },
            "partial",
            "100% + 1 rule",
        ),
        (Flag { rules: vec![rule([], "100%", "on")], ..ramp("f", "0%") }, "on", "on"),
        (
            Flag { users: listed([("u1", "off")]), rules: vec![rule([], "100%", "on")], ..ramp("f", "0%") },
            "partial",
            "100% - 1 user",
        ),
        (versions("f", serve("v1")), "off", "off"),
        (versions("f", serve("v3")), "on", "on"),
        (split(&[("v3", 7)]), "on", "on"),
        (split(&[("v2", 90), ("v3", 10)]), "partial", "v2 90 / v3 10"),
        (Flag { users: listed([("u1", "v1")]), ..versions("f", serve("v2")) }, "partial", "v2 - 1 user"),
        (Flag { users: listed([("u1", "v3")]), ..versions("f", serve("v2")) }, "partial", "v2 + 1 user"),
        (requires(ramp("f", "100%"), "yes", "on"), "on", "on"),
        (requires(ramp("f", "100%"), "no", "on"), "off", "off"),
        (requires(ramp("f", "100%"), "gone", "on"), "off", "off"),
        (requires(ramp("f", "100%"), "some", "on"), "partial", "100%, where prerequisites hold"),
        (requires(ramp("f", "0%"), "some", "on"), "off", "off"),
    ];
    for (flag, word, text) in table {
        let state = state(&flag);
        assert_eq!((state.word(), state.to_string().as_str()), (word, text), "{flag:?}");
    }
}

#[test]
fn everyone_is_named_where_all_get_the_same() {
    assert_eq!(state(&versions("f", serve("v3"))).everyone().map(ToString::to_string).as_deref(), Some("v3"));
    assert_eq!(state(&ramp("f", "0%")).everyone().map(ToString::to_string).as_deref(), Some("off"));
    assert_eq!(state(&ramp("f", "25%")).everyone(), None);
}

#[test]
fn a_prerequisite_that_may_fail_for_want_of_a_unit_is_met_for_some_only() {
    // Everyone with a key gets `on` from `p`, by its rule or by its fallthrough; who has none gets an error.
    let p = Flag { rules: vec![rule([], "50%", "on")], ..ramp("p", "100%") };
    let flag = requires(ramp("f", "100%"), "p", "on");
    let state = state_of(&world([p, flag.clone()]), &flag);
    assert_eq!(state.to_string(), "100%, where prerequisites hold");
}
