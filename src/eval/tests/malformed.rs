//! Definitions that refer to nothing: a reason in the result, never a failure.

use super::make::{listed, ramp, rule, serve, served, shares, user_with, versions, world};
use crate::eval::{Builder, State, state_of};
use crate::model::{Context, ErrorCode, Fallthrough, Flag, Reason, Rule, Serve, Weight};

const INVALID: Reason = Reason::Error(ErrorCode::InvalidDefinition);

#[test]
fn a_flag_that_names_a_variation_it_does_not_have_is_off_with_an_error() {
    let gone = || Serve::Split(shares(&[("v2", 1), ("gone", 1)]));
    let flags = [
        versions("f", serve("gone")),
        versions("f", gone()),
        Flag { users: listed([("u9", "gone")]), ..versions("f", serve("v2")) },
        Flag { orgs: listed([("acme", "gone")]), ..versions("f", serve("v2")) },
        Flag { rules: vec![rule([], "100%", "gone")], ..versions("f", serve("v2")) },
        Flag { rules: vec![Rule { serve: gone(), ..rule([], "0%", "v2") }], ..versions("f", serve("v2")) },
        Flag { fallthrough: Fallthrough::Rollout(Weight::ALL), ..versions("f", serve("v2")) },
    ];
    for flag in flags {
        assert_eq!(served(&flag, &Context::user("u1")), ("v1".into(), INVALID), "{flag:?}");
        let off = flag.variations.off().clone();
        assert_eq!(state_of(&world([flag.clone()]), &flag), State::Off(off), "{flag:?}");
    }
}

#[test]
fn what_does_not_exist_is_not_compiled() {
    let mut builder = Builder::default();
    assert!(builder.flag(&world([]), "f").is_none());
    assert!(builder.experiment(&world([]), "e").is_none());
    builder.all_segments(&world([]));
    assert_eq!(builder.build().attributes().count(), 1, "the given `segments` alone");
}

#[test]
fn a_clause_on_an_unknown_segment_or_attribute_does_not_match() {
    let flag = |clause| Flag { rules: vec![rule([clause], "100%", "on")], ..ramp("f", "0%") };
    let context = user_with("plan", "pro");
    assert_eq!(served(&flag(super::make::in_segment("gone")), &context).1, Reason::Default);
    let odd = super::make::clause("", crate::model::Operator::In, []);
    assert_eq!(served(&flag(odd), &context).1, Reason::Default);
}
