//! Users of whom only the id is known are counted in bulk, and come to the same as one by one.

use std::io::Cursor;

use super::support::{clause, experiment, flag, options, plan, rule, split, style, variation, world};
use crate::bucket::preset;
use crate::eval::{Cells, World};
use crate::model::{
    BucketBy, Clause, Definitions, Fallthrough, Flag, Operator, Segment, SegmentName, SegmentRule, Serve,
    Value,
};
use crate::simulate::forecast::forecast_by;
use crate::simulate::{Forecast, Options, Plan, Population, TakeJoin, Watch};

/// A forecast and who joins.
type Told = (Forecast, Vec<String>);

/// Runs a population through a plan in bulk, and one by one.
fn both(
    plan: &Plan,
    population: &dyn Fn() -> Population<'static>,
    options: &Options,
    joins: bool,
) -> [Result<Told, String>; 2] {
    let run = |cells: Option<Cells>| {
        let mut joined = Vec::new();
        let mut join = |id: &str| {
            joined.push(id.to_owned());
            Ok(())
        };
        let take: Option<TakeJoin<'_>> = if joins { Some(&mut join) } else { None };
        let told = forecast_by(cells, plan, population(), options, Watch::default(), take);
        told.map(|forecast| (forecast, joined)).map_err(|error| error.to_string())
    };
    [run(plan.program().cells()), run(None)]
}

/// Checks that both ways come to the same. Returns how many of how many rows were evaluated one by one where many are
/// counted together; none where nothing could be counted.
pub(super) fn agree(plan: &Plan, population: &dyn Fn() -> Population<'static>) -> Option<(u64, u64)> {
    assert!(plan.program().cells().is_some(), "it is counted in bulk");
    agree_in_any_way(plan, population)
}

/// Checks the same, whether or not a plan can be counted in bulk; with and without a list of who joins, with every row
/// and the first of each id.
pub(super) fn agree_in_any_way(
    plan: &Plan,
    population: &dyn Fn() -> Population<'static>,
) -> Option<(u64, u64)> {
    let mut alone = None;
    for (distinct, joins) in [(true, true), (false, false)] {
        let options = Options { allow_missing: true, distinct, ..options(3) };
        let [mut bulk, mut one_by_one] = both(plan, population, &options, joins);
        for (told, is_bulk) in [(&mut bulk, true), (&mut one_by_one, false)] {
            if let Ok((forecast, _)) = told {
                let rows = forecast.intake.rows;
                let counted = std::mem::take(&mut forecast.one_by_one);
                assert!(is_bulk || counted == rows, "every row is one");
                alone = if is_bulk { Some((counted, rows)) } else { alone };
            }
        }
        assert!(bulk == one_by_one, "{distinct} {joins}: {bulk:#?}\nis not\n{one_by_one:#?}");
    }
    alone
}

/// Checks that both ways come to the same, and that no more than a few rows were evaluated one by one.
pub(super) fn agree_together(plan: &Plan, population: &dyn Fn() -> Population<'static>) {
    let (alone, rows) = agree(plan, population).expect("a forecast");
    assert!(rows > 400 && alone * 20 < rows, "{alone} of {rows} rows were evaluated one by one");
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
    let [bulk, _] = both(&plan, &ids(list()), &options(2), false);
    let change = bulk.expect("a forecast").0.overall.expect("a change");
    assert!(change.counts.joins >= 5 && change.joins.len() == 5, "{change:?}");
}

/// Returns clauses on the key itself, of all sorts.
fn on_keys() -> Vec<Clause> {
    let mut one_of = clause("key", Operator::In, "user-11");
    one_of.values.extend(["user-12", "qa-1", "nobody"].map(Value::from));
    let mut none_of = one_of.clone();
    none_of.negate = true;
    none_of.values.push(Value::Bool(true));
    let mut several = clause("key", Operator::In, "user-1");
    several.values.extend((0..40).map(|n| Value::from(format!("user-{}", n * 7).as_str())));
    let mut other = clause("key", Operator::StartsWith, "user-1");
    other.negate = true;
    vec![
        one_of,
        none_of,
        several,
        other,
        clause("key", Operator::EndsWith, "7"),
        clause("key", Operator::Contains, "er-2"),
        clause("key", Operator::Matches, "^(user|u)-[0-4]*$"),
        clause("key", Operator::SemverEqual, "1.2.3"),
    ]
}

#[test]
fn what_looks_at_the_key_itself_is_counted_together() {
    for clause in on_keys() {
        let mut now = flag("f", 20_000);
        now.users = [("user-5".to_owned(), variation("off"))].into();
        now.rules = vec![rule(clause.clone(), 40_000)];
        let mut then = flag("f", 10_000);
        then.rules = vec![rule(clause, 100_000)];
        let plan = plan("f", &[&world([now]), &world([then])], Some("segment"));
        for list in awkward() {
            agree(&plan, &ids(list));
        }
        agree_together(&plan, &ids(many("\n", 1_000).into_bytes()));
        agree_together(&plan, &|| Population::Synthetic { count: 20_000, seed: 3 });
        let csv = format!("plan,id\n{}", many(",x\n", 1_000).replace("user", "pro,user").replace(",x", ""));
        agree_together(&plan, &move || Population::stream(Cursor::new(csv.clone()), "users.csv", None));
        let json = many("\"}\n", 1_000).replace("user", "{\"id\":\"user")
            + "{\"id\":7}\n{\"id\":\"user-1\\u0031\"}\n";
        agree_together(&plan, &move || Population::stream(Cursor::new(json.clone()), "users.jsonl", None));
    }
}

#[test]
fn groups_and_units_may_be_keys() {
    let mut by_key = flag("f", 50_000);
    by_key.bucket_by = BucketBy::parse("user.key").expect("a unit");
    for (flag, by) in [(by_key, None), (flag("f", 10_000), Some("key"))] {
        let plan = plan("f", &[&world([flag]), &world([super::support::flag("f", 20_000)])], by);
        for list in awkward() {
            agree(&plan, &ids(list));
        }
        agree_together(&plan, &ids(many("\n", 12_000).into_bytes()));
    }
}

#[test]
fn everyone_without_an_organisation_is_one_cell() {
    let mut by_org = flag("f", 50_000);
    by_org.bucket_by = BucketBy::parse("org").expect("a unit");
    let plan = plan("f", &[&world([by_org])], None);
    assert_eq!(plan.program().cells().map(|cells| cells.count()), Some(1));
    agree(&plan, &ids(b"u1\nu2\n".to_vec()));
}

/// Ids that come again, in the same block and in others, with lines that are wrong or blank between them.
#[test]
fn ids_that_come_again() {
    let worlds = [10_000, 60_000].map(|part| world([flag("f", part)]));
    let plan = plan("f", &worlds.iter().collect::<Vec<_>>(), None);
    let again = |n: usize| if n.is_multiple_of(3) { n / 2 } else { n };
    let blank = |n: usize| if n.is_multiple_of(97) { "\n" } else { "" };
    let list: Vec<String> = (0..60_000).map(|n| format!("user-{}\r\n{}", again(n), blank(n))).collect();
    let list = list.concat();
    agree_together(&plan, &ids(list.clone().into_bytes()));
    let csv = |end: &str| {
        let rows = (0..40_000).map(|n| match n % 101 {
            0 => "\n".to_owned(),
            1 => format!("user-{},x,y{end}", again(n)),
            _ => format!(" user-{},x{end}", again(n)),
        });
        std::iter::once("id,plan\n".to_owned()).chain(rows).collect::<String>()
    };
    for text in [csv("\n"), csv("\r\n")] {
        agree_together(&plan, &move || Population::stream(Cursor::new(text.clone()), "users.csv", None));
    }
    let quoted = csv("\n").replace("user-7,x", "\"user-7\",\"x\n\"");
    agree(&plan, &move || Population::stream(Cursor::new(quoted.clone()), "users.csv", None));
    let json = |n: usize| match n % 103 {
        0 => format!("{{\"id\":\"user-{}\",\"plan\":\"\\u0041\"}}\n", again(n)),
        1 => "{\"id\"\n\n".to_owned(),
        2 => format!("{{\"id\":{}}}\n", again(n)),
        _ => format!("{{\"id\":\"user-{}\"}}\n", again(n)),
    };
    let json: String = (0..30_000).map(json).collect();
    agree_together(&plan, &move || Population::stream(Cursor::new(json.clone()), "users.jsonl", None));
}
