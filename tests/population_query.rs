//! `--population postgres://… --query …`: the rows of a real database, and what is said where there are none.

use serde_json::{Value, json};

use super::project::{Project, Run};
use super::support::postgres::{Database, database};

const FLAGS: &str = r#"schema = 1
[flags.typed]
enabled = true
rollout = "20%"
orgs = { "glo,bex" = "on" }
rules = [
  { when = [{ attribute = "plan", op = "in", values = ["pro"] }, { attribute = "age", op = "less_than", values = [9] }], serve = "on" },
  { when = [{ attribute = "beta", op = "in", values = [true] }, { attribute = "score", op = "greater_than", values = [60.5] }], rollout = "50%", serve = "on" },
  { when = [{ attribute = "tags", op = "in", values = ["b, c"] }], serve = "on" },
  { when = [{ attribute = "created_at", op = "before", values = ["2025-02-03T04:05:06Z"] }], serve = "on" },
  { when = [{ attribute = "price", op = "greater_than_or_equal", values = [9.97] }], serve = "on" },
  { when = [{ attribute = "custom_tier", op = "in", values = ["gold"] }], serve = "on" },
]
[flags.plain]
enabled = true
rollout = "50%"
[experiments.e]
flag = "plain"
variants = [["a", 1], ["b", 1]]
"#;

/// Users with a column of every type that a rule can read, and some that it cannot.
const TABLE: &str = "
create type tier as enum ('free', 'pro');
create domain years as int2;
create table users as select
  case when at % 500 = 499 then null else 'user-' || at end as id,
  (array[null, 'acme', 'glo,bex', 'init\"ech', E'two\\nlines'])[at % 5 + 1] as org,
  (case when at % 3 = 0 then null else (array['free', 'pro'])[at % 2 + 1] end)::tier as plan,
  (case when at % 7 = 0 then null else at % 90 - 5 end)::years as age,
  (array[true, false, null])[at % 3 + 1] as beta,
  (case when at % 11 = 0 then 'NaN' else (at % 1000) / 8.0 end)::float8 as score,
  ((at % 2000 - 1000) / 100.0)::numeric(12, 2) as price,
  (case at % 4 when 0 then null when 1 then array[]::text[] when 2 then array['a', null] else array['b, c', E'\"x\\\\'] end) as tags,
  timestamptz '2025-01-01 00:00:00.25+00' + at * interval '1 hour' as created_at,
  timestamp '2025-01-01' + at * interval '1 hour' as seen_at,
  date '2025-01-01' + at as day,
  jsonb_build_object('tier', case when at % 17 = 0 then 'gold' else 'tin' end) as metadata,
  interval '1 day' as lasts,
  '\\x00ff'::bytea as raw
from generate_series(0, 4999) as at;";

/// A database with the users, and its address without user and password, as it is shown.
fn users(test: &str) -> Option<(Database, String, String)> {
    let database = database(test)?;
    database.run(TABLE);
    // Roles are of the whole cluster, which other tests use as well.
    database.run(
        "do $$ begin create role reader login; exception when duplicate_object or unique_violation then null; end $$",
    );
    database.run("grant select on users to reader");
    let url = database.url_of("reader");
    let shown = url.replace("reader@", "");
    Some((database, url, shown))
}

fn asked(project: &Project, url: &str, query: &str, more: &[&str]) -> Run {
    let arguments = [
        "simulate-rollout",
        "typed",
        "--to",
        "60%",
        "--at",
        "2026-01-02T03:04:05Z",
        "--population",
        url,
        "--query",
        query,
    ];
    project.run(&[&arguments[..], more].concat())
}

fn forecast(project: &Project, url: &str, query: &str, by: &str) -> Value {
    let run = asked(project, url, query, &["--json", "--by", by]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    serde_json::from_str(&run.stdout).expect("JSON")
}

#[test]
fn columns_become_attributes_of_their_types() {
    let Some((database, url, shown)) = users("population_query::columns_become_attributes") else { return };
    let project = Project::new(FLAGS);
    let query = "select * from users order by created_at; ";
    // The same users as JSON lines, written by the database itself.
    let lines = database.run(
        "select json_strip_nulls(json_build_object('id', id, 'org', org, 'plan', plan, 'age', age, 'beta', beta, \
         'score', nullif(score, 'NaN'), 'price', price, 'tags', tags, \
         'created_at', to_char(created_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), \
         'seen_at', to_char(seen_at, 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), 'day', day, 'metadata', metadata)) \
         from users order by created_at",
    );
    project.write("users.jsonl", &(lines + "\n"));
    for by in ["org", "plan", "age", "beta", "score", "price", "created_at", "seen_at", "day", "custom_tier"]
    {
        let file = project.json(&[
            "simulate-rollout",
            "typed",
            "--to",
            "60%",
            "--at",
            "2026-01-02T03:04:05Z",
            "--population",
            "users.jsonl",
            "--by",
            by,
        ]);
        let rows = forecast(&project, &url, query, by);
        assert_eq!(rows["steps"], file["steps"], "by {by}");
        assert_eq!(rows["population"]["rows"], file["population"]["rows"]);
        assert_eq!(rows["population"]["source"], shown);
        let input = json!([{ "path": shown, "bytes": null, "sha256": null, "query": query }]);
        assert_eq!(rows["population"]["inputs"], input);
    }
    assert_eq!(forecast(&project, &url, query, "org")["population"]["rows"]["without_id"], 10);
    // One column, some of it NULL, is a row all the same.
    let plain = |query: &str| {
        project.json(&["simulate-rollout", "plain", "--population", &url, "--query", query])["population"]
            .clone()
    };
    let ids = plain("select id from users");
    assert_eq!((&ids["users"], &ids["rows"]["without_id"]), (&json!(5000), &json!(10)));
    let numbers = plain("select at as user_id from generate_series(1, 300000) as at -- many");
    assert_eq!(numbers["users"], 300_000);
    let text =
        asked(&project, &url, "select id,\n  org, plan from users limit 3", &["--allow-missing"]).stdout;
    assert!(text.contains(&format!("3 users from {shown}")) && !text.contains("reader"), "{text}");
    assert!(text.contains("select id, org, plan from users limit 3"), "{text}");
}

#[test]
fn every_command_with_a_population_asks() {
    let Some((_database, url, _)) = users("population_query::every_command") else { return };
    let project = Project::new(FLAGS);
    project.write("more.csv", "id\nuser-3\nsomebody\n");
    let query = "select id from users where id like 'user-_' order by id";
    let assigned = project.ok(&[
        "variant-for-user",
        "--population",
        &url,
        "--query",
        query,
        "--population",
        "more.csv",
        "--distinct",
        "-o",
        "csv",
    ]);
    let users: Vec<&str> = assigned.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    let expected: Vec<String> =
        (0..10).map(|at| format!("user-{at}")).chain(["somebody".to_owned()]).collect();
    assert_eq!(users, expected);
    let migrated = project.json(&[
        "bucketing",
        "migrate",
        "plain",
        "--to",
        "posthog",
        "--population",
        &url,
        "--query",
        query,
    ]);
    assert_eq!(migrated["population"]["users"], 10);
}

#[test]
fn it_only_reads_and_says_what_is_wrong() {
    let Some((database, url, _)) = users("population_query::it_only_reads") else { return };
    let mut project = Project::new(FLAGS);
    let fails = |project: &Project, url: &str, query: &str, code: i32, words: &[&str]| {
        let run = asked(project, url, query, &[]);
        assert_eq!((run.code, run.stdout.as_str()), (code, ""), "{query}: {}", run.stderr);
        for words in words {
            assert!(run.stderr.contains(words), "{query}: {}", run.stderr);
        }
    };
    fails(&project, &url, "select id,\n  plna from users", 7, &["--query fails at line 2, column 3", "plna"]);
    fails(&project, &url, "selct id", 7, &["line 1, column 1: syntax error"]);
    fails(&project, &url, "select id from users where id = $1", 7, &["parameter"]);
    fails(
        &project,
        &url,
        "select 1 / (3 - at) as id from generate_series(1, 9) as at",
        7,
        &["division by zero"],
    );
    fails(&project, &url, "select name from (values ('x')) as v(name)", 7, &["no column with the user id"]);
    fails(&project, &url, "select id from users where false", 7, &["org"]);
    fails(&project, &url, "select 'u' as id from pg_authid", 4, &["refuses it", "permission denied"]);
    let owner = database.url();
    fails(&project, &owner, "delete from users returning id", 7, &["--query fails"]);
    database.run("create function f() returns text language sql as $$ delete from users returning id $$");
    fails(&project, &owner, "select f() as id, 'o' as org", 7, &["read-only transaction"]);
    assert_eq!(database.run("select count(*) from users"), "5000", "nothing was deleted");
    fails(&project, &database.url_of("nobody"), "select 1", 4, &["refuses it", "PGPASSWORD"]);
    fails(&project, &url.replace("/test_", "/absent_"), "select 1", 6, &["does not exist"]);
    fails(
        &project,
        "postgres://127.0.0.1:1/app",
        "select 1",
        6,
        &["`postgres://127.0.0.1:1/app` cannot be reached"],
    );
    fails(&project, &url.replace("reader", "reader:secret"), "select 1", 2, &["PGPASSWORD holds it"]);
    fails(&project, "postgres://", "select 1", 2, &["--population"]);
    for wrong in [
        &["--population", &url] as &[&str],
        &["--population", &url, "--query", " "],
        &["--population", "users.csv", "--query", "select 1"],
        &["--population", &url, "--query", "select 1 as id", "--format", "csv"],
        &["--query", "select 1"],
        &["--synthetic", "9", "--query", "select 1"],
    ] {
        let said = project.fails(2, &[&["simulate-rollout", "plain"], wrong].concat());
        assert!(said.contains("query") && !said.contains("reader@"), "{wrong:?}: {said}");
    }
    let locked = database.url_of("locked");
    database.run("grant select on users to locked");
    fails(&project, &locked, "select 1", 4, &["password missing"]);
    project.set("PGPASSWORD", "wrong");
    fails(&project, &locked, "select 1", 4, &["refuses it"]);
    project.set("PGPASSWORD", "hunter2");
    let run = asked(&project, &locked, "select id, org from users", &["--allow-missing"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
}
