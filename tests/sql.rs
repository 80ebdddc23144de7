//! `simulate-rollout --emit-sql`: the same counts in real databases, over a million users.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::project::Project;
use super::sdk::toolchain;
use super::support::postgres;

/// Every step of an evaluation, texts that need care, and algorithms of each kind of arithmetic.
const FLAGS: &str = r#"schema = 1
[flags.plain]
enabled = true
rollout = "12.5%"

[flags.base]
enabled = true
rollout = "60%"

[flags.rich]
enabled = true
rollout = "25%"
prerequisites = [{ flag = "base", variation = "on" }]
users = { "user-100001" = "on", "user-100002" = "off", "o'neil\\x" = "on" }
orgs = { org-3 = "on", "org-ü" = "off" }

[[flags.rich.rules]]
name = "staff"
when = [{ attribute = "segments", op = "in", values = ["staff"] }, { attribute = "age", op = "greater_than", values = [3] }]
serve = "on"

[[flags.rich.rules]]
when = [{ attribute = "plan", op = "in", values = ["free"], negate = true }, { attribute = "beta", op = "in", values = [true] }]
rollout = "40%"
serve = "on"

[[flags.rich.rules]]
when = [{ attribute = "email", op = "ends_with", values = ["@b.example", "ü.example"] }, { attribute = "email", op = "contains", values = ["7"] }, { attribute = "email", op = "starts_with", values = ["a", "b"] }]
serve = "off"

[[flags.rich.rules]]
when = [{ attribute = "segments", op = "in", values = ["staff"], negate = true }, { attribute = "age", op = "in", values = [1, 2.5] }, { attribute = "age", op = "less_than_or_equal", values = [2] }]
rollout = "70%"
serve = "on"

[flags.model]
enabled = true
off = "a"
variations = { a = "x", b = "y", c = "z" }
split = [["a", 70], ["b", 20], ["c", 9]]

[flags.by_org]
enabled = true
rollout = "33.333%"
bucket_by = "org"

[flags.md5]
enabled = true
rollout = "37%"
bucketing = "md5-flag-user"

[flags.sha1]
enabled = true
rollout = "37.123%"
bucketing = "posthog"

[flags.salted]
enabled = true
rollout = "11%"
bucketing = "statsig"
salt = "it's.r"

[experiments.exp]
flag = "base"
variants = [["control", 50], ["treatment", 50]]
force = { user-100004 = "treatment", user-100005 = "control" }

[segments.staff]
included = ["user-100010"]
excluded = ["user-100011"]
rules = [{ when = [{ attribute = "email_domain", op = "in", values = ["b.example"] }] }]
"#;

/// What is rehearsed, over which table.
const CASES: [(&[&str], &str); 10] = [
    (&["plain", "--to", "20%,50%"], "many"),
    (&["rich", "--to", "50%"], "many"),
    (&["exp", "--split", "control=20,treatment=80"], "many"),
    (&["plain"], "few"),
    (&["model", "--split", "a=50,b=40,c=9"], "few"),
    (&["by_org", "--to", "60%"], "few"),
    (&["md5", "--to", "50%"], "few"),
    (&["sha1", "--to", "50%"], "few"),
    (&["salted", "--to", "50%"], "few"),
    (&["base", "--to", "off,100%"], "few"),
];

/// Users of every kind: without an id, without an organisation, ids and domains of several bytes a character.
fn users(count: usize) -> String {
    let mut text = String::from("id,org,plan,age,beta,email,email_domain\n");
    for at in 0..count {
        let id = match at {
            7 => "o'neil\\x".to_owned(),
            _ if at % 1000 == 500 => String::new(),
            _ if at % 1000 == 501 => format!("zoë-{at}-日本"),
            _ => format!("user-{}", 100_000 + at),
        };
        let org = match at {
            _ if at % 11 == 0 => String::new(),
            _ if at % 13 == 0 => "org-ü".to_owned(),
            _ => format!("org-{}", at % 97),
        };
        let plan = ["free", "pro", "team", ""][at % 4];
        let age = match at {
            _ if at % 9 == 0 => String::new(),
            _ if at % 2 == 1 => format!("{}.5", at % 7),
            _ => (at % 7).to_string(),
        };
        let beta = ["true", "false", ""][at % 3];
        let domain = ["b.example", "a.example", "ü.example", ""][at % 4];
        let email = if domain.is_empty() {
            String::new()
        } else {
            format!("{}{at}@{domain}", ["a", "b", "c"][at % 3])
        };
        writeln!(text, "{id},{org},{plan},{age},{beta},{email},{domain}").expect("a String takes everything");
    }
    text
}

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

fn counts_are_ours(packages: &str, database: &str, address: Option<&str>) {
    let Some(folder) = toolchain::python(packages) else { return };
    let project = Project::new(FLAGS);
    project.write("many.csv", &users(1_000_000));
    project.write("few.csv", &users(60_000));
    let query = |(what, table): &(&[&str], &str)| {
        let sql = ["--emit-sql", database, "--table", table];
        let answer = project.json(&[&["simulate-rollout"], *what, &sql].concat());
        answer["sql"].as_str().expect("a query").to_owned()
    };
    let queries: Vec<String> = CASES.iter().map(query).collect();
    let answers = count(&folder, &project, database, address, &queries);
    assert_eq!(answers.len(), CASES.len());
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
        let known = ("guard".to_owned(), "known buckets that are right, of 8".to_owned());
        assert_eq!(theirs[&known], 8, "{database} {what:?}");
        let population = format!("{table}.csv");
        let mine = project.json(&[&["simulate-rollout"], *what, &["--population", &population]].concat());
        let mine = ours(&mine);
        assert!(mine.len() >= 4, "{what:?}: {mine:?}");
        for (name, users) in &mine {
            assert_eq!(theirs.get(name), Some(users), "{database} {what:?}: {name:?}");
        }
    }
}

#[test]
fn duckdb_counts_a_million_as_we_do() {
    counts_are_ours("sql", "duckdb", None);
}

#[test]
fn clickhouse_counts_a_million_as_we_do() {
    counts_are_ours("sql", "clickhouse", None);
}

#[test]
fn postgresql_counts_a_million_as_we_do() {
    let Some(database) = postgres::database("--emit-sql postgres") else { return };
    counts_are_ours("sql", "postgres", Some(&database.url()));
}

/// Spark takes half a gigabyte to install and a Java to run: on demand alone.
#[test]
#[expect(clippy::disallowed_methods, reason = "a test asks whether it is wanted")]
#[expect(clippy::print_stderr, reason = "a test that is left out says so")]
fn spark_counts_a_million_as_we_do() {
    if std::env::var_os("FFCTL_SPARK").is_none() {
        eprintln!("left out: --emit-sql spark; FFCTL_SPARK=1 runs it, with Java 17");
        return;
    }
    counts_are_ours("spark", "spark", None);
}

#[test]
fn a_database_that_hashes_otherwise_answers_with_nothing() {
    let Some(folder) = toolchain::python("sql") else { return };
    let project = Project::new(FLAGS);
    project.write("many.csv", &users(10));
    project.write("few.csv", &users(10));
    let sql = project.ok(&["simulate-rollout", "plain", "--emit-sql", "duckdb", "--table", "few"]);
    // As if the database took digits from another place.
    let wrong = sql.replace("substr(ff_h0, 1, 8)", "substr(ff_h0, 2, 8)");
    assert_ne!(sql, wrong);
    let answers = count(&folder, &project, "duckdb", None, &[wrong]);
    let rows = answers[0]["rows"].as_array().expect("rows");
    assert_ne!(rows[0][3], "8");
    assert!(rows.len() > 1 && rows[1..].iter().all(|row| row[3].is_null()), "{rows:?}");
}

#[test]
fn what_cannot_be_said_is_refused_before_anything_is_printed() {
    let project = Project::new(
        "schema = 1\n[flags.a]\nenabled = true\nrollout = \"25%\"\nbucketing = \"unleash\"\n\
         [[flags.a.rules]]\nwhen = [{ attribute = \"v\", op = \"semver_less_than\", values = [\"2.0.0\"] }]\nserve = \"on\"\n",
    );
    let run = project.run(&["simulate-rollout", "a", "--emit-sql", "trino"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("rule 1") && run.stderr.contains("`unleash`"), "{}", run.stderr);
    for odd in [
        &["--table", "users; drop table users"] as &[&str],
        &["--column", "id"],
        &["--column", "=x"],
        &["--column", "id=a", "--column", "id=b"],
        &["--population", "-"],
        &["--by", "org"],
        &["--at", "2026-01-01T00:00:00Z"],
    ] {
        let run = project.run(&[&["simulate-rollout", "a", "--emit-sql", "trino"], odd].concat());
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{odd:?}");
    }
    assert_eq!(project.run(&["simulate-rollout", "a", "--table", "users"]).code, 2);
    assert_eq!(project.run(&["simulate-rollout", "nope", "--emit-sql", "trino"]).code, 3);
}

#[test]
fn columns_have_the_names_of_the_table() {
    let project = Project::new(FLAGS);
    let sql = project.ok(&[
        "simulate-rollout",
        "by_org",
        "--emit-sql",
        "snowflake",
        "--table",
        "(SELECT * FROM analytics.people)",
        "--column",
        "id=user_id",
        "--column",
        "org=\"Account\"",
    ]);
    for part in [
        "CAST(user_id AS VARCHAR)",
        "CAST(\"Account\" AS VARCHAR)",
        "FROM (SELECT * FROM analytics.people) AS ff_table",
    ] {
        assert!(sql.contains(part), "{part}: {sql}");
    }
}
