//! The rows that a query of a PostgreSQL database gives, as CSV whose header types them.
//!
//! They are copied out as they come: the database keeps the place, and no more than a few rows are in memory.

use std::future::poll_fn;
use std::io::{self, Read};
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use futures_core::Stream;
use tokio_postgres::error::{ErrorPosition, SqlState};
use tokio_postgres::types::{Kind, Type};
use tokio_postgres::{Client, Column, CopyOutStream, Error};

use crate::net::{Background, PostgresConnector, clean, root};

use super::damaged::Damaged;

/// How many bytes of rows are taken at once.
const AT_ONCE: usize = 64 * 1024;

/// The rows of a query as CSV, read as they come.
pub struct QueryRows {
    runtime: Background,
    rows: Pin<Box<CopyOutStream>>,
    /// What waits to be taken: the header first.
    text: Vec<u8>,
    taken: usize,
    ended: bool,
    /// The connection lives as long as the rows.
    _client: Client,
}

/// Why a query has no rows.
#[derive(Debug)]
pub struct QueryError {
    /// Whose fault it is.
    pub fault: QueryFault,
    /// What the database, or the way to it, says.
    pub message: String,
    /// Line and column of the query, from 1, where it tells.
    pub place: Option<(usize, usize)>,
    /// What the database advises.
    pub hint: Option<String>,
}

/// Whose fault it is that a query has no rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueryFault {
    /// The database cannot be reached.
    Away,
    /// It refuses the login, or what is asked.
    Refused,
    /// The query is wrong.
    Query,
}

/// Asks a database for the rows of a query, in a transaction that only reads; `limit` is for the connection alone.
///
/// # Errors
/// When there is no connection, or no such rows.
pub fn query_rows(
    connector: PostgresConnector,
    query: &str,
    limit: Duration,
) -> Result<QueryRows, QueryError> {
    let query = query.trim().trim_end_matches(';').trim_end();
    let connector = connector.with_options(
        "-c default_transaction_read_only=on -c statement_timeout=0 -c idle_in_transaction_session_timeout=0 \
         -c timezone=UTC -c datestyle=ISO -c intervalstyle=iso_8601",
    );
    let here =
        |error: io::Error| QueryError::plain(QueryFault::Away, format!("cannot start a thread: {error}"));
    let runtime = Background::start("population").map_err(here)?;
    let (client, rows, header) = runtime.block_on(async {
        let client = tokio::time::timeout(limit, connector.connect()).await;
        let late = |_| QueryError::plain(QueryFault::Away, format!("no connection within {limit:?}"));
        let client = client.map_err(late)?.map_err(|error| QueryError::of(&error, query))?;
        let failed = |error: Error| QueryError::of(&error, query);
        client.batch_execute("START TRANSACTION READ ONLY").await.map_err(failed)?;
        // By itself first, so that the place of a mistake is its place in the query.
        let statement = client.prepare(query).await.map_err(failed)?;
        if !statement.params().is_empty() {
            return Err(QueryError::plain(QueryFault::Query, "it asks for a parameter, `$1`".to_owned()));
        }
        if statement.columns().is_empty() {
            return Err(QueryError::plain(QueryFault::Query, "it gives no columns".to_owned()));
        }
        let (header, copy) = copy(statement.columns(), query);
        let rows = client.copy_out(copy.as_str()).await.map_err(failed)?;
        Ok((client, Box::pin(rows), header))
    })?;
    Ok(QueryRows { runtime, rows, text: header.into_bytes(), taken: 0, ended: false, _client: client })
}

/// Returns the header of the rows, and the statement that copies them out.
fn copy(columns: &[Column], query: &str) -> (String, String) {
    let (mut header, mut cells) = (Vec::new(), Vec::new());
    for (at, column) in columns.iter().enumerate() {
        let (expression, word) = cell(column.type_(), &format!("c{at}"));
        let name = match word {
            Some(word) => format!("{}:{word}", column.name()),
            None => column.name().to_owned(),
        };
        header.push(format!("\"{}\"", name.replace('"', "\"\"")));
        // A line with nothing in it would be no row.
        cells.push(if columns.len() == 1 { format!("coalesce({expression}, '')") } else { expression });
    }
    let names: Vec<String> = (0..columns.len()).map(|at| format!("c{at}")).collect();
    let copy = format!(
        "COPY (SELECT {} FROM (\n{query}\n) AS population({})) TO STDOUT (FORMAT csv, ENCODING 'UTF8')",
        cells.join(", "),
        names.join(", ")
    );
    (format!("{}\n", header.join(",")), copy)
}

/// Returns a column as text, and the word of its type behind the name in a header.
fn cell(of: &Type, name: &str) -> (String, Option<&'static str>) {
    let time = "'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'";
    match of.kind() {
        Kind::Domain(inner) => return cell(inner, name),
        Kind::Array(_) | Kind::Composite(_) => return (format!("to_json({name})::text"), Some("json")),
        _ => {}
    }
    match *of {
        Type::BOOL | Type::INT2 | Type::INT4 | Type::INT8 | Type::OID => (format!("{name}::text"), None),
        Type::FLOAT4 | Type::FLOAT8 | Type::NUMERIC => {
            let number = "IN ('NaN', 'Infinity', '-Infinity')";
            (format!("CASE WHEN {name}::text {number} THEN NULL ELSE {name}::text END"), Some("number"))
        }
        Type::TIMESTAMPTZ => (format!("to_char({name} AT TIME ZONE 'UTC', {time})"), Some("string")),
        // Whoever keeps times without a zone keeps UTC.
        Type::TIMESTAMP => (format!("to_char({name}, {time})"), Some("string")),
        Type::JSON | Type::JSONB => (format!("{name}::text"), Some("json")),
        _ => (format!("{name}::text"), Some("string")),
    }
}

impl Read for QueryRows {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.taken == self.text.len() && !self.ended {
            self.text.clear();
            self.taken = 0;
            let Self { runtime, rows, text, ended, .. } = self;
            runtime.block_on(poll_fn(|context| {
                while text.len() < AT_ONCE {
                    match rows.as_mut().poll_next(context) {
                        Poll::Ready(Some(Ok(row))) => text.extend_from_slice(&row),
                        Poll::Ready(Some(Err(error))) => return Poll::Ready(Err(broken(&error))),
                        Poll::Ready(None) => {
                            *ended = true;
                            break;
                        }
                        Poll::Pending if text.is_empty() => return Poll::Pending,
                        Poll::Pending => break,
                    }
                }
                Poll::Ready(Ok(()))
            }))?;
        }
        let mut waiting = self.text.get(self.taken..).unwrap_or_default();
        let count = waiting.read(buffer)?;
        self.taken += count;
        Ok(count)
    }
}

/// Returns what ended the rows before their end.
fn broken(error: &Error) -> io::Error {
    let said = QueryError::of(error, "");
    let (what, hint) = match said.fault {
        QueryFault::Query | QueryFault::Refused => {
            (format!("a query that fails: {}", said.message), "nothing was counted: correct the query")
        }
        QueryFault::Away => {
            (format!("cut off, the database is away: {}", said.message), "nothing was counted: try again")
        }
    };
    io::Error::other(Damaged { what, hint, away: said.fault == QueryFault::Away })
}

impl QueryError {
    fn plain(fault: QueryFault, message: String) -> Self {
        Self { fault, message, place: None, hint: None }
    }

    fn of(error: &Error, query: &str) -> Self {
        let Some(said) = error.as_db_error() else {
            let message = clean(&root(error), None);
            // The client itself notices that it has none.
            let lacks = message == "password missing";
            return Self::plain(if lacks { QueryFault::Refused } else { QueryFault::Away }, message);
        };
        let state = said.code();
        let fault = if state.code().starts_with("28") || *state == SqlState::INSUFFICIENT_PRIVILEGE {
            QueryFault::Refused
        } else if ["08", "53", "57", "3D"].iter().any(|class| state.code().starts_with(class)) {
            QueryFault::Away
        } else {
            QueryFault::Query
        };
        let place = match said.position() {
            Some(ErrorPosition::Original(position)) if !query.is_empty() => place(query, *position),
            _ => None,
        };
        Self {
            fault,
            message: clean(said.message(), None),
            place,
            hint: said.hint().map(|hint| clean(hint, None)),
        }
    }
}

/// Returns line and column of a character of a query, which counts from 1.
fn place(query: &str, position: u32) -> Option<(usize, usize)> {
    let before: String = query.chars().take(usize::try_from(position).ok()?.checked_sub(1)?).collect();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
    Some((line, column))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_line_and_a_column() {
        assert_eq!(place("select a", 8), Some((1, 8)));
        assert_eq!(place("select é,\n  b", 13), Some((2, 3)));
        assert_eq!(place("select", 0), None);
    }
}
