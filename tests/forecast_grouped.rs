//! Statistics of what organisations draw: users of one come together, and tests of single users would cry wolf.

use std::fmt::Write;

use serde_json::Value;

use super::forecasts::{json, number};
use super::project::Project;

const FLAGS: &str = r#"schema = 1

[flags.one]
enabled = true
rollout = "30%"
bucket_by = "org"

[flags.two]
enabled = true
rollout = "40%"
bucket_by = "org"

[flags.single]
enabled = true
rollout = "40%"

[experiments.by_org]
bucket_by = "org"
variants = [["control", 50], ["treatment", 50]]
"#;

/// Users of so many organisations, each of so many.
fn project(orgs: usize, size: impl Fn(usize) -> usize) -> Project {
    let project = Project::new(FLAGS);
    let mut users = String::from("id,org\n");
    for org in 0..orgs {
        for user in 0..size(org) {
            writeln!(users, "u-{org}-{user},org-{org}").expect("written");
        }
    }
    project.write("users.csv", &users);
    project
}

/// Sixty organisations of 100 to 513 users, 18,390 in all.
fn sixty() -> Project {
    project(60, |org| 100 + 7 * org)
}

/// Forecasts whose figures can be computed again.
pub(super) fn reports() -> Vec<Value> {
    let project = sixty();
    [
        "by_org --population users.csv",
        "by_org --observed control=10300,treatment=8000 --population users.csv",
        "one --observed on=6000,off=12390 --population users.csv",
        "one --overlap two,single,by_org --population users.csv",
        "one --to 45% --population users.csv",
    ]
    .map(|line| json(&project, &line.split(' ').collect::<Vec<_>>()))
    .into()
}

fn effect(report: &Value) -> f64 {
    number(&report["orgs"]["users"]) / number(&report["orgs"]["effective_size"])
}

#[test]
fn organisations_of_an_experiment_are_no_mismatch_by_themselves() {
    let project = sixty();
    let run = project.run(&["simulate-rollout", "by_org", "--population", "users.csv", "--fail-if", "srm"]);
    assert_eq!(run.code, 0, "{}{}", run.stderr, run.stdout);
    assert!(run.stdout.contains("users count as one"), "{}", run.stdout);
    let report = json(&project, &["by_org", "--population", "users.csv"]);
    let test = &report["experiment"]["sample_ratio"];
    assert_eq!(test["mismatch"], false, "{test}");
    assert!((number(&test["design_effect"]) - effect(&report)).abs() < 1e-9, "{test}");
    // By single users it would be one: chance exceeds 10.83 once in a thousand times.
    assert!(number(&test["chi_square"]) * effect(&report) > 10.83, "{test}");
}

#[test]
fn what_production_counted_is_corrected_where_the_population_is_known() {
    let project = sixty();
    let observed = ["by_org", "--observed", "control=10300,treatment=8000"];
    let report = json(&project, &[&observed[..], &["--population", "users.csv"]].concat());
    let of = &report["observed"];
    assert_eq!(
        (&of["against"], &of["sequential"]["mismatch"]),
        (&"configuration".into(), &false.into()),
        "{of}"
    );
    assert!((number(&of["sample_ratio"]["design_effect"]) - effect(&report)).abs() < 1e-9, "{of}");
    let said = |of: &Value, what: &str| texts_of(&of["meaning"]).iter().any(|text| text.contains(what));
    assert!(said(of, "users count as one in both tests"), "{of}");

    let alone = json(&project, &observed);
    let of = &alone["observed"];
    assert_eq!(
        (&of["sample_ratio"]["design_effect"], &of["sequential"]["mismatch"]),
        (&Value::Null, &true.into())
    );
    assert!(said(of, "A --population with the org of each user corrects them"), "{of}");
}

fn texts_of(meaning: &Value) -> Vec<&str> {
    meaning
        .as_array()
        .expect("sentences")
        .iter()
        .filter_map(|one| one["text"].as_str().or(one.as_str()))
        .collect()
}

#[test]
fn flags_of_organisations_meet_by_chance_and_fail_together() {
    let project = sixty();
    let report =
        json(&project, &["one", "--overlap", "two,single", "--to", "45%", "--population", "users.csv"]);
    let effect = effect(&report);
    assert!(effect > 300.0, "{effect}");
    for overlap in report["overlaps"].as_array().expect("overlaps") {
        let found = &overlap["association"];
        let grouped = overlap["with"] == "two";
        assert_eq!(found["design_effect"].is_null(), !grouped, "{overlap}");
        // φ is what it is; χ² is that of the users, by what they are worth.
        let users = number(&overlap["users"]) / if grouped { effect } else { 1.0 };
        let chi = number(&found["strength"]).powi(2) * users;
        assert!((number(&found["chi_square"]) - chi).abs() < 1e-9 * chi.max(1.0), "{overlap}");
        assert_eq!(found["notable"], false, "{overlap}");
    }
    let bound = &report["steps"][0]["failure_bound"];
    let worth = number(&bound["effective"]);
    assert!(worth > 1.0 && worth < number(&report["orgs"]["on"]), "{bound}");
    assert!((number(&bound["rule_of_three"]) - (3.0 / worth).min(1.0)).abs() < 1e-9, "{bound}");
}

#[test]
fn organisations_of_one_user_change_nothing_and_one_alone_says_nothing() {
    let each = json(&project(900, |_| 1), &["by_org", "--population", "users.csv"]);
    let test = &each["experiment"]["sample_ratio"];
    assert_eq!(test["design_effect"], 1.0, "{test}");
    let counts: Vec<f64> = each["experiment"]["variants"]
        .as_array()
        .expect("two")
        .iter()
        .map(|one| number(&one["users"]))
        .collect();
    let chi: f64 = counts.iter().map(|count| (count - 450.0).powi(2) / 450.0).sum();
    assert!((number(&test["chi_square"]) - chi).abs() < 1e-12, "{test}");

    let alike = json(&project(40, |_| 50), &["one", "--to", "45%", "--population", "users.csv"]);
    let bound = &alike["steps"][0]["failure_bound"];
    assert!((number(&bound["effective"]) * 50.0 - number(&bound["users"])).abs() < 1e-9, "{bound}");

    let alone = json(&project(1, |_| 5_000), &["by_org", "--population", "users.csv"]);
    let test = &alone["experiment"]["sample_ratio"];
    assert!((number(&test["chi_square"]) - 1.0).abs() < 1e-9 && test["mismatch"] == false, "{test}");
}
