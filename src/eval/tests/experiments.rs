//! Experiments: gate, then forced variants, then the bucket.

use super::make::{
    NOW, bucket_of, listed, name, of_org, ramp, shares, versions, whole, with_experiment, world,
};
use crate::bucket::Purpose;
use crate::eval::{Assignment, Builder, Gate, NoObserver, Scratch, Step};
use crate::model::{
    BucketBy, Context, Definitions, ErrorCode, Experiment, ExperimentName, Flag, Reason, Serve,
};

fn experiment(gate: Option<&str>) -> Experiment {
    Experiment {
        name: ExperimentName::try_from("e").expect("a name"),
        description: None,
        owner: None,
        flag: gate.map(name),
        variants: shares(&[("control", 50), ("treatment", 50)]),
        force: listed([("qa-1", "treatment")]),
        salt: None,
        bucket_by: BucketBy::default(),
        bucketing: crate::bucket::Algorithm::default(),
    }
}

/// Returns the variant's name with everything else, and checks that listening changes nothing.
fn assign(definitions: &Definitions, context: &Context) -> (String, Assignment) {
    let (variant, assigned, _) = assign_slot(definitions, context);
    (variant, assigned)
}

/// Returns the slot as well.
fn assign_slot(definitions: &Definitions, context: &Context) -> (String, Assignment, Option<u32>) {
    let mut builder = Builder::default();
    let id = builder.experiment(definitions, "e").expect("it is defined");
    let program = builder.build();
    let mut scratch = Scratch::default();
    let assigned = scratch.subject(&program, context, NOW).assign(id, &mut NoObserver);
    let watched = scratch.subject(&program, context, NOW).assign(id, &mut |_: Step<'_>| {});
    assert_eq!(assigned, watched);
    let slot = program.slot(id, assigned.bucket).and_then(whole);
    (program.variants(id)[assigned.variant].to_string(), assigned, slot)
}

fn gated(gate: Flag) -> Definitions {
    with_experiment(world([gate]), experiment(Some("g")))
}

#[test]
fn without_a_gate_the_bucket_decides() {
    let world = with_experiment(world([]), experiment(None));
    let mut treated = 0;
    for at in 0..200 {
        let user = format!("u{at}");
        let slot = bucket_of(Purpose::Variant, "e", &user, 100);
        let (variant, assigned, drawn) = assign_slot(&world, &Context::user(user));
        assert_eq!(variant, if slot < 50 { "control" } else { "treatment" });
        assert_eq!((assigned.reason, assigned.gate, drawn), (Reason::Split, Gate::None, Some(slot)));
        treated += assigned.variant;
    }
    assert!((70..130).contains(&treated), "{treated}");
}

#[test]
fn behind_a_closed_gate_everyone_gets_the_first_variant_even_if_forced() {
    for user in ["u1", "qa-1"] {
        let (variant, assigned) = assign(&gated(ramp("g", "0%")), &Context::user(user));
        assert_eq!(
            (variant.as_str(), assigned.reason, assigned.gate),
            ("control", Reason::Disabled, Gate::Closed)
        );
        assert_eq!(assigned.bucket, None);
    }
}

#[test]
fn an_open_gate_lets_force_and_bucket_decide() {
    let world = gated(ramp("g", "100%"));
    let (variant, assigned) = assign(&world, &Context::user("qa-1"));
    assert_eq!(
        (variant.as_str(), assigned.reason, assigned.gate),
        ("treatment", Reason::TargetingMatch, Gate::Open)
    );
    assert_eq!(assign(&world, &Context::user("u1")).1.reason, Reason::Split);
}

#[test]
fn the_gate_is_asked_for_each_user() {
    let world = gated(ramp("g", "25%"));
    for at in 0..100 {
        let user = format!("u{at}");
        let open = bucket_of(Purpose::Rollout, "g", &user, 100_000) < 25_000;
        let (_, assigned) = assign(&world, &Context::user(user));
        assert_eq!(assigned.gate, if open { Gate::Open } else { Gate::Closed });
        assert_eq!(assigned.reason, if open { Reason::Split } else { Reason::Disabled });
    }
}

#[test]
fn a_gate_with_variations_is_open_where_it_does_not_serve_its_off() {
    let serving = |text: &str| versions("g", Serve::Split(shares(&[(text, 1)])));
    assert_eq!(assign(&gated(serving("v2")), &Context::user("u1")).1.gate, Gate::Open);
    assert_eq!(assign(&gated(serving("v1")), &Context::user("u1")).1.gate, Gate::Closed);
}

#[test]
fn a_gate_that_cannot_tell_says_so() {
    let missing = Reason::Error(ErrorCode::TargetingKeyMissing);
    let by_org = Flag { bucket_by: BucketBy::parse("org").expect("a kind"), ..ramp("g", "25%") };
    let (variant, assigned) = assign(&gated(by_org.clone()), &Context::user("u1"));
    assert_eq!((variant.as_str(), assigned.reason, assigned.gate), ("control", missing, Gate::Closed));
    assert!(!matches!(assign(&gated(by_org), &of_org("acme")).1.reason, Reason::Error(_)));
    let gone = with_experiment(world([]), experiment(Some("g")));
    let invalid = Reason::Error(ErrorCode::InvalidDefinition);
    assert_eq!(assign(&gone, &Context::user("u1")).1.reason, invalid);
}

#[test]
fn a_missing_unit_ends_with_the_first_variant_and_an_error() {
    let (variant, assigned) = assign(&gated(ramp("g", "100%")), &Context::default());
    assert_eq!(variant, "control");
    assert_eq!(assigned.reason, Reason::Error(ErrorCode::TargetingKeyMissing));
    assert_eq!(assigned.bucket, None);
}

#[test]
fn the_salt_replaces_the_name_and_the_unit_may_be_another() {
    let salted = Experiment {
        salt: Some("old".into()),
        bucket_by: BucketBy::parse("org").expect("a kind"),
        ..experiment(None)
    };
    let (_, _, slot) = assign_slot(&with_experiment(world([]), salted), &of_org("acme"));
    assert_eq!(slot, Some(bucket_of(Purpose::Variant, "old", "acme", 100)));
}

#[test]
fn a_single_variant_needs_no_unit() {
    let single = |gate| Experiment { variants: shares(&[("all", 1)]), force: [].into(), ..experiment(gate) };
    let plain = with_experiment(world([]), single(None));
    assert_eq!(assign(&plain, &Context::default()).1.reason, Reason::Static);
    let gated = with_experiment(world([ramp("g", "100%")]), single(Some("g")));
    assert_eq!(assign(&gated, &Context::default()).1.reason, Reason::Default);
}

#[test]
fn an_experiment_that_forces_an_unknown_variant_is_invalid() {
    let odd = Experiment { force: listed([("u1", "gone")]), ..experiment(None) };
    let (variant, assigned) = assign(&with_experiment(world([]), odd), &Context::user("u2"));
    assert_eq!(variant, "control");
    assert_eq!(assigned.reason, Reason::Error(ErrorCode::InvalidDefinition));
}
