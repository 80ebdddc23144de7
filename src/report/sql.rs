//! The answer of `simulate-rollout --emit-sql`.

use serde::Serialize;

use super::common::Report;

/// A query that counts what a forecast counts, in a database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SqlReport {
    /// The flag or experiment.
    pub name: String,
    /// The database: `postgres`, `duckdb` and so on.
    pub dialect: &'static str,
    /// The table that is read.
    pub table: String,
    /// The states that are compared, the present one first.
    pub states: Vec<String>,
    /// What is read of the table: expressions, the user's key first.
    pub reads: Vec<String>,
    /// The query.
    pub sql: String,
}

impl Report for SqlReport {
    const SCHEMA: &'static str = "ffctl.forecast-sql/1";
}
