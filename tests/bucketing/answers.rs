//! Flags that are bucketed as other systems do, and every answer that names its algorithm.

use super::super::project::Project;

const MIXED: &str = r#"schema = 1
[bucketing]
algorithm = "posthog"

[bucketing.custom."backend/1"]
description = "the checkout service, buckets.py"
hash = "md5"
template = "{key}:{unit}"
reduce = "modulo 100"

[flags.simple-flag]
enabled = true
rollout = "45%"

[flags.own]
enabled = true
rollout = "30%"
bucketing = "backend/1"

[flags.fine]
enabled = true
rollout = "12.5%"
bucketing = "unleash"

[flags.ours]
enabled = true
rollout = "30%"
bucketing = "ffctl/1"

[flags.dark]
enabled = true
rollout = "30%"
bucketing = { algorithm = "launchdarkly", seed = 61 }

[experiments.trial]
variants = [["control", 50], ["treatment", 50]]
bucketing = { algorithm = "split", seed = 7 }
"#;

/// The first ten of the test vectors that the SDKs of `PostHog` share.
#[test]
fn a_flag_gives_each_user_what_production_gives() {
    let project = Project::new(MIXED);
    let expected = [false, true, true, false, true, false, false, true, false, true];
    for (at, expected) in expected.into_iter().enumerate() {
        let user = format!("distinct_id_{at}");
        assert_eq!(project.ok(&["get", "simple-flag", "--user", &user]), format!("{expected}\n"), "{user}");
    }
    let ids: String = (0..10).fold(String::new(), |ids, at| format!("{ids}distinct_id_{at}\n"));
    project.write("ids.txt", &ids);
    let forecast = project.json(&["simulate-rollout", "simple-flag", "--population", "ids.txt"]);
    assert_eq!((forecast["algorithm"].as_str(), forecast["now"]["on"].as_u64()), (Some("posthog"), Some(5)));
}

#[test]
fn every_answer_names_the_algorithm_and_what_it_drew() {
    let project = Project::new(MIXED);
    for (flag, algorithm, input, total) in [
        ("simple-flag", "posthog", "simple-flag.u-1", 1.0),
        ("own", "backend/1", "own:u-1", 100.0),
        ("fine", "unleash", "fine:u-1", 100.0),
        ("ours", "ffctl/1", "rollout:ours:u-1", 100_000.0),
        ("dark", "launchdarkly", "61.u-1", 1.0),
    ] {
        let answer = project.json(&["get", flag, "--user", "u-1"]);
        let answer = &answer["flags"][0];
        let bucket = &answer["bucket"];
        assert_eq!(answer["algorithm"], algorithm, "{answer}");
        assert_eq!((&bucket["algorithm"], &bucket["input"]), (&algorithm.into(), &input.into()));
        assert_eq!(bucket["total"].as_f64(), Some(total), "{flag}");
        let (drawn, threshold) = (bucket["bucket"].as_f64(), bucket["threshold"].as_f64());
        let (drawn, threshold) = (drawn.expect("a bucket"), threshold.expect("a threshold"));
        let inside = match bucket["compare"].as_str() {
            Some("<") => drawn < threshold,
            Some("<=") => drawn <= threshold,
            other => panic!("{other:?}"),
        };
        assert_eq!(answer["value"], inside, "{answer}");
        // The smallest rollout that has the user in says the same.
        let in_at: f64 =
            bucket["in_at"].as_str().expect("a percentage").trim_end_matches('%').parse().expect("a number");
        let percent = if flag == "simple-flag" {
            45.0
        } else if flag == "fine" {
            12.5
        } else {
            30.0
        };
        assert_eq!(inside, in_at <= percent, "{answer}");
    }
    let variant = project.json(&["variant-for-user", "u-1", "trial"]);
    let variant = &variant["variants"][0];
    assert_eq!((&variant["algorithm"], &variant["total"]), (&"split".into(), &100.into()));
    let bucket = variant["bucket"].as_u64().expect("a bucket");
    assert_eq!(variant["variant"], if bucket <= 50 { "control" } else { "treatment" }, "{variant}");
    let listed = project.json(&["list"]);
    assert_eq!(listed["flags"][1]["algorithm"], "backend/1");
    let explained = project.ok(&["explain", "dark", "--user", "u-1"]);
    assert!(explained.contains("hash of 61.u-1") && explained.contains("launchdarkly"), "{explained}");
}

#[test]
fn a_percentage_too_fine_for_the_algorithm_is_told_with_what_it_comes_to() {
    let project = Project::new(MIXED);
    for command in [
        &["get", "fine", "--user", "u"] as &[&str],
        &["explain", "fine"],
        &["simulate-rollout", "fine", "--to", "13.5%", "--synthetic", "100"],
    ] {
        let said = project.run(command).stderr;
        assert!(said.contains("`unleash` has 100 buckets: 12.5% is 12% in effect"), "{command:?}: {said}");
    }
    let json = project.json(&["get", "fine", "--user", "u"]);
    assert!(
        json["notes"][0]["message"].as_str().is_some_and(|note| note.contains("12% in effect")),
        "{json}"
    );
    let ours = project.run(&["get", "ours", "--user", "u"]);
    assert_eq!(ours.stderr, "");
}

#[test]
fn the_list_and_the_page_of_one_tell_who_uses_it() {
    let project = Project::new(MIXED);
    let listed = project.json(&["bucketing", "list"]);
    let of = |name: &str| {
        let all = listed["algorithms"].as_array().expect("a list");
        all.iter().find(|one| one["name"] == name).unwrap_or_else(|| panic!("{name} in {listed}")).clone()
    };
    assert_eq!(listed["algorithms"][0]["name"], "backend/1", "the file's own come first");
    assert_eq!((&listed["default"], &of("posthog")["default"]), (&"posthog".into(), &true.into()));
    assert_eq!(of("backend/1")["used_by"], serde_json::json!(["own"]));
    assert_eq!(of("split")["used_by"], serde_json::json!(["trial"]));
    let page = project.ok(&["bucketing", "show", "backend/1"]);
    assert!(page.contains("the checkout service") && page.contains("{key}:{unit}"), "{page}");
    let seeded = project.ok(&["bucketing", "show", "launchdarkly", "--hash-seed", "61"]);
    assert!(seeded.contains("bucketing = { algorithm = \"launchdarkly\", seed = 61 }"), "{seeded}");
    assert!(project.fails(3, &["bucketing", "show", "growthbok"]).contains("growthbook/1"));
    assert!(project.fails(3, &["bucketing", "show", "posthogg"]).contains("did you mean `posthog`?"));
    assert!(
        project.fails(2, &["bucketing", "show", "posthog", "--hash-seed", "1"]).contains("takes no seed")
    );
    let nowhere = Project::empty();
    assert!(nowhere.json(&["bucketing", "list"])["file"].is_null(), "without a flags.toml as well");
}
