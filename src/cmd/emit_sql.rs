//! `--emit-sql`: the query that counts what a rehearsal counts.

use indexmap::IndexMap;

use crate::cli::{DialectWord, SqlArguments};
use crate::error::{Error, Kind, Result};
use crate::eval::World;
use crate::exit;
use crate::output::{Format, foreign};
use crate::report::{Note, SqlReport};
use crate::simulate::{Dialect, UserTable, sql_query};

use super::session::Session;

/// Reads the table of the options.
///
/// # Errors
/// When a column has no name or no expression, or is named twice.
pub(super) fn table(arguments: &SqlArguments) -> Result<UserTable> {
    let one_line = |what: &str, text: &str| {
        let odd = text.trim().is_empty() || text.chars().any(char::is_control) || text.contains(';');
        let message = format!("{what} is one line of SQL without `;`");
        if odd {
            Err(Error::new(Kind::Usage, message).hint("--table users --column id=user_id"))
        } else {
            Ok(())
        }
    };
    one_line("--table", &arguments.table)?;
    let mut columns = IndexMap::new();
    for text in &arguments.column {
        let Some((name, expression)) = text.split_once('=').filter(|(name, _)| !name.trim().is_empty())
        else {
            return Err(Error::new(Kind::Usage, format!("`--column {text}` has no name and expression"))
                .hint("--column id=user_id, --column org=account_id or --column plan=\"lower(plan)\""));
        };
        one_line("--column", expression)?;
        if columns.insert(name.trim().to_owned(), expression.trim().to_owned()).is_some() {
            let message = format!("--column names `{}` twice", name.trim());
            return Err(Error::new(Kind::Usage, message).hint("keep one of the two"));
        }
    }
    Ok(UserTable { name: arguments.table.trim().to_owned(), columns })
}

/// Answers with the query.
///
/// # Errors
/// When SQL cannot say what the flag or the experiment means.
pub(super) fn emit(
    session: &mut Session,
    word: DialectWord,
    table: &UserTable,
    name: &str,
    worlds: &[(&str, &dyn World)],
) -> Result<u8> {
    let dialect = dialect(word);
    let query = sql_query(dialect, table, name, worlds)?;
    // One list of columns may serve many flags, so that what one of them does not ask for is no mistake.
    if !query.unused.is_empty() {
        let ticked =
            |names: &[String]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let message = format!("--column names what `{name}` does not ask for: {}", ticked(&query.unused));
        session.notes(&[Note::new(message).hint(format!("it asks for {}", ticked(&query.asked_for)))]);
    }
    let report = SqlReport {
        name: name.to_owned(),
        dialect: dialect.word(),
        table: table.name.clone(),
        states: worlds.iter().map(|(label, _)| (*label).to_owned()).collect(),
        reads: query.reads,
        sql: query.text,
    };
    if session.format == Format::Table {
        // The query alone, to be put into a file or a pipe.
        let text = foreign(&report.sql, session.console.data);
        session.console.data(&text)?;
    } else {
        session.emit(&report)?;
    }
    Ok(exit::DONE)
}

const fn dialect(word: DialectWord) -> Dialect {
    match word {
        DialectWord::Postgres => Dialect::Postgres,
        DialectWord::Duckdb => Dialect::DuckDb,
        DialectWord::Clickhouse => Dialect::ClickHouse,
        DialectWord::Spark => Dialect::Spark,
        DialectWord::Bigquery => Dialect::BigQuery,
        DialectWord::Snowflake => Dialect::Snowflake,
        DialectWord::Trino => Dialect::Trino,
        DialectWord::Redshift => Dialect::Redshift,
        DialectWord::Mysql => Dialect::MySql,
    }
}
