//! Users of whom only the id is known are counted in bulk, and come to the same as one by one.

use std::io::Cursor;

use super::support::{clause, experiment, flag, options, plan, rule, split, style, variation, world};
use crate::bucket::preset;
use crate::eval::World;
use crate::model::{Definitions, Fallthrough, Flag, Operator, Segment, SegmentName, SegmentRule, Serve};
use crate::simulate::{Dimension, Forecast, Options, Plan, Population, TakeJoin, Watch, forecast};

/// Runs a population through a plan in bulk and, since all joins are asked for, one by one.
fn both(
    plan: &Plan,
    population: &dyn Fn() -> Population<'static>,
    options: &Options,
) -> [Result<Forecast, String>; 2] {
    let mut ignore = |_: &str| Ok(());
    let run = |joins: Option<TakeJoin<'_>>| {
        forecast(plan, population(), options, Watch::default(), joins).map_err(|error| error.to_string())
    };
    [run(None), run(Some(&mut ignore))]
}

/// Checks that both ways come to the same.
pub(super) fn agree(plan: &Plan, population: &dyn Fn() -> Population<'static>) {
    assert!(plan.program().cells().is_some(), "it is counted in bulk");
    agree_in_any_way(plan, population);
}

/// Checks the same, whether or not a plan can be counted in bulk.
pub(super) fn agree_in_any_way(plan: &Plan, population: &dyn Fn() -> Population<'static>) {
    let options = Options { allow_missing: true, ..options(3) };
    let [bulk, one_by_one] = both(plan, population, &options);
    assert!(bulk == one_by_one, "{bulk:#?}\nis not\n{one_by_one:#?}");
}

fn ids(bytes: Vec<u8>) -> impl Fn() -> Population<'static> {
    move || Population::stream(Cursor::new(bytes.clone()), "ids.txt", None)
}

/// Returns lines of so many users.
fn many(end: &str, count: usize) -> String {
    (0..count).map(|n| ["user-", &n.to_string(), end].concat()).collect()
}

/// Lists with everything that a line can be.
fn awkward() -> Vec<Vec<u8>> {
    vec![
        many("\r\n", 1_500).into_bytes(),
        many("\r", 10).into_bytes(),
        b"u1\n\n \n\t\r\n\x0c\nu2\r\r\n u3\nu4 \nu5\r".to_vec(),
        "\u{feff}u1\nu2\n\u{a0}\n\u{feff}u3\né\n🚀🚀\n".as_bytes().to_vec(),
        [many("\n", 100).as_bytes(), b"\xff\xfe\nu1\n\xc3\n", many("\n", 100).as_bytes()].concat(),
        (0..600).map(|n| "y".repeat(n % 200) + "\n").collect::<String>().into_bytes(),
        [many("\n", 100), "qa-1\nqa-2\nq-1\nstaff-1\nqa-1".to_owned()].concat().into_bytes(),
    ]
}

/// Lists of more than one block, the first with an end in the midst of a line, the second with one that is no text.
fn long() -> Vec<Vec<u8>> {
    let line = "x".repeat(300_000);
    vec![
        many("\n", 26_000).into_bytes(),
        [many("\n", 24_000).as_bytes(), b"\xff\xfe\nu1\n\xc3\n", many("\n", 100).as_bytes()].concat(),
        [b"u1\n", line.as_bytes(), b"\nu2\n", line.as_bytes()].concat(),
    ]
}

#[test]
fn a_ramp_over_awkward_lists() {
    let worlds = [10_000, 25_000, 24_999, 100_000].map(|part| world([flag("f", part)]));
    let plan = plan("f", &worlds.iter().collect::<Vec<_>>(), None);
    for list in awkward().into_iter().chain(long()) {
        agree(&plan, &ids(list));
    }
}

#[test]
fn who_is_listed_gets_what_is_listed() {
    let mut then = flag("f", 30_000);
    then.users = [("qa-1", "off"), ("q-1", "on")].map(|(key, name)| (key.to_owned(), variation(name))).into();
    then.orgs = [("acme".to_owned(), variation("on"))].into();
    let mut rules = [
        rule(clause("plan", Operator::In, "pro"), 100_000),
        rule(clause("segments", Operator::In, "staff"), 50_000),
    ];
    rules[0].when[0].negate = true;
    then.rules = rules.to_vec();
    let name = SegmentName::try_from("staff").expect("a name");
    let segment = Segment {
        name: name.clone(),
        description: None,
        included: ["staff-1".to_owned(), "user-77".to_owned()].into(),
        excluded: ["user-78".to_owned()].into(),
        rules: vec![SegmentRule { when: vec![clause("email", Operator::EndsWith, "@agpt.co")] }],
    };
    let mut then = world([then]);
    then.segments.insert(name, segment);
    for by in [None, Some("org"), Some("plan"), Some("segment")] {
        let plan = plan("f", &[&world([flag("f", 0)]), &then], by);
        for list in awkward() {
            agree(&plan, &ids(list));
        }
    }
}

#[test]
fn splits_that_change_and_move_to_another_algorithm() {
    let three = |shares: &[(&str, i64)], algorithm: &str| -> Flag {
        let mut flag = style(&[("v1", 1)]);
        flag.fallthrough = Fallthrough::Serve(Serve::Split(split(shares)));
        flag.bucketing = preset(algorithm).expect("a preset");
        flag.salt = Some("salt".to_owned());
        flag
    };
    let (now, next) = ([("v1", 1), ("v2", 1), ("v3", 1)], [("v3", 20), ("v1", 70), ("v2", 10)]);
    for (before, after) in [
        ("ffctl/1", "ffctl/1"),
        ("ffctl/1", "launchdarkly"),
        ("flagsmith", "md5-flag-user"),
        ("growthbook/2", "statsig"),
        ("flipt", "devcycle"),
    ] {
        let worlds = [world([three(&now, before)]), world([three(&next, after)])];
        let plan = plan("style", &worlds.iter().collect::<Vec<_>>(), Some("segment"));
        for list in awkward() {
            agree(&plan, &ids(list));
        }
        agree(&plan, &|| Population::Synthetic { count: 2_000, seed: 11 });
    }
}

#[test]
fn an_experiment_with_its_gate_and_forced_users() {
    let even = [("control", 50), ("treatment", 50)];
    let stage = |gate: u32, shares: &[(&str, i64)]| -> Definitions {
        let mut world = world([flag("gate", gate)]);
        let of = experiment(shares, Some("gate"));
        world.experiments.insert(of.name.clone(), of);
        world
    };
    let stages =
        [stage(40_000, &even), stage(60_000, &even), stage(60_000, &[("control", 10), ("treatment", 90)])];
    let worlds: Vec<(&str, &dyn World)> = stages.iter().map(|stage| ("stage", stage as &dyn World)).collect();
    let plan = Plan::new("exp", &worlds, None).expect("a plan");
    for list in awkward() {
        agree(&plan, &ids(list));
    }
    agree(&plan, &|| Population::Synthetic { count: 20_000, seed: 3 });
}

#[test]
fn rare_examples_are_found_where_they_are() {
    // Some ten of many join, in two blocks.
    let worlds = [50_000, 50_040].map(|part| world([flag("f", part)]));
    let plan = plan("f", &worlds.iter().collect::<Vec<_>>(), None);
    let list = || many("\n", 27_000).into_bytes();
    agree(&plan, &ids(list()));
    let [bulk, _] = both(&plan, &ids(list()), &options(2));
    let change = bulk.expect("a forecast").overall.expect("a change");
    assert!(change.counts.joins >= 5 && change.joins.len() == 5, "{change:?}");
}

#[test]
fn what_looks_at_the_key_itself_is_not_counted_in_bulk() {
    let mut by_key = flag("f", 0);
    by_key.rules = vec![rule(clause("key", Operator::StartsWith, "user-1"), 100_000)];
    let plan_of = |flag: Flag, by: Option<&str>| {
        let world = world([flag]);
        let by = by.and_then(Dimension::parse);
        Plan::new("f", &[("now", &world as &dyn World)], by.as_ref()).expect("a plan")
    };
    assert!(plan_of(by_key, None).program().cells().is_none());
    assert!(plan_of(flag("f", 1), Some("key")).program().cells().is_none());
    assert!(plan_of(flag("f", 1), Some("plan")).program().cells().is_some());
    // Everyone without an organisation lacks what to bucket by: one cell.
    let mut by_org = flag("f", 50_000);
    by_org.bucket_by = crate::model::BucketBy::parse("org").expect("a unit");
    let plan = plan_of(by_org, None);
    assert_eq!(plan.program().cells().map(|cells| cells.count()), Some(1));
    agree(&plan, &ids(b"u1\nu2\n".to_vec()));
}
