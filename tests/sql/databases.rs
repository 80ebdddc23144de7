//! The databases that can be run here, over a million users.

use super::super::support::postgres;
use super::counts::are_ours;
use super::mariadb;

/// A million users in one table, and enough of the others in another.
const USERS: (usize, usize) = (1_000_000, 60_000);

#[test]
fn duckdb_counts_a_million_as_we_do() {
    are_ours("sql", ("duckdb", "duckdb"), None, USERS);
}

#[test]
fn clickhouse_counts_a_million_as_we_do() {
    are_ours("sql", ("clickhouse", "clickhouse"), None, USERS);
}

#[test]
fn postgresql_counts_a_million_as_we_do() {
    let Some(database) = postgres::database("--emit-sql postgres") else { return };
    are_ours("sql", ("postgres", "postgres"), Some(&database.url()), USERS);
}

/// `MariaDB`, which reads what is written for `MySQL`, with its usual collation, which sees neither case nor blanks at the
/// end. `MySQL` itself is not run.
#[test]
fn mariadb_counts_as_we_do() {
    let Some(server) = mariadb::Server::start("--emit-sql mysql") else { return };
    are_ours("sql", ("mariadb", "mysql"), Some(&server.socket()), (200_000, 20_000));
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
    are_ours("spark", ("spark", "spark"), None, USERS);
}
