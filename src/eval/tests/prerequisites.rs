//! Prerequisites: chains, lattices and, where nobody checked, circles.

use super::make::{evaluate, name, ramp, requires, serve, served, versions, world};
use crate::eval::state_of;
use crate::model::{BucketBy, Context, Definitions, ErrorCode, Flag, Reason};

fn outcome(definitions: &Definitions, flag: &str) -> (String, Reason) {
    let outcome = evaluate(definitions, flag, &Context::user("u1"));
    (outcome.variation, outcome.reason)
}

fn on() -> (String, Reason) {
    ("on".to_owned(), Reason::Default)
}

fn failed() -> (String, Reason) {
    ("off".to_owned(), Reason::PrerequisiteFailed)
}

/// Returns flags of which each requires the one before it to be on, twice.
fn lattice(length: usize, first: Flag) -> Definitions {
    let more = (1..length).map(|at| {
        let below = format!("f{}", at - 1);
        requires(requires(ramp(&format!("f{at}"), "100%"), &below, "on"), &below, "on")
    });
    world(std::iter::once(first).chain(more))
}

#[test]
fn a_prerequisite_must_serve_what_is_wanted() {
    let flag = |wanted: &str| requires(ramp("f", "100%"), "p", wanted);
    assert_eq!(outcome(&world([flag("on"), ramp("p", "100%")]), "f"), on());
    assert_eq!(outcome(&world([flag("on"), ramp("p", "0%")]), "f"), failed());
    assert_eq!(outcome(&world([flag("off"), ramp("p", "0%")]), "f"), on());
    assert_eq!(outcome(&world([flag("off"), Flag::boolean(name("p"), false)]), "f"), on(), "disabled is off");
    assert_eq!(outcome(&world([flag("v2"), versions("p", serve("v2"))]), "f"), on());
    assert_eq!(outcome(&world([flag("v9"), versions("p", serve("v2"))]), "f"), failed());
}

#[test]
fn all_prerequisites_must_be_met() {
    let flag = requires(requires(ramp("f", "100%"), "p", "on"), "q", "on");
    assert_eq!(outcome(&world([flag.clone(), ramp("p", "100%"), ramp("q", "100%")]), "f"), on());
    assert_eq!(outcome(&world([flag.clone(), ramp("p", "0%"), ramp("q", "100%")]), "f"), failed());
    assert_eq!(outcome(&world([flag, ramp("p", "100%"), ramp("q", "0%")]), "f"), failed());
}

#[test]
fn a_prerequisite_that_does_not_exist_is_not_met() {
    assert_eq!(served(&requires(ramp("f", "100%"), "gone", "off"), &Context::user("u1")), failed());
}

#[test]
fn a_prerequisite_that_ended_with_an_error_is_not_met() {
    let by_org = Flag { bucket_by: BucketBy::parse("org").expect("a kind"), ..ramp("p", "25%") };
    let definitions = world([requires(ramp("f", "100%"), "p", "off"), by_org]);
    let prerequisite = outcome(&definitions, "p");
    assert_eq!(prerequisite, ("off".into(), Reason::Error(ErrorCode::TargetingKeyMissing)));
    assert_eq!(outcome(&definitions, "f"), failed());
}

#[test]
fn a_lattice_is_evaluated_once_a_flag() {
    // Two ways down at each of fifty steps: without a memory there would be 2^50 evaluations.
    assert_eq!(outcome(&lattice(50, ramp("f0", "100%")), "f49"), on());
    assert_eq!(outcome(&lattice(50, ramp("f0", "0%")), "f49"), failed());
    let lattice = lattice(50, ramp("f0", "25%"));
    let state = state_of(&lattice, &lattice.flags["f49"]);
    assert_eq!(state.to_string(), "100%, where prerequisites hold");
}

#[test]
fn the_memory_belongs_to_one_subject() {
    use crate::eval::{Builder, NoObserver, Scratch};
    let definitions = lattice(2, ramp("f0", "50%"));
    let mut builder = Builder::default();
    let id = builder.flag(&definitions, "f1").expect("defined");
    let program = builder.build();
    let mut scratch = Scratch::default();
    for at in 0..100 {
        let user = Context::user(format!("u{at}"));
        let result = scratch.subject(&program, &user, super::make::NOW).evaluate(id, &mut NoObserver);
        let fresh = evaluate(&definitions, "f1", &user);
        assert_eq!(program.variation(id, result.variation).as_str(), fresh.variation);
    }
}

#[test]
fn nesting_beyond_a_hundred_is_an_invalid_definition() {
    assert_eq!(outcome(&lattice(101, ramp("f0", "100%")), "f100"), on());
    let deep = lattice(20_000, ramp("f0", "100%"));
    for flag in ["f101", "f19999"] {
        let invalid = Reason::Error(ErrorCode::InvalidDefinition);
        assert_eq!(outcome(&deep, flag), ("off".into(), invalid), "{flag}");
        assert_eq!(state_of(&deep, &deep.flags[flag]).to_string(), "off", "{flag}");
    }
}

#[test]
fn a_circle_ends() {
    let flag = |from: &str, to: &str| requires(ramp(from, "100%"), to, "on");
    let definitions = world([flag("a", "b"), flag("b", "c"), flag("c", "a"), flag("d", "a"), flag("e", "e")]);
    for flag in ["a", "b", "c", "d", "e"] {
        assert_eq!(outcome(&definitions, flag), failed(), "{flag}");
        assert_eq!(state_of(&definitions, &definitions.flags[flag]).to_string(), "off", "{flag}");
    }
}
