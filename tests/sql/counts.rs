//! The counts of a database beside ours.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::super::project::Project;
use super::super::sdk::toolchain;
use super::cases::{CASES, FLAGS, users};

const KNOWN: &str = "known buckets that are right, of 8";

/// What our own forecast counts, by the names of the query's rows.
fn ours(forecast: &Value) -> BTreeMap<(String, String), u64> {
    let mut counts = BTreeMap::new();
    let mut add = |state: &str, what: &str, users: &Value| {
        counts.insert((state.to_owned(), what.to_owned()), users.as_u64().expect("a count"));
    };
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    add("rows", "all", &forecast["population"]["users"]);
    let noun = if forecast["kind"] == "experiment" { "variant" } else { "variation" };
    let steps = forecast["steps"].as_array().expect("steps");
    for state in std::iter::once(&forecast["now"]).chain(steps.iter().map(|step| &step["then"])) {
        let label = text(&state["label"]);
        add(&label, "on", &state["on"]);
        for each in state["variations"].as_array().expect("variations") {
            add(&label, &format!("{noun} {}", text(&each["variation"])), &each["users"]);
        }
    }
    for step in steps {
        let label = format!("{} -> {}", text(&step["from"]), text(&step["then"]["label"]));
        for what in ["joins", "leaves", "switches", "stays_on", "stays_off"] {
            add(&label, what, &step[what]);
        }
        if let Some(errors) = step["errors"].as_u64().filter(|errors| *errors > 0) {
            add(&label, "errors", &json!(errors));
        }
    }
    if let Some(experiment) = forecast.get("experiment") {
        let last = text(&steps[steps.len() - 1]["then"]["label"]);
        add(&last, "gated", &experiment["gated"]);
        add(&last, "forced", &experiment["forced"]);
    }
    counts
}

/// Runs queries over both tables in a database.
fn count(
    folder: &Path,
    project: &Project,
    database: &str,
    address: Option<&str>,
    queries: &[String],
) -> Vec<Value> {
    let tables = ["many", "few"].map(|name| (name, project.path(&format!("{name}.csv"))));
    let mut command = Command::new(folder.join("venv/bin/python"));
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sdk/sql/count.py")).arg(database);
    for (name, path) in &tables {
        command.arg(name).arg(path);
    }
    let mut child = command
        .args(address)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(json!(queries).to_string().as_bytes()).expect("written");
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{database}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// The query as if the database hashed otherwise: one of the eight ids is another, and the text around all ids is.
fn broken(query: &str) -> [String; 2] {
    let broken = [
        query.replace("'zoë@example.com'", "'zoe@example.com'"),
        query.replace("'rollout:plain:'", "'rollout:plane:'"),
    ];
    assert!(broken.iter().all(|broken| broken != query), "{query}");
    broken
}

/// Checks that a database counts what we count for every case, and that it answers with nothing where it hashes otherwise.
/// `database` is what count.py runs the queries in, `dialect` what they are written for.
pub(super) fn are_ours(
    packages: &str,
    (database, dialect): (&str, &str),
    address: Option<&str>,
    (many, few): (usize, usize),
) {
    let Some(folder) = toolchain::python(packages) else { return };
    let project = Project::new(FLAGS);
    project.write("many.csv", &users(many));
    project.write("few.csv", &users(few));
    let query = |(what, table): &(&[&str], &str)| {
        let sql = ["--emit-sql", dialect, "--table", table];
        let answer = project.json(&[&["simulate-rollout"], *what, &sql].concat());
        answer["sql"].as_str().expect("a query").to_owned()
    };
    let mut queries: Vec<String> = CASES.iter().map(query).collect();
    queries.extend(broken(&query(&(&["plain", "--to", "50%"], "few"))));
    let mut answers = count(&folder, &project, database, address, &queries);
    assert_eq!(answers.len(), CASES.len() + 2);
    for answer in answers.split_off(CASES.len()) {
        let rows = answer["rows"].as_array().unwrap_or_else(|| panic!("{database}: {answer}"));
        assert_ne!(rows[0][3], "8", "{database}: {rows:?}");
        assert!(rows.len() > 9 && rows[1..].iter().all(|row| row[3].is_null()), "{database}: {rows:?}");
    }
    for ((what, table), answer) in CASES.iter().zip(answers) {
        let rows = answer["rows"].as_array().unwrap_or_else(|| panic!("{database} {what:?}: {answer}"));
        let theirs: BTreeMap<(String, String), u64> = rows
            .iter()
            .map(|row| {
                let text = |at: usize| row[at].as_str().expect("text").to_owned();
                let users = text(3).parse().unwrap_or_else(|_| panic!("{database} {what:?}: {row}"));
                ((text(1), text(2)), users)
            })
            .collect();
        assert_eq!(theirs[&("guard".to_owned(), KNOWN.to_owned())], 8, "{database} {what:?}");
        let population = format!("{table}.csv");
        let mine = project.json(&[&["simulate-rollout"], *what, &["--population", &population]].concat());
        let mine = ours(&mine);
        assert!(mine.len() >= 4, "{what:?}: {mine:?}");
        for (name, users) in &mine {
            assert_eq!(theirs.get(name), Some(users), "{database} {what:?}: {name:?}");
        }
    }
}
