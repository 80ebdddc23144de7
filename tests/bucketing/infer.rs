//! `bucketing infer`: which formula production uses.

use std::fmt::Write as _;

use serde_json::Value;

use super::observed::observed;
use crate::project::Project;

#[test]
fn the_formula_of_production_is_found_by_its_name() {
    for (bucketing, name) in
        [("bucketing = \"posthog\"", "posthog"), ("", "ffctl/1"), ("bucketing = \"md5-user\"", "md5-user")]
    {
        let (project, _) = observed(bucketing, 240);
        let found = project.json(&["bucketing", "infer", "observed.csv", "--percent", "30"]);
        assert_eq!((&found["verdict"], &found["found"][0]["name"]), (&"one".into(), &name.into()), "{found}");
        assert!(found["after"].as_u64().is_some_and(|after| after < 80), "{found}");
        assert!(found["tried"].as_u64().is_some_and(|tried| tried > 8_000));
        assert_eq!(found["users"], 240);
    }
}

#[test]
fn a_formula_without_a_name_is_written_as_it_goes_into_the_file_and_works_there() {
    let own = "bucketing = \"own\"\n[bucketing.custom.own]\nhash = \"sha1\"\ntemplate = \"{unit}_{key}\"\nreduce = \"modulo 1000\"\nslice = \"hex 8\"\n";
    let (project, _) = observed(own, 400);
    let arguments =
        ["bucketing", "infer", "observed.csv", "--percent", "30%", "--key", "new_checkout", "--json"];
    let found = serde_json::from_str(&project.run(&arguments).stdout).expect("JSON");
    let found = confirmed(&project, found);
    let toml = found["found"][0]["toml"].as_str().expect("lines");
    let again = format!("schema = 1\n[flags.new_checkout]\nenabled = true\nrollout = \"30%\"\n{toml}\n");
    project.write("again.toml", &again);
    let agreed = project.json(&[
        "simulate-rollout",
        "new_checkout",
        "--from",
        "flags.toml",
        "--to",
        "./again.toml",
        "--population",
        "ids.txt",
    ]);
    let step = &agreed["steps"][0];
    assert_eq!((&step["joins"], &step["leaves"]), (&0.into(), &0.into()), "{toml}");
}

/// Observes the users that tell a formula from its twins, until there are none.
fn confirmed(project: &Project, mut found: Value) -> Value {
    for _ in 0..9 {
        if found["verdict"] == "one" {
            break;
        }
        assert_eq!((&found["verdict"], &found["missing"]), (&"unconfirmed".into(), &Value::Null), "{found}");
        assert!(found["found"][0]["twins"].as_array().is_some_and(|twins| !twins.is_empty()), "{found}");
        let arguments = ["bucketing", "infer", "observed.csv", "--percent", "30", "--key", "new_checkout"];
        let shown = project.run(&arguments);
        assert!(shown.code == 1 && !shown.stdout.contains("In flags.toml"), "{}", shown.stdout);
        assert!(shown.stdout.contains("these users would tell: "), "{}", shown.stdout);
        let mut rows = std::fs::read_to_string(project.path("observed.csv")).expect("rows");
        for user in found["ask"].as_array().expect("whom to observe") {
            let user = user.as_str().expect("an id");
            let on = project.ok(&["get", "new_checkout", "--user", user]);
            writeln!(rows, "{user},{}", on.trim()).expect("a String takes everything");
        }
        project.write("observed.csv", &rows);
        found =
            serde_json::from_str(&project.run(&[&arguments[..], &["--json"]].concat()).stdout).expect("JSON");
    }
    assert_eq!(found["verdict"], "one", "{found}");
    found
}

#[test]
fn what_cannot_be_told_is_not_told() {
    let (project, rows) = observed("bucketing = \"posthog\"", 120);
    let first = |count: usize| rows.lines().take(count + 1).collect::<Vec<_>>().join("\n");
    project.write("few.csv", &first(6));
    let few = project.run(&["bucketing", "infer", "few.csv", "--percent", "30", "--json"]);
    let report: Value = serde_json::from_str(&few.stdout).expect("JSON");
    assert_eq!((few.code, report["verdict"].as_str()), (1, Some("several")), "{report}");
    assert_eq!(report["ask"].as_array().map(Vec::len), Some(5), "whom to observe next");
    let id = rows.lines().nth(5).expect("a row").split(',').next().expect("an id");
    project.write("both.csv", &format!("{rows}{id},true\n{id},false\n"));
    let both = project.run(&["bucketing", "infer", "both.csv", "--percent", "30"]);
    assert!(both.code == 1 && both.stdout.contains("1 user was seen both on and off"), "{}", both.stdout);
    assert!(both.stdout.contains(id));
    let other = project.run(&["bucketing", "infer", "observed.csv", "--percent", "30", "--key", "another"]);
    assert!(other.code == 1 && other.stdout.contains("no formula agrees"), "{}", other.stdout);
    let shown = project.ok(&["bucketing", "infer", "observed.csv", "--percent", "30"]);
    assert!(shown.contains("found: posthog") && shown.contains("bucketing = \"posthog\""), "{shown}");
}

#[test]
fn a_formula_that_chance_could_explain_is_not_confirmed() {
    let (project, rows) = observed("bucketing = \"posthog\"", 60);
    let mut verdicts = Vec::new();
    for count in [8, 10, 12, 14, 16, 18, 20, 22, 60] {
        project.write("some.csv", &rows.lines().take(count + 1).collect::<Vec<_>>().join("\n"));
        let run = project.run(&["bucketing", "infer", "some.csv", "--percent", "30", "--json"]);
        let report: Value = serde_json::from_str(&run.stdout).expect("JSON");
        let verdict = report["verdict"].as_str().expect("a word").to_owned();
        assert_eq!(run.code, i32::from(verdict != "one"), "{report}");
        let chance = report["by_chance"].as_f64();
        assert_eq!(verdict == "one", chance.is_some_and(|chance| chance <= 0.01), "{report}");
        let missing = report["missing"].as_u64();
        assert_eq!(missing.is_some(), verdict != "one", "{report}");
        let shown = project.run(&["bucketing", "infer", "some.csv", "--percent", "30"]).stdout;
        assert_eq!(shown.contains("In flags.toml"), verdict == "one", "{shown}");
        if let Some(missing) = missing {
            assert!((1..40).contains(&missing) && shown.contains("to be sure"), "{shown}");
        }
        verdicts.push(verdict);
    }
    assert_eq!(verdicts.first().map(String::as_str), Some("several"), "{verdicts:?}");
    assert!(verdicts.iter().any(|verdict| verdict == "unconfirmed"), "{verdicts:?}");
    assert_eq!(verdicts.last().map(String::as_str), Some("one"), "{verdicts:?}");
}

#[test]
fn a_near_miss_is_told_from_no_hash_at_all() {
    let (project, rows) = observed("bucketing = \"posthog\"", 120);
    let mut wrong: Vec<&str> = Vec::new();
    let mut flipped = String::new();
    for (at, row) in rows.lines().enumerate() {
        let (id, on) = row.split_once(',').expect("two cells");
        if [20, 40, 60].contains(&at) {
            wrong.push(id);
            writeln!(flipped, "{id},{}", on != "true").expect("a String takes everything");
        } else {
            writeln!(flipped, "{row}").expect("a String takes everything");
        }
    }
    project.write("forced.csv", &flipped);
    let near = project.run(&["bucketing", "infer", "forced.csv", "--percent", "30", "--json"]);
    let report: Value = serde_json::from_str(&near.stdout).expect("JSON");
    let nearest = &report["nearest"];
    assert_eq!((near.code, report["verdict"].as_str()), (1, Some("none")), "{report}");
    assert_eq!(nearest["formula"]["name"], "posthog");
    assert_eq!((&nearest["agrees"], &nearest["beyond_chance"]), (&117.into(), &true.into()));
    assert_eq!(nearest["wrong"], serde_json::json!(wrong));
    let other = ["bucketing", "infer", "observed.csv", "--percent", "30", "--key", "another"];
    let far = project.run(&other);
    assert!(far.stdout.contains("no better than chance"), "{}", far.stdout);
    let everyone: String = (0..40).fold("user,on\n".to_owned(), |rows, id| format!("{rows}u-{id},on\n"));
    project.write("everyone.csv", &everyone);
    let chosen = project.run(&["bucketing", "infer", "everyone.csv", "--percent", "30"]);
    assert!(
        chosen.stderr.contains("40 of 40 users are on, which 30% of all hardly gives"),
        "{}",
        chosen.stderr
    );
}
