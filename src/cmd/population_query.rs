//! A population that a query of a database gives.

use std::time::Duration;

use crate::error::{Error, Kind, Result};
use crate::net::PostgresConnector;
use crate::settings::PostgresUrl;
use crate::simulate::{Input, QueryError, QueryFault, query_rows};

use super::session::Session;

/// How long a connection may take; the query itself may take as long as it takes.
const CONNECT: Duration = Duration::from_secs(10);

impl Session {
    /// Asks the database of an address for the rows of `--query`.
    ///
    /// # Errors
    /// When there is no query, the address is none, or the database has no such rows.
    pub(super) fn population_query(&self, address: &str, query: Option<&str>) -> Result<Input<'static>> {
        let usage = |message: &str| Error::new(Kind::Usage, message.to_owned());
        let url = PostgresUrl::parse(address).map_err(|error| usage(&format!("--population: {error}")))?;
        if url.has_password() {
            let message =
                "--population: a password on the command line can be read by everybody on this machine";
            return Err(usage(message).hint("PGPASSWORD holds it"));
        }
        let shown = url.to_string();
        let Some(query) = query.filter(|query| !query.trim().is_empty()) else {
            return Err(usage(&format!("`{shown}` needs a query that gives its users"))
                .hint("--query 'select id, org, plan from users'"));
        };
        let connector = PostgresConnector::new(&url, self.settings.postgres_password()?.as_ref())
            .map_err(|message| Error::new(Kind::Invalid, format!("--population: {message}")))?;
        let rows = query_rows(connector, query, CONNECT).map_err(|error| failed(&shown, error))?;
        Ok(Input::query(rows, &shown, query))
    }
}

fn failed(shown: &str, error: QueryError) -> Error {
    let QueryError { fault, message, place, hint } = error;
    match fault {
        QueryFault::Away => Error::new(Kind::Unreachable, format!("`{shown}` cannot be reached: {message}")),
        QueryFault::Refused => Error::new(Kind::Credentials, format!("`{shown}` refuses it: {message}"))
            .hint("the user stands in the address, the password in PGPASSWORD"),
        QueryFault::Query => {
            let place =
                place.map_or_else(String::new, |(line, column)| format!(" at line {line}, column {column}"));
            let error = Error::new(Kind::Invalid, format!("--query fails{place}: {message}"));
            match hint {
                Some(hint) => error.hint(hint),
                None => error,
            }
        }
    }
}
