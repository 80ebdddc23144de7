//! Exact counts: joins, leaves, groups, experiments, errors.

use super::support::{clause, counts, experiment, flag, options, plan, run, stream, world};
use crate::bucket::{Prefix, Purpose};
use crate::eval::Overlay;
use crate::model::{BucketBy, Definitions, Fallthrough, Operator, Segment, SegmentName, SegmentRule, Weight};
use crate::simulate::{
    Condition, Counts, GroupKey, Keeps, Plan, Population, SimulateError, Thing, Watch, forecast,
};

#[test]
fn a_ramp_is_counted_exactly() {
    let (now, then) = (world([flag("f", 10_000)]), world([flag("f", 25_000)]));
    let ids: Vec<String> = (0..1000).map(|n| format!("user-{n}")).collect();
    let bucket = |id: &str| Prefix::new(Purpose::Rollout, "f").point(id).bucket(100_000);
    let joins: Vec<&String> = ids.iter().filter(|id| (10_000..25_000).contains(&bucket(id))).collect();
    let before = ids.iter().filter(|id| bucket(id) < 10_000).count();
    let mut all = Vec::new();
    let plan = plan("f", &[&now, &then], None);
    let text = ids.join("\r\n");
    let mut take = |id: &str| {
        all.push(id.to_owned());
        Ok(())
    };
    let forecast = forecast(&plan, stream(&text, "-"), &options(2), Watch::default(), Some(&mut take))
        .expect("a forecast");
    let change = forecast.overall.as_ref().expect("a change");
    assert_eq!(all.iter().collect::<Vec<_>>(), joins);
    assert_eq!(change.joins, all[..5]);
    let wanted = Counts {
        joins: joins.len() as u64,
        stays_in: before as u64,
        stays_out: (1000 - before - joins.len()) as u64,
        ..Counts::default()
    };
    assert_eq!(change.counts, wanted);
    assert_eq!(change.keeps, Keeps { observed: true, guaranteed: true });
    assert_eq!(forecast.stages[0].inside, before as u64);
    assert_eq!(forecast.stages[1].inside, (before + joins.len()) as u64);
    assert_eq!(forecast.stages[1].expectation.as_ref().map(|e| e.share), Some(0.25));
    assert_eq!((forecast.stages[1].interval, forecast.synthetic), (None, false));
    assert!(Condition::parse("leaves=0").expect("a condition").holds(&forecast));
}

#[test]
fn several_steps_compare_with_the_one_before_and_with_now() {
    let worlds = [5_000, 50_000, 20_000].map(|thousandths| world([flag("f", thousandths)]));
    let plan = plan("f", &worlds.iter().collect::<Vec<_>>(), None);
    let forecast = run(&plan, Population::Synthetic { count: 100_000, seed: 7 });
    assert_eq!(forecast.steps.iter().map(|step| (step.from, step.to)).collect::<Vec<_>>(), [(0, 1), (1, 2)]);
    let overall = forecast.overall.as_ref().expect("a change");
    assert_eq!((overall.from, overall.to), (0, 2));
    assert_eq!(forecast.steps[1].keeps, Keeps { observed: false, guaranteed: false });
    assert_eq!(overall.keeps, Keeps { observed: true, guaranteed: true });
    assert_eq!(overall.counts.joins + forecast.steps[1].counts.leaves, forecast.steps[0].counts.joins);
    for stage in &forecast.stages {
        let (interval, share) =
            (stage.interval.expect("synthetic"), stage.expectation.as_ref().map(|e| e.share));
        // A wider interval than 95%, so that the seed does not matter.
        let slack = interval.high - interval.low;
        assert!(share.is_some_and(|share| (share - stage.share).abs() < slack), "{stage:?}");
    }
}

#[test]
fn a_missing_unit_is_an_error_apart() {
    let mut by_org = flag("f", 50_000);
    by_org.bucket_by = BucketBy::parse("org").expect("a unit");
    let mut everyone = by_org.clone();
    everyone.fallthrough = Fallthrough::Rollout(Weight::ALL);
    let (now, then) = (world([everyone]), world([by_org]));
    let forecast = run(&plan("f", &[&now, &then], None), stream("id,org\nu1,\nu2,\nu3,acme\n", "-"));
    assert_eq!((forecast.stages[0].inside, forecast.stages[0].missing_key), (3, 0));
    assert_eq!((forecast.stages[1].missing_key, counts(&forecast).errors), (2, 2));
    assert_eq!(counts(&forecast).rows(), 3);
    assert!(!forecast.overall.expect("a change").keeps.guaranteed);
}

#[test]
fn groups_by_segment_attribute_and_organisation() {
    let mut definitions = world([flag("f", 100_000)]);
    for (name, wanted) in [("staff", "agpt.co"), ("nobody", "nowhere")] {
        let name = SegmentName::try_from(name).expect("a name");
        let when = vec![clause("email_domain", Operator::In, wanted)];
        let (included, excluded) = (["u3".to_owned()].into(), indexmap::IndexSet::new());
        let rules = vec![SegmentRule { when }];
        let segment = Segment { name: name.clone(), description: None, included, excluded, rules };
        definitions.segments.insert(name, segment);
    }
    let off = world([flag("f", 0)]);
    let off = Definitions { segments: definitions.segments.clone(), ..off };
    let csv = "id,org,email,age\nu1,acme,a@agpt.co,7\nu2,acme,b@x.y,8\nu3,,c@x.y,7\n";
    let by = |by: &str| {
        let forecast = run(&plan("f", &[&off, &definitions], Some(by)), stream(csv, "-"));
        let groups = forecast.groups.into_iter().next().expect("groups");
        assert!(groups.groups.iter().all(|group| group.counts.joins == group.rows && group.now == 0));
        groups.groups.iter().map(|group| (group.key.clone(), group.rows)).collect::<Vec<_>>()
    };
    let value = |text: &str| GroupKey::Value(text.to_owned());
    assert_eq!(by("segment"), [(value("staff"), 2), (value("nobody"), 1), (GroupKey::None, 1)]);
    assert_eq!(by("org"), [(value("acme"), 2), (GroupKey::None, 1)]);
    assert_eq!(by("age"), [(value("7"), 2), (value("8"), 1)]);
    assert_eq!(by("email_domain"), [(value("x.y"), 2), (value("agpt.co"), 1)]);
    let absent = forecast(
        &plan("f", &[&off, &definitions], Some("plan")),
        stream(csv, "-"),
        &options(1),
        Watch::default(),
        None,
    );
    assert!(matches!(absent, Err(SimulateError::Absent(needs)) if needs[0].name == "plan"));
}

#[test]
fn an_experiment_counts_forced_and_gated_users_apart() {
    let even = [("control", 50), ("treatment", 50)];
    let mut now = world([flag("gate", 40_000)]);
    let of = experiment(&even, Some("gate"));
    now.experiments.insert(of.name.clone(), of.clone());
    let open = Overlay::new(&now).with_flag(flag("gate", 100_000));
    let ids: String = (0..20_000).map(|n| format!("user-{n}\n")).chain(["qa-1".to_owned()]).collect();
    let plan = Plan::new("exp", &[("now", &now), ("open", &open)], None).expect("a plan");
    assert_eq!(plan.thing(), Thing::Experiment);
    let forecast = run(&plan, stream(&ids, "-"));
    let parts: Vec<_> = forecast.stages.iter().filter_map(|stage| stage.experiment.as_ref()).collect();
    assert_eq!(parts[1].gate_closed, 0);
    assert_eq!(parts[1].forced, [0, 1]);
    assert_eq!(parts[1].bucketed.iter().sum::<u64>(), 20_000);
    let ratio = parts[1].sample_ratio.expect("a test");
    assert!((ratio.users, ratio.degrees, ratio.mismatch) == (20_000, 1, false), "{ratio:?}");
    assert_eq!(counts(&forecast).joins, parts[0].gate_closed);
    assert_eq!(counts(&forecast).switches, 0);
    assert_eq!(forecast.overall.expect("a change").keeps, Keeps { observed: true, guaranteed: true });
}
