//! What is said of populations and states that were asked for wrongly, and rows that are counted as they stand.

use super::project::Project;

const FLAGS: &str = "schema = 1
[flags.plain]
enabled = true
rollout = \"50%\"
[flags.ruled]
enabled = true
rollout = \"50%\"
rules = [{ when = [{ attribute = \"account_age_days\", op = \"less_than\", values = [7] }], serve = \"on\" }]
[flags.everyone]
enabled = true
[experiments.color]
flag = \"plain\"
variants = [[\"red\", 2], [\"green\", 1]]
[bucketing.custom.weak]
hash = \"java\"
template = \"{key}:{unit}\"
slice = \"absolute\"
reduce = \"modulo 100\"
[experiments.alpha]
flag = \"everyone\"
variants = [[\"a\", 50], [\"b\", 50]]
bucketing = \"weak\"
[experiments.bravo]
flag = \"everyone\"
variants = [[\"a\", 50], [\"b\", 50]]
bucketing = \"weak\"
[flags.asking]
enabled = true
rollout = \"40%\"
prerequisites = [{ flag = \"plain\", variation = \"on\" }]
[flags.asking_too]
enabled = true
rollout = \"40%\"
prerequisites = [{ flag = \"plain\", variation = \"on\" }]
";

fn said(project: &Project, line: &str) -> (i32, String) {
    let arguments: Vec<&str> = std::iter::once("simulate-rollout").chain(line.split(' ')).collect();
    let run = project.run(&arguments);
    (run.code, run.stderr)
}

#[test]
fn the_header_of_a_file_from_windows_is_no_blank_line() {
    let project = Project::new(FLAGS);
    project.write("users.csv", "\u{feff}id,plan\r\nu1,pro\r\n\r\nu2\r\nu3,free\r\n");
    let run = project.run(&["simulate-rollout", "plain", "--population", "users.csv", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    let rows = &report["population"]["rows"];
    assert_eq!(rows["total"], 4, "{rows}");
    assert_eq!((&rows["users"], &rows["blank"], &rows["wrong"]), (&2.into(), &1.into(), &1.into()));
    assert_eq!(report["population"]["wrong"][0], "line 4: 1 field where the header has 2");
}

#[test]
fn what_was_named_and_is_not_there_is_told_with_what_is() {
    let project = Project::new(FLAGS);
    project.write("users.csv", "id,plan\nu1,pro\n");
    project.write("none.csv", "");
    for (code, line, expected) in [
        (7, "plain --population users.csv --org-column team", "no column `team`"),
        (7, "plain --population users.csv --org-column team", "there are `id`, `plan`"),
        (7, "ruled --population users.csv", "`account_age_days` (or `created_at`)"),
        (7, "ruled --population none.csv", "holds no user"),
        (2, "color --to 25%", "ffctl simulate-rollout color --split red=1,green=1 rehearses"),
        (2, "color --to 25%", "ffctl simulate-rollout plain --to 25% rehearses its gate"),
    ] {
        let (ended, stderr) = said(&project, line);
        assert!(ended == code && stderr.contains(expected), "{line}: {ended} {stderr}");
    }
    let (code, stderr) = said(&project, "ruled --synthetic 1");
    assert!(code == 0 && stderr.contains("no `account_age_days` (or `created_at`)"), "{stderr}");
    // One database is asked one query, and the same users would count twice; that is seen before it is asked.
    let twice = ["simulate-rollout", "plain", "--population", "postgres://127.0.0.1:1/app"];
    let again = ["--population", "postgres://127.0.0.1:1/app", "--query", "select id from users"];
    let run = project.run(&[&twice[..], &again[..]].concat());
    assert!(run.code == 2 && run.stderr.contains("is named twice"), "{}", run.stderr);
}

#[test]
fn one_made_up_user_is_one() {
    let run = Project::new(FLAGS).run(&["simulate-rollout", "everyone", "--synthetic", "1"]);
    assert!(run.stdout.contains("1 synthetic user, seed 1"), "{}", run.stdout);
    assert!(run.stdout.contains("1 of 1 made-up user is on"), "{}", run.stdout);
}

/// A gate that both experiments have explains nothing: who is behind it is not counted.
#[test]
fn a_weak_hash_is_not_taken_for_a_reference() {
    let project = Project::new(FLAGS);
    let cause = |of: &str, with: &str| {
        let report = project.json(&["simulate-rollout", of, "--overlap", with, "--synthetic", "20000"]);
        report["overlaps"][0].clone()
    };
    let weak = cause("alpha", "bravo");
    assert_eq!(weak["association"]["cause"], "related_hash", "{weak}");
    assert!(weak["meaning"].as_str().expect("words").contains("Both hash with java"), "{weak}");
    assert_eq!(cause("asking", "asking_too")["association"]["cause"], "reference");
    assert_eq!(cause("asking", "plain")["association"]["cause"], "reference");
}

#[test]
fn a_span_is_told_as_it_was_asked_for() {
    let project = Project::new(FLAGS);
    project.write("users.csv", "id,created_at\nu1,2026-06-01T00:00:00Z\n");
    for (every, shown) in [("90m", "every 90m"), ("36h", "every 36h"), ("24h", "every 1d")] {
        let run = project.run(&[
            "simulate-rollout",
            "ruled",
            "--population",
            "users.csv",
            "--between",
            "2026-06-01..2026-06-03",
            "--every",
            every,
        ]);
        assert!(run.code == 0 && run.stdout.contains(shown), "{every}: {}{}", run.stderr, run.stdout);
    }
}

/// An account whose beginning cannot be read has no age: no rule for ages matches, and that is said.
#[test]
fn times_that_cannot_be_read_are_told() {
    let project = Project::new(FLAGS);
    let times = ["2026-05-31", "2026-05-31T00:00:00Z", "", "2026-05-31T00:00:00", "1780185600000", "soon"];
    let csv: Vec<String> = times.iter().enumerate().map(|(at, time)| format!("u{at},{time}")).collect();
    project.write("users.csv", &format!("id,created_at\n{}\n", csv.join("\n")));
    let json: Vec<String> = times
        .iter()
        .enumerate()
        .map(|(at, time)| format!("{{\"id\":\"u{at}\",\"created_at\":\"{time}\"}}"))
        .collect();
    project.write("users.jsonl", &json.join("\n"));
    project.write("fine.csv", "id,created_at\nu1,2026-05-31T00:00:00Z\nu2,\n");
    let told = |file: &str, flag: &str| {
        let run =
            project.run(&["simulate-rollout", flag, "--population", file, "--at", "2026-06-01T00:00:00Z"]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        run.stderr
    };
    let csv = told("users.csv", "ruled");
    assert!(csv.contains("`created_at` is no time in 3 of the first 6 rows, such as `2026-05-31`"), "{csv}");
    assert!(csv.contains("RFC 3339 with its zone"), "{csv}");
    // In JSON text is text: an empty one and digits are no times, either.
    let json = told("users.jsonl", "ruled");
    assert!(json.contains("`created_at` is no time in 5 of the first 6 rows"), "{json}");
    assert!(!told("fine.csv", "ruled").contains("no time"));
    assert!(!told("users.csv", "plain").contains("no time"), "nobody asks for ages");
}
