//! The databases that nobody can run here: their queries are read as the dialect that they are, and their functions are
//! what their documentation says, in `DuckDB` (tests/sdk/sql/documented.py).

use super::counts::are_ours;

/// As many as meet every step of the rules.
const USERS: (usize, usize) = (6_000, 6_000);

#[test]
fn bigquery_by_its_documentation_counts_as_we_do() {
    are_ours("sql", ("bigquery", "bigquery"), None, USERS);
}

#[test]
fn snowflake_by_its_documentation_counts_as_we_do() {
    are_ours("sql", ("snowflake", "snowflake"), None, USERS);
}

#[test]
fn trino_by_its_documentation_counts_as_we_do() {
    are_ours("sql", ("trino", "trino"), None, USERS);
}

#[test]
fn redshift_by_its_documentation_counts_as_we_do() {
    are_ours("sql", ("redshift", "redshift"), None, USERS);
}
