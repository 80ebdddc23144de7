//! What is said before a database sees anything: refusals, and the options of the table.

use super::super::project::Project;
use super::cases::FLAGS;

#[test]
fn what_cannot_be_said_is_refused_before_anything_is_printed() {
    let project = Project::new(
        "schema = 1\n[flags.a]\nenabled = true\nrollout = \"25%\"\nbucketing = \"unleash\"\n\
         [[flags.a.rules]]\nwhen = [{ attribute = \"v\", op = \"semver_less_than\", values = [\"2.0.0\"] }]\nserve = \"on\"\n",
    );
    let run = project.run(&["simulate-rollout", "a", "--emit-sql", "trino"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(
        run.stderr.contains("a: rule 1: ") && run.stderr.contains("which SQL does not know"),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr.contains("also a: its algorithm `unleash` hashes with murmur3, which"),
        "{}",
        run.stderr
    );
    for odd in [
        &["--table", "users; drop table users"] as &[&str],
        &["--column", "id"],
        &["--column", "=x"],
        &["--column", "id=a", "--column", "id=b"],
        &["--population", "-"],
        &["--by", "org"],
        &["--at", "2026-01-01T00:00:00Z"],
        &["--between", "2026-01-01..2026-01-02"],
        &["--every", "1d"],
        &["--no-users"],
        &["--no-digest"],
        &["--joins", "joins.txt"],
        &["--report", "page.html"],
        &["--fail-if", "leaves>0"],
        &["--overlap", "all"],
        &["--observed", "on=1,off=1"],
        &["--daily-users", "10"],
        &["--power", "90%"],
        &["--baseline", "4%"],
        &["--effect", "1%"],
        &["--alpha", "1%"],
        &["--org-column", "org"],
        &["--distinct"],
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

#[test]
fn a_column_that_nothing_asks_for_is_told() {
    let project = Project::new(
        "schema = 1\n[flags.a]\nenabled = true\nrollout = \"25%\"\n\
         [[flags.a.rules]]\nwhen = [{ attribute = \"plan\", op = \"in\", values = [\"pro\"] }]\nserve = \"on\"\n",
    );
    let emit =
        ["simulate-rollout", "a", "--to", "50%", "--emit-sql", "duckdb", "--column", "plan=tier", "--column"];
    let run = project.run(&[&emit[..], &["plam=tier"]].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains("--column names what `a` does not ask for: `plam`"), "{}", run.stderr);
    assert!(run.stderr.contains("it asks for `id`, `plan`"), "{}", run.stderr);
    let run = project.run(&[&emit[..], &["id=user_id"]].concat());
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert!(run.stdout.contains("tier"), "{}", run.stdout);
}
