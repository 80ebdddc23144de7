//! A formula of one's own: what docs/bucketing.md shows works, and draws what the backend draws.

use serde_json::Value;

use super::project::Project;

/// Returns the definitions that the page shows.
fn shown() -> &'static str {
    let page = include_str!("../docs/bucketing.md");
    let start = page.split_once("```toml\n").expect("an example").1;
    start.split_once("```").expect("its end").0
}

#[test]
fn the_formula_of_the_page_draws_what_the_backend_draws() {
    let project = Project::new(shown());
    let vectors: Value = serde_json::from_str(include_str!("vectors/presets.json")).expect("JSON");
    let rows = vectors["presets"]["py/md5-8-flag-user-100"].as_array().expect("rows");
    let rows: Vec<&Value> = rows.iter().filter(|row| row[0] == "new_checkout" && row[1] != "").collect();
    assert!(rows.len() > 15, "{}", rows.len());
    for row in rows {
        let user = format!("--user={}", row[1].as_str().expect("a user"));
        let answer = project.json(&["get", "new_checkout", &user]);
        let drawn = &answer["flags"][0]["bucket"];
        assert_eq!(drawn["bucket"], row[2], "{user}");
        assert_eq!((&drawn["algorithm"], &drawn["threshold"]), (&"ours/1".into(), &30.into()), "{user}");
    }
}

#[test]
fn the_other_choices_of_the_page_are_used() {
    let project = Project::new(shown());
    let used = project.json(&["bucketing", "list"]);
    let by = |name: &str| {
        let mut algorithms = used["algorithms"].as_array().expect("algorithms").iter();
        let found = algorithms.find(|one| one["name"] == name);
        found.map(|one| one["used_by"].clone()).unwrap_or_default()
    };
    assert_eq!(used["default"], "posthog");
    assert_eq!(by("split"), serde_json::json!(["billing"]));
    assert_eq!(by("launchdarkly"), serde_json::json!(["button_color"]));
    assert_eq!(by("ours/1"), serde_json::json!(["new_checkout"]));
}

/// Where only rollouts take a seed, the table of variants need not say that it takes none.
#[test]
fn a_variant_does_not_inherit_a_seed_that_nothing_takes() {
    let project = Project::new(
        "schema = 1\n[bucketing]\nalgorithm = \"own\"\n[bucketing.custom.own]\nhash = \"murmur3\"\n\
         template = \"{key}:{unit}\"\nreduce = \"modulo 100\"\nseed = 7\n\
         [bucketing.custom.own.variant]\nhash = \"md5\"\nreduce = \"modulo 100\"\n",
    );
    let shown = project.json(&["bucketing", "show", "own"]);
    assert_eq!(shown["algorithm"]["rollout"]["seed"], "7");
    assert_eq!(shown["algorithm"]["variant"]["seed"], "0");
    // What is said there, and taken by nothing, is a mistake as before.
    project.write("wrong.toml", "schema = 1\n[bucketing.custom.own]\nhash = \"md5\"\ntemplate = \"{unit}\"\nreduce = \"unit\"\nslice = \"hex 8\"\nseed = 7\n");
    let run = project.run(&["list", "--flags", "wrong.toml"]);
    assert!(run.code == 7 && run.stderr.contains("takes a seed"), "{}", run.stderr);
}

#[test]
fn a_seed_that_must_be_said_is_asked_for() {
    let project = Project::new("schema = 1\n");
    let run = project.run(&["bucketing", "show", "split"]);
    assert!(run.stdout.contains("bucketing = { algorithm = \"split\", seed = … }"), "{}", run.stdout);
    let run = project.run(&["bucketing", "show", "split", "--as", "python"]);
    assert!(run.code == 0 && run.stderr.contains("--hash-seed N says it"), "{}", run.stderr);
    let run = project.run(&["bucketing", "show", "split", "--as", "python", "--hash-seed", "61"]);
    assert!(run.stderr.is_empty() && run.stdout.contains("61"), "{}{}", run.stderr, run.stdout);
    let run = project.run(&["bucketing", "show", "split", "--hash-seed", "61"]);
    assert!(run.stdout.contains("bucketing = { algorithm = \"split\", seed = 61 }"), "{}", run.stdout);
}

#[test]
fn observations_with_a_column_twice_are_refused() {
    let project = Project::new("schema = 1\n");
    project.write("seen.csv", "user,on,On\nu1,1,0\n");
    let run = project.run(&["bucketing", "infer", "seen.csv", "--percent", "30"]);
    assert!(run.code == 7 && run.stderr.contains("the column `on` stands twice"), "{}", run.stderr);
    project.write("seen.csv", "user,on\nu1,1\nu2,a\nu3,b\nu4,c\nu5,d\nu6,e\nu7,g\n");
    let run = project.run(&["bucketing", "infer", "seen.csv", "--percent", "30"]);
    assert!(run.stderr.contains("6 rows could not be read; the first are named"), "{}", run.stderr);
}
