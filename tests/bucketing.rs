//! `ffctl bucketing`, and flags that are bucketed as other systems do.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::project::Project;

fn vectors() -> Value {
    serde_json::from_str(include_str!("vectors/presets.json")).expect("the vectors are JSON")
}

/// Rows of the file, the preset they belong to, its purpose, and what is said beside it: the salt, the seed, the sum
/// of the shares.
type Rows =
    (&'static str, &'static str, &'static str, Option<&'static str>, Option<&'static str>, Option<u32>);

const ROWS: [Rows; 27] = [
    ("launchdarkly", "launchdarkly", "rollout", Some("salt"), None, None),
    ("launchdarkly/seed61", "launchdarkly", "rollout", None, Some("61"), None),
    ("posthog/rollout", "posthog", "rollout", None, None, None),
    ("posthog/variant", "posthog", "variant", None, None, None),
    ("unleash/rollout", "unleash", "rollout", None, None, None),
    ("unleash/variant1000", "unleash", "variant", None, None, Some(1000)),
    ("growthbook/1", "growthbook/1", "rollout", None, None, None),
    ("growthbook/2", "growthbook/2", "rollout", None, None, None),
    ("flagsmith", "flagsmith", "rollout", None, None, None),
    ("go-feature-flag", "go-feature-flag", "rollout", None, None, Some(100_000)),
    ("flipt/variant", "flipt", "variant", None, None, None),
    ("flipt/threshold", "flipt", "rollout", None, None, None),
    ("eppo", "eppo", "rollout", None, None, None),
    ("statsig", "statsig", "rollout", Some("rule"), None, None),
    ("split/murmur", "split", "rollout", None, Some("1798236110"), None),
    ("split/legacy", "split/legacy", "rollout", None, Some("1798236110"), None),
    ("configcat", "configcat", "rollout", None, None, None),
    ("featurevisor", "featurevisor", "rollout", None, None, None),
    ("optimizely", "optimizely", "rollout", None, None, None),
    ("devcycle/rollout", "devcycle", "rollout", None, None, None),
    ("devcycle/bucketing", "devcycle", "variant", None, None, None),
    ("py/md5-flag-user-100", "md5-flag-user", "rollout", None, None, None),
    ("py/md5-user-100", "md5-user", "rollout", None, None, None),
    ("py/md5-user-exp-100", "md5-user-experiment", "rollout", None, None, None),
    ("py/sha256-8-flag-user-100", "sha256-8", "rollout", None, None, None),
    ("py/sha256-flag-user-100", "sha256-flag-user", "rollout", None, None, None),
    // 2^32 shares make the bucket the number itself.
    ("flagd/3 point", "flagd/3", "rollout", None, None, Some(u32::MAX)),
];

/// Runs a program over its standard input; none, said aloud, where it is not installed.
fn interpreted(program: &str, arguments: &[&str], script: &str) -> Option<Vec<f64>> {
    let started = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = started else {
        // Past the harness, which keeps to itself what a test that passes says by `eprintln!`.
        let said =
            format!("NOT TESTED: `{program}` is not installed, so what is printed for it was not run\n");
        std::io::stderr().write_all(said.as_bytes()).expect("standard error is open");
        return None;
    };
    let mut input = child.stdin.take().expect("piped");
    input.write_all(script.as_bytes()).expect("the script is read");
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program}: {said}\n{script}");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    Some(text.lines().map(|line| line.parse().unwrap_or_else(|_| panic!("{program} says {line}"))).collect())
}

/// Checks what is printed for a language: `call` makes a line that prints one bucket.
fn agrees(language: &str, program: &str, arguments: &[&str], call: &dyn Fn(&[String]) -> String) {
    let vectors = vectors();
    let project = Project::shipped();
    for (rows, preset, purpose, salt, seed, total) in ROWS {
        let mut command = vec!["bucketing", "show", preset, "--as", language, "--for", purpose];
        command.extend(seed.iter().flat_map(|seed| ["--hash-seed", seed]));
        let source = project.ok(&command);
        let mut script = source.clone();
        let rows_of = vectors["presets"][rows].as_array().unwrap_or_else(|| panic!("no {rows}"));
        // Only what is a parameter is handed over.
        let header = source
            .lines()
            .rev()
            .find(|line| line.contains("bucket(") && line.contains("unit"))
            .expect("a function");
        for row in rows_of {
            let (key, unit) = (row[0].to_string(), row[1].to_string());
            let mut values = Vec::new();
            if header.contains("(key") {
                values.push(key);
            }
            if header.contains("salt") {
                values.push(format!("{:?}", salt.unwrap_or_default()));
            }
            values.push(unit);
            values.extend(total.filter(|_| header.contains("total")).map(|total| total.to_string()));
            writeln!(script, "{}", call(&values)).expect("a String takes everything");
        }
        let Some(buckets) = interpreted(program, arguments, &script) else { return };
        assert_eq!(buckets.len(), rows_of.len(), "{rows}");
        for (row, bucket) in rows_of.iter().zip(buckets) {
            let expected = row[2].as_f64().expect("a number");
            // Scaled by 2^32 - 1 a point is itself, or one less.
            let near = if rows.ends_with("point") {
                (0.0..=1.0).contains(&(expected - bucket))
            } else {
                expected.to_bits().abs_diff(bucket.to_bits()) <= 1
            };
            assert!(near, "{language} {rows}: {row} is {bucket}");
        }
    }
}

#[test]
fn what_is_printed_for_python_computes_the_same() {
    agrees("python", "python3", &["-"], &|values| format!("print(repr(bucket({})))", values.join(", ")));
}

#[test]
fn what_is_printed_for_javascript_computes_the_same() {
    agrees("js", "node", &["-"], &|values| format!("console.log(bucket({}));", values.join(", ")));
}

#[test]
fn every_algorithm_is_printed_in_every_language_or_says_why_not() {
    let project = Project::shipped();
    let names = project.ok(&["bucketing", "list", "-o", "name"]);
    assert!(names.lines().count() >= 24);
    for name in names.lines() {
        for language in ["python", "js", "rust"] {
            let source = project.ok(&["bucketing", "show", name, "--as", language]);
            assert!(source.contains("bucket(") && source.contains(name), "{source}");
        }
        let sql = project.run(&["bucketing", "show", name, "--as", "sql"]);
        assert!(
            sql.code == 0 && sql.stdout.contains("CREATE FUNCTION")
                || sql.code == 2 && sql.stderr.contains("cannot be written in sql"),
            "{name}: {sql:?}"
        );
    }
}

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

/// Observations of `new_checkout` at 30% as some formula makes them.
fn observed(bucketing: &str, count: usize) -> (Project, String) {
    let flags = format!("schema = 1\n[flags.new_checkout]\nenabled = true\nrollout = \"30%\"\n{bucketing}\n");
    let project = Project::new(&flags);
    let ids: String =
        (0..count).fold(String::new(), |ids, at| format!("{ids}user-{}\n", at * 7919 % 100_003));
    project.write("ids.txt", &ids);
    project.ok(&[
        "simulate-rollout",
        "new_checkout",
        "--from",
        "off",
        "--to",
        "30%",
        "--population",
        "ids.txt",
        "--joins",
        "joined.txt",
    ]);
    let joined = project.read("joined.txt");
    let joined: std::collections::HashSet<&str> = joined.lines().collect();
    let rows =
        ids.lines().fold("user,on\n".to_owned(), |rows, id| format!("{rows}{id},{}\n", joined.contains(id)));
    project.write("observed.csv", &rows);
    (project, rows)
}

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
    let found =
        project.json(&["bucketing", "infer", "observed.csv", "--percent", "30%", "--key", "new_checkout"]);
    assert_eq!(found["verdict"], "one", "{found}");
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

#[test]
fn observations_that_cannot_be_read_are_said() {
    let (project, rows) = observed("", 60);
    let from_input = project.run_with_input(
        &["bucketing", "infer", "-", "--percent", "30", "--json"],
        &rows.replace("user,on", "uid,enabled"),
    );
    assert_eq!(from_input.code, 0, "{}", from_input.stderr);
    project.write("odd.csv", &format!("{rows}u-1,perhaps\n,true\n"));
    let odd = project.run(&["bucketing", "infer", "odd.csv", "--percent", "30"]);
    assert!(
        odd.stderr.contains("line 62: `perhaps` is neither on nor off")
            && odd.stderr.contains("line 63: no id"),
        "{}",
        odd.stderr
    );
    project.write("empty.csv", "user,on\n");
    assert!(
        project.fails(7, &["bucketing", "infer", "empty.csv", "--percent", "30"]).contains("no observation")
    );
    project.write("one.csv", "user\nu-1\n");
    assert!(
        project
            .fails(7, &["bucketing", "infer", "one.csv", "--percent", "30"])
            .contains("whether the users were on")
    );
    project.write("semicolons.csv", "user;on\nu-1;true\n");
    let semicolons = project.fails(7, &["bucketing", "infer", "semicolons.csv", "--percent", "30"]);
    assert!(semicolons.contains("separated by commas, not by ';'"), "{semicolons}");
    assert!(project.fails(12, &["bucketing", "infer", ".", "--percent", "30"]).contains("cannot read `.`"));
    assert!(project.fails(3, &["bucketing", "show", "md5"]).contains("`md5-user`"));
    let columns = ["bucketing", "infer", "observed.csv", "--percent", "30", "--on-column", "onn"];
    assert!(project.fails(7, &columns).contains("no column `onn`"));
    for percent in ["0", "100%", "many", "0.3"] {
        assert!(
            project
                .fails(2, &["bucketing", "infer", "observed.csv", "--percent", percent])
                .contains("--percent")
        );
    }
    assert_eq!(project.run(&["bucketing", "infer", "absent.csv", "--percent", "30"]).code, 12);
    assert_eq!(project.run(&["bucketing", "infer", "observed.csv"]).code, 2);
}

/// Two independent formulas at 10% share a tenth of their tenth: nine in ten of those who are on go off.
#[test]
fn a_migration_says_who_flips_and_is_free_at_both_ends() {
    let flags = |rollout: &str| format!("schema = 1\n[flags.f]\nenabled = true\nrollout = \"{rollout}\"\n");
    let migrate = ["bucketing", "migrate", "f", "--to", "md5-user", "--synthetic", "20000"];
    let tenth = Project::new(&flags("10%"));
    let forecast = tenth.json(&migrate);
    let step = &forecast["steps"][0];
    let (leaves, stays) =
        (step["leaves"].as_u64().expect("a count"), step["stays_on"].as_u64().expect("a count"));
    assert!(leaves > 8 * stays && stays > 0, "{step}");
    assert_eq!((&forecast["algorithm"], &step["then"]["label"]), (&"md5-user".into(), &"md5-user".into()));
    assert_eq!((&step["keeps_everyone"], &step["guaranteed"]), (&false.into(), &false.into()));
    for rollout in ["0%", "100%"] {
        let step = &Project::new(&flags(rollout)).json(&migrate)["steps"][0];
        assert_eq!(
            (&step["joins"], &step["leaves"], &step["guaranteed"]),
            (&0.into(), &0.into(), &true.into())
        );
    }
    assert!(tenth.run(&migrate).stderr.contains("at 0% and at 100%"));
    let again = tenth.run(&["bucketing", "migrate", "f", "--to", "ffctl/1", "--synthetic", "100"]);
    assert!(again.stderr.contains("already"), "{}", again.stderr);
    assert!(tenth.fails(2, &["bucketing", "migrate", "f", "--to", "split"]).contains("--hash-seed"));
    tenth.ok(&["bucketing", "migrate", "f", "--to", "split", "--hash-seed", "9", "--synthetic", "100"]);
    assert_eq!(tenth.run(&["bucketing", "migrate", "g", "--to", "posthog"]).code, 3);
    assert_eq!(tenth.run(&[&migrate[..], &["--fail-if", "leaves>0"]].concat()).code, 1);
}
