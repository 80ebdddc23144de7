//! Populations: columns, wrong rows, order, threads, stopping.

use std::io::Cursor;

use super::support::{clause, experiment, flag, options, plan, rule, run, stream, variation, world};
use crate::eval::Builder;
use crate::model::{ON, Operator};
use crate::simulate::{
    Assigned, Forecast, Options, Population, SimulateError, Watch, WrongRow, assign, forecast,
};
use indexmap::IndexMap;

#[test]
fn the_number_of_threads_changes_nothing() {
    let mut targeted = flag("f", 30_000);
    targeted.rules = vec![rule(clause("plan", Operator::In, "pro"), 60_000)];
    let (now, then) = (world([flag("f", 10_000)]), world([targeted]));
    let plan = plan("f", &[&now, &then], Some("plan"));
    let mut csv = String::from("id,plan,age\n");
    for n in 0..60_000 {
        let plan = ["pro", "free", "", "\"a,\nb\""][n % 4];
        let row = if n % 1009 == 0 { format!("u{n},ragged\n") } else { format!("u{n},{plan},{n}\n") };
        csv.push_str(&row);
    }
    let run = |workers| {
        let mut joined = Vec::new();
        let mut take = |id: &str| {
            joined.push(id.to_owned());
            Ok(())
        };
        let population = stream(&csv, "users.csv");
        let forecast = forecast(&plan, population, &options(workers), Watch::default(), Some(&mut take));
        (forecast.expect("a forecast"), joined)
    };
    let one = run(1);
    assert_eq!(one.0.intake.wrong, 60);
    assert_eq!(one.0.intake.rows, 60_000 - 60);
    for workers in [2, 3, 8] {
        assert_eq!(run(workers), one);
    }
}

#[test]
fn columns_become_keys_and_attributes() {
    let mut targeted = flag("f", 0);
    targeted.orgs = IndexMap::from([("acme".to_owned(), variation(ON))]);
    targeted.rules = vec![
        rule(clause("email_domain", Operator::In, "agpt.co"), 100_000),
        rule(clause("zip", Operator::In, "0123"), 100_000),
        rule(clause("age", Operator::LessThan, 7), 100_000),
        rule(clause("custom_tier", Operator::In, "gold"), 100_000),
        rule(clause("tags", Operator::In, "beta"), 100_000),
    ];
    let definitions = world([targeted]);
    let csv = "\u{feff}user_id,org,email,zip:string,age,metadata,tags:json\r\n\
        u1,acme,a@x.y,1,30,,\r\n\
        u2,,a@agpt.co,1,30,,\r\n\
        u3,,a@x.y,0123,30,,\r\n\
        u4,,a@x.y,1,6,,\r\n\
        u5,,a@x.y,1,30,\"{\"\"tier\"\":\"\"gold\"\"}\",\r\n\
        u6,,a@x.y,1,30,,\"[\"\"a\"\",\"\"beta\"\"]\"\r\n\
        u7,,a@x.y,1,30,,[]\r\n\
        u8,,a@x.y,1,30,,[\r\n\
        ,acme,,,,,\r\n";
    let plan = plan("f", &[&definitions], None);
    let forecast = run(&plan, stream(csv, "users.csv"));
    assert_eq!((forecast.stages[0].inside, forecast.intake.rows), (7, 8));
    assert_eq!((forecast.intake.wrong, forecast.intake.without_id), (1, 1));
    assert_eq!(forecast.intake.bytes, csv.len() as u64 - 3);
    assert_eq!(forecast.intake.first_wrong[0].line, 9);
    assert!(forecast.overall.is_none() && forecast.steps.is_empty());

    let json = r#"{"id":"u1","org":"acme"}
{"kind":"user","key":"u2","email":"a@agpt.co"}

{"id":3,"zip":"0123"}
{"id":"u4","age":6}
{"id":"u5","metadata":{"tier":"gold"}}
{"kind":"multi","user":{"key":"u6","tags":["beta"]},"org":{"key":"o"}}
{"id":"u7","tags":[],"age":"6"}
{"id":"u8",}
7
"#;
    let forecast = run(&plan, stream(json, "-"));
    assert_eq!((forecast.stages[0].inside, forecast.intake.rows, forecast.intake.blank), (6, 7, 1));
    let wrong: Vec<(u64, &str)> =
        forecast.intake.first_wrong.iter().map(|row| (row.line, row.message.as_str())).collect();
    assert_eq!(
        wrong,
        [(9, "not JSON: trailing comma at column 12"), (10, "a number where an object is expected")]
    );
    assert!(forecast.intake.never_seen.is_empty());
}

#[test]
fn what_the_rules_need_must_be_there() {
    let mut targeted = flag("f", 0);
    targeted.orgs = IndexMap::from([("acme".to_owned(), variation(ON))]);
    targeted.rules = vec![rule(clause("email_domain", Operator::In, "agpt.co"), 100_000)];
    let definitions = world([targeted]);
    let plan = plan("f", &[&definitions], None);
    let error = |population, options: &Options| {
        forecast(&plan, population, options, Watch::default(), None).expect_err("a failure").to_string()
    };
    let lacks = "the population lacks what the rules or `--by` ask for: `org`, `email_domain` (or `email`)";
    assert_eq!(error(stream("id,plan\nu1,pro\n", "-"), &options(1)), lacks);
    assert_eq!(error(stream("u1\nu2\n", "-"), &options(1)), lacks);
    assert_eq!(error(Population::Synthetic { count: 9, seed: 1 }, &options(1)), lacks);
    assert_eq!(
        error(stream("plan,name\nu1,pro\n", "users.csv"), &options(1)),
        "the population has no column with the user id"
    );
    assert_eq!(
        error(stream("id,user_id,org,email\n", "-"), &options(1)),
        "`id`, `user_id` could be the user id"
    );
    assert_eq!(
        error(stream("id,org,org,email\n", "-"), &options(1)),
        "the column `org` stands twice in the header"
    );
    let allowed = Options { allow_missing: true, ..options(1) };
    assert_eq!(
        error(stream("\n \n", "-"), &allowed),
        "`-`: the population holds no user (0 wrong rows, 2 blank lines)"
    );
    let counted = forecast(&plan, stream("u1\n", "-"), &allowed, Watch::default(), None).expect("a forecast");
    let never =
        |forecast: &Forecast| forecast.intake.never_seen.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(never(&counted), ["org", "email_domain (or email)"]);
    let json = run(&plan, stream("{\"id\":\"u1\",\"org\":\"o\"}\n", "-"));
    assert_eq!(never(&json), ["email_domain (or email)"]);
}

#[test]
fn ids_are_taken_as_they_are() {
    let definitions = world([flag("f", 50_000)]);
    let plan = plan("f", &[&definitions], None);
    let bytes = b"u1\r\n\r\n u2 \n\xff\xfe\xfd\n  \nu3";
    let population = Population::stream(Cursor::new(&bytes[..]), "-", None);
    let intake = run(&plan, population).intake;
    assert_eq!((intake.rows, intake.wrong, intake.blank, intake.padded), (3, 1, 2, 1));
    assert_eq!(intake.first_wrong, [WrongRow { input: 0, line: 4, message: "not UTF-8".to_owned() }]);
    assert_eq!(intake.bytes, bytes.len() as u64);
}

#[test]
fn a_run_can_be_cancelled_and_a_failing_sink_ends_it() {
    let definitions = world([flag("f", 50_000)]);
    let plan = plan("f", &[&definitions, &definitions], None);
    let cancel = std::sync::atomic::AtomicBool::new(true);
    let watch = Watch { cancel: Some(&cancel), progress: None };
    let huge = || Population::Synthetic { count: u64::MAX, seed: 0 };
    let result = forecast(&plan, huge(), &options(2), watch, None);
    assert!(matches!(result, Err(SimulateError::Cancelled)));
    let (off, on) = (world([flag("f", 0)]), world([flag("f", 100_000)]));
    let plan = self::plan("f", &[&off, &on], None);
    let mut full = |_: &str| Err(std::io::Error::other("full"));
    let result = forecast(&plan, huge(), &options(2), Watch::default(), Some(&mut full));
    assert!(matches!(result, Err(SimulateError::Sink(_))));
}

#[test]
fn assignments_come_in_order() {
    let mut definitions = world([flag("gate", 50_000)]);
    let of = experiment(&[("control", 1), ("treatment", 1)], Some("gate"));
    definitions.experiments.insert(of.name.clone(), of);
    let mut builder = Builder::default();
    let number = builder.experiment(&definitions, "exp").expect("an experiment");
    let program = builder.build();
    let ids = (0..50_000).map(|n| format!("user-{n}")).collect::<Vec<_>>().join("\n");
    let run = |workers| {
        let mut out = String::new();
        let render = |of: &Assigned<'_>, out: &mut String| {
            let line = format!("{} {} {:?} {}\n", of.user, of.variant, of.bucket, of.reason.word());
            out.push_str(&line);
        };
        let mut sink = |block: String| {
            out.push_str(&block);
            Ok(())
        };
        let population = stream(&ids, "ids.txt");
        let experiments = [("exp", number)];
        assign(&program, &experiments, population, &options(workers), Watch::default(), &render, &mut sink)
            .map(|intake| (intake, out))
            .expect("assignments")
    };
    let (intake, one) = run(1);
    assert_eq!((intake.rows, one.lines().count()), (50_000, 50_000));
    assert!(one.lines().enumerate().all(|(n, line)| line.starts_with(&format!("user-{n} "))));
    assert_eq!(run(4), (intake, one));
}
