//! Options that ask for a query instead of an answer.

use clap::{Args, ValueEnum};

/// The query that counts the same in a database.
#[derive(Clone, Debug, Default, Args)]
pub struct SqlArguments {
    /// Print the query that counts the same where the users already are, and count nothing here
    #[arg(
        long,
        value_enum,
        value_name = "DATABASE",
        conflicts_with_all = ["population", "synthetic", "seed", "joins", "report", "fail_if", "by", "at", "overlap", "every", "no_digest"],
        help_heading = "Query"
    )]
    pub emit_sql: Option<DialectWord>,
    /// The table with the users, or a query in parentheses, as it is to be written
    #[arg(
        long,
        value_name = "TABLE",
        requires = "emit_sql",
        default_value = "users",
        help_heading = "Query"
    )]
    pub table: String,
    /// What `id`, `org` or an attribute is in the table, such as `id=user_id`; may be repeated
    #[arg(long, value_name = "NAME=EXPRESSION", requires = "emit_sql", help_heading = "Query")]
    pub column: Vec<String>,
}

/// The words of `--emit-sql`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DialectWord {
    /// `PostgreSQL`, from 11 on
    #[value(help = "PostgreSQL, from 11 on")]
    Postgres,
    /// `DuckDB`
    #[value(help = "DuckDB")]
    Duckdb,
    /// `ClickHouse`
    #[value(help = "ClickHouse")]
    Clickhouse,
    /// Spark, and Databricks
    Spark,
    /// `BigQuery`
    #[value(help = "BigQuery")]
    Bigquery,
    /// Snowflake
    Snowflake,
    /// Trino, and Athena
    Trino,
    /// Redshift
    Redshift,
    /// `MySQL`, from 8 on
    #[value(help = "MySQL, from 8 on")]
    Mysql,
}
