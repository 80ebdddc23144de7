//! One state at several times, funnels, and who was ever on.

use std::fmt::Write;
use std::io::Cursor;

use crate::eval::World;
use crate::model::{Definitions, Operator, Timestamp};
use crate::simulate::{Detail, Forecast, HurdleKind, Moments, Plan, Population, Watch, forecast};

use super::bulk::agree_together;
use super::support::*;

const USERS: i64 = 90;

fn day(day: i64) -> Timestamp {
    Timestamp::from_millis(1_790_000_000_000 + day * Timestamp::DAY)
}

/// Accounts of all ages, some yet to be.
fn users() -> String {
    let mut text = String::from("id,created_at\n");
    for number in 0..USERS {
        writeln!(text, "u-{number},{}", day(number % 30 - 15)).expect("written");
    }
    text
}

/// On for the young, and for a part of the rest.
fn young(rollout: u32) -> Definitions {
    let mut young = flag("x", rollout);
    young.rules.push(rule(clause("account_age_days", Operator::LessThan, 7), 60_000));
    world([young])
}

fn at_times(worlds: &[&Definitions], points: &[(usize, Timestamp)], workers: usize, users: &str) -> Forecast {
    let now: [(&str, &dyn World); 1] = [("now", worlds[0])];
    let worlds: Vec<&dyn World> = worlds.iter().map(|world| *world as &dyn World).collect();
    let moments = Moments { worlds: &worlds, points };
    let plan = Plan::detailed("x", &now, &Detail::default(), Some(&moments)).expect("a plan");
    let options = crate::simulate::Options { at: points[0].1, ..options(workers) };
    forecast(&plan, stream(users, "users.csv"), &options, Watch::default(), None).expect("a forecast")
}

#[test]
fn times_count_what_a_forecast_counts_at_each() {
    // A schedule: the rollout is 50% until the sixth time, then 5%.
    let (first, second) = (young(50_000), young(5_000));
    let points: Vec<(usize, Timestamp)> =
        (0..12).map(|at| (usize::from(at > 5), day(i64::from(at) * 2))).collect();
    let text = users();
    let (header, rows) = text.split_once('\n').expect("rows");
    let together = at_times(&[&first, &second], &points, 3, &text).times.expect("times");
    assert!(together.depends_on_time);
    // Every user alone, at every time alone.
    let alone = |row: &str, (world, at): (usize, Timestamp)| {
        let plan = plan("x", &[[&first, &second][world]], None);
        let population = format!("{header}\n{row}\n");
        let options = crate::simulate::Options { at, ..options(1) };
        let stream = Population::stream(std::io::Cursor::new(population), "users.csv", None);
        forecast(&plan, stream, &options, Watch::default(), None).expect("a forecast").stages[0].inside == 1
    };
    let mut flapping = Vec::new();
    let mut counts = vec![(0, 0, 0, 0); points.len()];
    for row in rows.lines() {
        let on: Vec<bool> = points.iter().map(|point| alone(row, *point)).collect();
        for at in 0..on.len() {
            counts[at].0 += u64::from(on[at]);
            counts[at].1 += u64::from(at > 0 && on[at] && !on[at - 1]);
            counts[at].2 += u64::from(at > 0 && !on[at] && on[at - 1]);
            counts[at].3 += u64::from(on[..=at].contains(&true));
        }
        if on.windows(2).filter(|pair| pair[0] != pair[1]).count() > 1 {
            flapping.push(row.split(',').next().expect("an id").to_owned());
        }
    }
    let seen: Vec<_> =
        together.points.iter().map(|at| (at.inside, at.joins, at.leaves, at.exposed)).collect();
    assert_eq!(seen, counts);
    assert_eq!(together.flapping, flapping.len() as u64);
    assert_eq!(together.first_flapping, flapping[..5]);
    assert!(flapping.len() > 5 && counts.iter().any(|count| count.2 > 5), "{flapping:?}");
}

/// Rows of every sort at several times, counted together and one by one.
#[test]
fn times_are_counted_together() {
    let mut first = flag("x", 30_000);
    first.users = [("u-7".to_owned(), variation("on"))].into();
    first.rules = vec![
        rule(clause("account_age_days", Operator::LessThan, 7), 60_000),
        rule(clause("plan", Operator::In, "pro"), 50_000),
        rule(clause("account_age_days", Operator::GreaterThan, 20), 0),
    ];
    let mut second = first.clone();
    second.rules[2].rollout = weight(100_000);
    second.rules.push(rule(clause("created_at", Operator::Before, "2026-09-20T00:00:00Z"), 100_000));
    let mut aged = flag("x", 40_000);
    aged.bucket_by = crate::model::BucketBy::parse("user.account_age_days").expect("a unit");
    let rows = (0..3_000_i64).map(|n| {
        let at = Timestamp::from_millis(day(n * 7 % 45 - 22).millis() + n * 7_919_001 % Timestamp::DAY);
        let created = match n % 11 {
            0 => String::new(),
            1 => "never".to_owned(),
            2 => at.millis().to_string(),
            _ => at.to_string(),
        };
        format!(
            "u-{n},{created},{},{}\n",
            if n % 2 == 0 { "pro" } else { "free" },
            if n % 13 == 0 { "9" } else { "" }
        )
    });
    let csv: String =
        std::iter::once("id,created_at,plan,account_age_days\n".to_owned()).chain(rows).collect();
    let ids = ids(3_000);
    for every in [Timestamp::DAY, 5 * 3_600_000] {
        let at = |n: i64| Timestamp::from_millis(day(0).millis() + n * every);
        let points: Vec<_> = (0..25).map(|n| (usize::from(n % 9 > 5), at(n))).collect();
        for worlds in [[&first, &second], [&aged, &first], [&aged, &aged]] {
            let worlds = worlds.map(|flag| world([flag.clone()]));
            let now: [(&str, &dyn World); 2] = [("now", &worlds[0]), ("then", &worlds[1])];
            let later: Vec<&dyn World> = worlds.iter().map(|world| world as &dyn World).collect();
            let moments = Moments { worlds: &later, points: &points };
            let plan = Plan::detailed("x", &now, &Detail::default(), Some(&moments)).expect("a plan");
            for (name, text) in [("users.csv", &csv), ("ids.txt", &ids)] {
                let text = text.clone();
                agree_together(&plan, &move || Population::stream(Cursor::new(text.clone()), name, None));
            }
        }
    }
}

#[test]
fn times_do_not_depend_on_threads_or_on_each_other() {
    let (first, second) = (young(50_000), young(5_000));
    let points: Vec<_> = (0..40).map(|at| (usize::from(at % 3 == 0), day(at))).collect();
    let text = users();
    let one = at_times(&[&first, &second], &points, 1, &text);
    assert_eq!(one, at_times(&[&first, &second], &points, 4, &text));
    // The first time alone is what the stage itself counts.
    assert_eq!(one.times.expect("times").points[0].inside, {
        let plan = plan("x", &[&second], None);
        let options = crate::simulate::Options { at: day(0), ..options(1) };
        forecast(&plan, stream(&text, "users.csv"), &options, Watch::default(), None).expect("one").stages[0]
            .inside
    });
}

#[test]
fn what_does_not_depend_on_time_says_so() {
    let plain = world([flag("x", 30_000)]);
    let ids = ids(500);
    let times =
        at_times(&[&plain], &[(0, day(0)), (0, day(9))], 1, &format!("id\n{ids}")).times.expect("times");
    assert!(!times.depends_on_time && times.flapping == 0);
    assert_eq!(times.points[0].inside, times.points[1].inside);
    assert_eq!(times.points[1].joins + times.points[1].leaves, 0);
}

#[test]
fn a_funnel_counts_who_is_left() {
    let required = |name: &str, wanted: &str| crate::model::Prerequisite {
        flag: name.try_into().expect("a name"),
        variation: variation(wanted),
    };
    let mut last = flag("x", 50_000);
    last.prerequisites = vec![required("a", "on"), required("b", "off")];
    let mut off = last.clone();
    off.enabled = false;
    let now = world([last, flag("a", 60_000), flag("b", 30_000)]);
    let then = world([off, flag("a", 60_000), flag("b", 30_000)]);
    let ids = ids(4_000);
    let plan = plan("x", &[&now, &then], None);
    // In bulk, and one by one.
    let [bulk, single] =
        [stream(&ids, "ids.txt"), stream(&format!("id\n{ids}"), "ids.csv")].map(|users| run(&plan, users));
    let funnel: Vec<(HurdleKind, u64)> =
        bulk.stages[0].funnel.iter().map(|(hurdle, passed)| (hurdle.kind, *passed)).collect();
    assert_eq!(bulk.stages[0].funnel, single.stages[0].funnel);
    let count = |name: &str, world: &Definitions| {
        let plan = super::support::plan(name, &[world], None);
        run(&plan, stream(&ids, "ids.txt")).stages[0].inside
    };
    let [(HurdleKind::Prerequisite(0), first), (HurdleKind::Prerequisite(1), second)] = funnel[..] else {
        panic!("{funnel:?}")
    };
    assert_eq!(first, count("a", &now));
    // On whom `a` is, and `b` is not: what a flag without anything of its own comes to.
    let mut both = flag("both", 100_000);
    both.prerequisites = vec![required("a", "on"), required("b", "off")];
    assert_eq!(second, count("both", &world([both, flag("a", 60_000), flag("b", 30_000)])));
    assert!(bulk.stages[0].inside < second && second < first);
    // Behind a switch that is off nobody is left.
    let kinds: Vec<(HurdleKind, u64)> =
        bulk.stages[1].funnel.iter().map(|(hurdle, passed)| (hurdle.kind, *passed)).collect();
    assert_eq!(kinds[0], (HurdleKind::Switch, 0));
    assert!(kinds.iter().all(|(_, passed)| *passed == 0) && kinds.len() == 3);
}

#[test]
fn the_gate_of_an_experiment_is_one_hurdle() {
    let mut gated = world([flag("gate", 40_000)]);
    let of = experiment(&[("control", 50), ("treatment", 50)], Some("gate"));
    gated.experiments.insert(of.name.clone(), of);
    let ids = ids(2_000);
    let result = run(&plan("exp", &[&gated], None), stream(&ids, "ids.txt"));
    let [(hurdle, passed)] = result.stages[0].funnel.as_slice() else { panic!("one") };
    assert_eq!(
        (hurdle.kind, hurdle.flag.as_str(), *passed),
        (HurdleKind::Gate, "gate", result.stages[0].inside)
    );
    assert_eq!(passed + result.stages[0].experiment.as_ref().expect("one").gate_closed, 2_000);
}

#[test]
fn who_was_ever_on_is_counted_exactly() {
    let steps = [25_000, 5_000, 50_000, 0].map(|thousandths| {
        let mut flag = flag("x", thousandths);
        flag.salt = Some(if thousandths == 5_000 { "other".to_owned() } else { "x".to_owned() });
        world([flag])
    });
    let ids: Vec<String> = (0..3_000).map(|number| format!("u-{number}")).collect();
    let text = ids.join("\n");
    let result = run(&plan("x", &steps.iter().collect::<Vec<_>>(), None), stream(&text, "ids.txt"));
    let on = |id: &str, step: &Definitions| {
        run(&plan("x", &[step], None), stream(id, "ids.txt")).stages[0].inside == 1
    };
    let mut ever = [0; 4];
    for id in &ids[..200] {
        let mut seen = false;
        for (at, step) in steps.iter().enumerate() {
            seen |= on(id, step);
            ever[at] += u64::from(seen);
        }
    }
    let few = ids[..200].join("\n");
    let counted = run(&plan("x", &steps.iter().collect::<Vec<_>>(), None), stream(&few, "ids.txt"));
    let exposed: Vec<u64> = counted.steps.iter().map(|step| step.exposed).collect();
    assert_eq!(exposed, ever[1..]);
    assert!(ever[1] > ever[0] && ever[3] == ever[2], "{ever:?}");
    assert!(result.steps.windows(2).all(|pair| pair[0].exposed <= pair[1].exposed));
}
