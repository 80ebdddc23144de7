//! What holds for all definitions, contexts and users.

use proptest::prelude::*;

use super::generate::{
    EXPERIMENTS, FLAGS, context, definitions, share, split, unchecked_definitions, weight,
};
use super::make::{NOW, evaluate, ramp, rule, shares, versions, with_experiment, world};
use crate::eval::{Builder, ExperimentId, FlagId, NoObserver, Program, Scratch, State, Step, state_of};
use crate::model::{
    BucketBy, Context, Definitions, Experiment, ExperimentName, Fallthrough, Flag, Reason, Serve, Share,
    Split, Weight,
};

/// Evaluates everything for one context after the other, unwatched with one memory for all and watched with a
/// fresh one for each; fails where the two differ.
fn evaluate_all(definitions: &Definitions, contexts: &[Context]) -> Result<(), TestCaseError> {
    let mut builder = Builder::default();
    builder.all_segments(definitions);
    let flags = FLAGS.map(|name| builder.flag(definitions, name).expect("defined"));
    let experiments = EXPERIMENTS.map(|name| builder.experiment(definitions, name).expect("defined"));
    let program = builder.build();
    let mut scratch = Scratch::default();
    for context in contexts {
        evaluate_one(&program, &flags, &experiments, context, &mut scratch)?;
    }
    Ok(())
}

fn evaluate_one(
    program: &Program,
    flags: &[FlagId],
    experiments: &[ExperimentId],
    context: &Context,
    scratch: &mut Scratch,
) -> Result<(), TestCaseError> {
    let mut fresh = Scratch::default();
    let mut run = scratch.subject(program, context, NOW);
    let mut watched = fresh.subject(program, context, NOW);
    for &flag in flags {
        let mut shown = None;
        let mut last_rule = None;
        let mut see = |step: Step<'_>| match step {
            Step::User { served, .. } | Step::Org { served, .. } | Step::Fallthrough { served, .. } => {
                shown = served.cloned().or(shown.take());
            }
            Step::Rule { rule, served, .. } => {
                shown = served.cloned().or(shown.take());
                last_rule = served.map(|_| rule).or(last_rule);
            }
            _ => {}
        };
        let result = run.evaluate(flag, &mut NoObserver);
        prop_assert_eq!(result, watched.evaluate(flag, &mut see));
        prop_assert_eq!(result.rule, last_rule);
        let served = program.variation(flag, result.variation);
        match result.reason {
            Reason::Disabled | Reason::PrerequisiteFailed | Reason::Error(_) => {
                prop_assert_eq!(result.variation, program.off(flag));
                prop_assert_eq!(shown, None);
            }
            _ => prop_assert_eq!(shown.as_ref(), Some(served)),
        }
    }
    for &experiment in experiments {
        let assigned = run.assign(experiment, &mut NoObserver);
        prop_assert!(assigned.variant < program.variants(experiment).len());
        prop_assert_eq!(assigned, watched.assign(experiment, &mut |_: Step<'_>| {}));
    }
    prop_assert_eq!(run.segments(), watched.segments());
    Ok(())
}

/// Compares the state of every flag with what a context gets.
fn states_hold(definitions: &Definitions, context: &Context) -> Result<(), TestCaseError> {
    for name in FLAGS {
        let state = state_of(definitions, &definitions.flags[name]);
        let outcome = evaluate(definitions, name, context);
        if let (Some(everyone), false) = (state.everyone(), matches!(outcome.reason, Reason::Error(_))) {
            prop_assert_eq!(everyone.as_str(), outcome.variation, "{}", name);
        }
        let off = definitions.flags[name].variations.off();
        match &state {
            State::On(variation) => prop_assert_ne!(variation, off),
            State::Off(variation) => prop_assert_eq!(variation, off),
            State::Partial(_) => prop_assert!(!state.to_string().is_empty()),
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn listening_changes_nothing(definitions in definitions(), contexts in contexts()) {
        evaluate_all(&definitions, &contexts)?;
    }

    #[test]
    fn evaluation_is_total(definitions in unchecked_definitions(), contexts in contexts()) {
        evaluate_all(&definitions, &contexts)?;
    }

    #[test]
    fn a_state_for_everyone_holds_for_each(definitions in definitions(), contexts in contexts()) {
        for context in contexts {
            states_hold(&definitions, &context)?;
        }
    }

    #[test]
    fn states_of_unchecked_definitions_hold_as_well(definitions in unchecked_definitions(), contexts in contexts()) {
        for context in contexts {
            states_hold(&definitions, &context)?;
        }
    }

    #[test]
    fn definitions_that_were_checked_are_never_invalid(definitions in definitions(), context in context()) {
        for name in FLAGS {
            let code = evaluate(&definitions, name, &context).reason.error_code();
            prop_assert_ne!(code, Some("invalid_definition"));
        }
    }
}

fn contexts() -> impl Strategy<Value = Vec<Context>> {
    proptest::collection::vec(context(), 1..6)
}

fn users() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::vec(".{1,80}|u[0-9]{1,6}", 20..60)
}

fn rolled(weight: Weight) -> Flag {
    Flag { fallthrough: Fallthrough::Rollout(weight), ..ramp("f", "0%") }
}

/// Returns what each user gets.
fn all(definitions: &Definitions, users: &[String]) -> Vec<String> {
    users.iter().map(|user| evaluate(definitions, "f", &Context::user(user.as_str())).variation).collect()
}

fn experiment(name: &str, variants: Split) -> Experiment {
    Experiment {
        name: ExperimentName::try_from(name).expect("a name"),
        description: None,
        owner: None,
        flag: Some(super::make::name("f")),
        variants,
        force: [].into(),
        salt: None,
        bucket_by: BucketBy::default(),
        bucketing: crate::bucket::Algorithm::default(),
    }
}

/// Returns each user's variant of `e` and whether the gate is open.
fn variants(definitions: &Definitions, users: &[String]) -> Vec<(bool, usize)> {
    let mut builder = Builder::default();
    let id = builder.experiment(definitions, "e").expect("defined");
    let program = builder.build();
    let mut scratch = Scratch::default();
    let assign = |user: &String| {
        let assigned = scratch.subject(&program, user.as_str(), NOW).assign(id, &mut NoObserver);
        (assigned.gate == crate::eval::Gate::Open, assigned.variant)
    };
    users.iter().map(assign).collect()
}

proptest! {
    #[test]
    fn raising_a_percentage_keeps_everyone_in(a in weight(), b in weight(), users in users()) {
        let (small, large) = (a.min(b), a.max(b));
        let before = all(&world([rolled(small)]), &users);
        let after = all(&world([rolled(large)]), &users);
        for (before, after) in before.iter().zip(&after) {
            prop_assert!(before == "off" || after == "on");
        }
    }

    #[test]
    fn the_first_bucket_that_is_out_is_the_weight(user in ".{1,40}", ruled: bool) {
        let bucket = super::make::bucket_of(crate::bucket::Purpose::Rollout, "f", &user, Weight::TOTAL);
        for (thousandths, expected) in [(bucket, "off"), (bucket + 1, "on")] {
            let weight = Weight::from_thousandths(thousandths).expect("a bucket is below the total");
            let ruled_flag = || Flag {
                rules: vec![crate::model::Rule { rollout: weight, ..rule([], "0%", "on") }],
                ..rolled(Weight::NONE)
            };
            let flag = if ruled { ruled_flag() } else { rolled(weight) };
            prop_assert_eq!(&all(&world([flag]), std::slice::from_ref(&user))[0], expected);
        }
    }

    #[test]
    fn a_larger_rollout_of_a_rule_contains_a_smaller_fallthrough(a in weight(), b in weight(), users in users()) {
        let (small, large) = (a.min(b), a.max(b));
        let ruled = Flag { rules: vec![crate::model::Rule { rollout: large, ..rule([], "0%", "on") }], ..rolled(small) };
        prop_assert_eq!(all(&world([ruled]), &users), all(&world([rolled(large)]), &users));
    }

    #[test]
    fn shares_scaled_by_a_constant_move_nobody(
        split in split(vec!["v1", "v2", "v3"]).prop_filter("room to scale", |split| split.total() < 1_000_000),
        factor in 1_i64..2_000,
        users in users(),
    ) {
        let pairs = split.pairs().iter().map(|(name, share)| (name.clone(), scaled(*share, factor)));
        let larger = Split::new(pairs.collect()).expect("a split");
        let before = all(&world([versions("f", Serve::Split(split))]), &users);
        prop_assert_eq!(before, all(&world([versions("f", Serve::Split(larger))]), &users));
    }

    #[test]
    fn a_share_refined_moves_only_those_who_leave_it(first in share(), second in share(), part in 1_i64..100, users in users()) {
        // `v1 a / v2 b` becomes `v1 a / v2 c / v3 b-c`: whoever had v1 keeps it, and v2 gains nobody.
        let (first, second) = (i64::from(first.get()) * 100, i64::from(second.get()) * 100);
        prop_assume!(first + second < i64::from(Split::LARGEST_TOTAL));
        let coarse = shares(&[("v1", first), ("v2", second)]);
        let kept = second * part / 100;
        let fine = shares(&[("v1", first), ("v2", kept), ("v3", second - kept)]);
        let before = all(&world([versions("f", Serve::Split(coarse))]), &users);
        let after = all(&world([versions("f", Serve::Split(fine))]), &users);
        for (before, after) in before.iter().zip(&after) {
            prop_assert!(before == after || (before == "v2" && after == "v3"), "{} → {}", before, after);
        }
    }

    #[test]
    fn a_percentage_means_the_same_users_however_it_is_written(percent in 0_u32..=100, users in users()) {
        // 25% are the first quarter of 100, of 1,000 and of 100,000 buckets alike.
        let weight = Weight::from_thousandths(percent * 1000).expect("in range");
        let on = all(&world([rolled(weight)]), &users);
        for (user, on) in users.iter().zip(on) {
            let coarse = super::make::bucket_of(crate::bucket::Purpose::Rollout, "f", user, 100);
            prop_assert_eq!(on == "on", coarse < percent);
        }
    }

    #[test]
    fn a_ramp_never_changes_a_variant(
        a in weight(), b in weight(), split in split(vec!["control", "treatment", "other"]), users in users(),
    ) {
        let at = |weight| variants(&with_experiment(world([rolled(weight)]), experiment("e", split.clone())), &users);
        for ((open_before, before), (open_after, after)) in at(a).into_iter().zip(at(b)) {
            prop_assert!(!(open_before && open_after) || before == after);
        }
    }

    #[test]
    fn a_ramp_never_changes_the_variation_of_a_split(a in weight(), b in weight(), users in users()) {
        let flag = |rollout| {
            let serve = Serve::Split(shares(&[("v2", 60), ("v3", 40)]));
            let rules = vec![crate::model::Rule { name: None, when: vec![], rollout, serve }];
            world([Flag { rules, ..versions("f", super::make::serve("v1")) }])
        };
        for (before, after) in all(&flag(a), &users).into_iter().zip(all(&flag(b), &users)) {
            prop_assert!(before == after || before == "v1" || after == "v1");
        }
    }

    #[test]
    fn a_salt_equal_to_the_old_name_moves_nobody(weight in weight(), users in users()) {
        let old = Flag { name: super::make::name("old"), ..rolled(weight) };
        let renamed = Flag { salt: Some("old".into()), ..rolled(weight) };
        let split = || Serve::Split(shares(&[("v2", 1), ("v3", 2)]));
        let (old, renamed) = (world([old, versions("split", split())]), world([renamed]));
        for user in &users {
            let context = Context::user(user.as_str());
            prop_assert_eq!(evaluate(&old, "old", &context), evaluate(&renamed, "f", &context));
        }
        let splits = world([Flag { salt: Some("split".into()), ..versions("f", split()) }]);
        for user in &users {
            let context = Context::user(user.as_str());
            prop_assert_eq!(evaluate(&old, "split", &context), evaluate(&splits, "f", &context));
        }
    }
}

fn scaled(share: Share, factor: i64) -> Share {
    Share::try_from(i64::from(share.get()) * factor).expect("in range")
}
