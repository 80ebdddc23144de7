//! Who stays: what the definitions guarantee is also what happens.

use indexmap::IndexMap;
use proptest::prelude::*;

use super::support::{clause, counts, flag, plan, rule, run, style, variation, world};
use crate::bucket::{preset, presets};
use crate::model::{BucketBy, Flag, Operator};
use crate::simulate::{Keeps, Population, keeps_everyone};

#[test]
fn a_split_that_moves_users_says_so() {
    let now = world([style(&[("v1", 80), ("v2", 10), ("v3", 10)])]);
    let moved = world([style(&[("v1", 60), ("v2", 20), ("v3", 20)])]);
    let grown = world([style(&[("v1", 800), ("v2", 100), ("v3", 100)])]);
    let forecast =
        run(&plan("style", &[&now, &moved], None), Population::Synthetic { count: 50_000, seed: 3 });
    // v2 was 80..90 and is 60..80, v3 was 90..100 and is 80..100: all of v2 becomes v3.
    assert_eq!(counts(&forecast).switches, forecast.stages[0].variations[1].count);
    assert_eq!(counts(&forecast).leaves, 0);
    assert_eq!(forecast.overall.expect("a change").keeps, Keeps { observed: false, guaranteed: false });
    let same = run(&plan("style", &[&now, &grown], None), Population::Synthetic { count: 50_000, seed: 3 });
    assert_eq!(same.overall.expect("a change").keeps, Keeps { observed: true, guaranteed: true });
}

#[test]
fn what_else_changes_is_not_guaranteed() {
    let base = flag("f", 10_000);
    let keeps = |now: &Flag, then: &Flag| {
        let (a, b) = (world([now.clone()]), world([then.clone()]));
        keeps_everyone((&a, now), (&b, then))
    };
    let changed = |change: &dyn Fn(&mut Flag)| {
        let mut flag = flag("f", 20_000);
        change(&mut flag);
        flag
    };
    assert!(keeps(&base, &changed(&|_| ())));
    assert!(keeps(&base, &changed(&|flag| flag.description = Some("words".into()))));
    assert!(keeps(&flag("f", 0), &changed(&|flag| flag.salt = Some("other".into()))));
    assert!(keeps(&changed(&|flag| flag.salt = Some("s".into())), &flag("f", 100_000)));
    assert!(!keeps(&base, &flag("f", 9_999)));
    assert!(!keeps(&base, &changed(&|flag| flag.salt = Some("other".into()))));
    assert!(!keeps(&base, &changed(&|flag| flag.enabled = false)));
    assert!(!keeps(&base, &changed(&|flag| flag.bucket_by = BucketBy::parse("org").expect("a unit"))));
    assert!(!keeps(&base, &changed(&|flag| flag.users = IndexMap::from([("u".into(), variation("off"))]))));
    assert!(!keeps(&base, &changed(&|flag| flag.bucketing = preset("posthog").expect("a preset"))));
    let ruled = |thousandths| {
        changed(&|flag| flag.rules = vec![rule(clause("plan", Operator::In, "pro"), thousandths)])
    };
    assert!(keeps(&ruled(40_000), &ruled(50_000)) && keeps(&ruled(40_000), &ruled(40_000)));
    assert!(!keeps(&ruled(40_000), &ruled(30_000)) && !keeps(&ruled(0), &ruled(30_000)));
    assert!(!keeps(&base, &ruled(30_000)));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_growing_weight_loses_nobody(a in 0_u32..=100_000, b in 0_u32..=100_000, seed: u64) {
        let (low, high) = (a.min(b), a.max(b));
        let (now, then) = (world([flag("f", low)]), world([flag("f", high)]));
        let forecast = run(&plan("f", &[&now, &then], None), Population::Synthetic { count: 500, seed });
        let counts = counts(&forecast);
        prop_assert_eq!((counts.leaves, counts.switches, counts.rows()), (0, 0, 500));
        prop_assert!(forecast.overall.expect("a change").keeps.guaranteed);
    }

    #[test]
    fn scaled_shares_move_nobody(shares in [1_i64..1000, 1..1000, 1..1000], factor in 1_i64..1000, seed: u64) {
        let pairs = |factor: i64| ["v1", "v2", "v3"].into_iter().zip(shares.map(|share| share * factor));
        let of = |factor| world([style(&pairs(factor).collect::<Vec<_>>())]);
        let (now, then) = (of(1), of(factor));
        let forecast = run(&plan("style", &[&now, &then], None), Population::Synthetic { count: 500, seed });
        let counts = counts(&forecast);
        prop_assert_eq!((counts.joins, counts.leaves, counts.switches, counts.rows()), (0, 0, 0, 500));
        prop_assert!(forecast.overall.expect("a change").keeps.guaranteed);
    }

    /// What is guaranteed from the definitions alone is also observed, and everything adds up.
    #[test]
    fn a_guarantee_holds_and_rows_add_up(
        now in [1_i64..20, 1..20, 1..20],
        then in [1_i64..20, 1..20, 1..20],
        rule_now in 0_u32..=100_000,
        rule_then in 0_u32..=100_000,
        algorithm in prop::sample::select(presets().collect::<Vec<_>>()),
        seed: u64,
    ) {
        let by = |mut flag: Flag| {
            flag.bucketing = algorithm.clone();
            flag
        };
        let named = |shares: [i64; 3]| ["v1", "v2", "v3"].into_iter().zip(shares).collect::<Vec<_>>();
        let (a, b) = (world([by(style(&named(now)))]), world([by(style(&named(then)))]));
        let splits = run(&plan("style", &[&a, &b], None), Population::Synthetic { count: 400, seed });
        let of = |thousandths, fallthrough| {
            let mut flag = flag("f", fallthrough);
            flag.rules = vec![rule(clause("key", Operator::Contains, "7"), thousandths)];
            world([by(flag)])
        };
        let (a, b) = (of(rule_now, 30_000), of(rule_then, 40_000));
        let rules = run(&plan("f", &[&a, &b], None), Population::Synthetic { count: 400, seed });
        for forecast in [splits, rules] {
            let change = forecast.overall.as_ref().expect("a change");
            let counts = change.counts;
            prop_assert_eq!(counts.rows(), 400);
            prop_assert!(change.keeps.observed || !change.keeps.guaranteed);
            let (before, after) = (forecast.stages[0].inside, forecast.stages[1].inside);
            prop_assert_eq!(before + counts.joins, after + counts.leaves);
            for stage in &forecast.stages {
                let served: u64 = stage.variations.iter().map(|variation| variation.count).sum();
                prop_assert_eq!(served + stage.missing_key + stage.invalid, 400);
            }
        }
    }
}
