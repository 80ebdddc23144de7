//! From what PostgreSQL and the way to it say to what a person can do.

use std::time::Duration;

use tokio_postgres::error::{Severity, SqlState};

use crate::error::{Error, Kind};
use crate::net::{clean, root};

/// Why a question to the database has no answer.
#[derive(Debug)]
pub(super) enum Trouble {
    /// The database or the way to it.
    Database(tokio_postgres::Error),
    /// The time limit.
    Late(Duration),
    /// This machine.
    Here(String),
}

impl Trouble {
    /// Tells whether the connection is of no more use: it is lost, out of step, or was ended by the database.
    pub(super) fn ends_the_session(&self) -> bool {
        match self {
            Self::Late(_) | Self::Here(_) => true,
            Self::Database(error) => error
                .as_db_error()
                .is_none_or(|said| !matches!(said.parsed_severity(), Some(Severity::Error))),
        }
    }

    /// Tells whether there is no such table: the store was not made yet.
    pub(super) fn lacks_tables(&self) -> bool {
        matches!(self.state(), Some(state) if [SqlState::UNDEFINED_TABLE, SqlState::INVALID_SCHEMA_NAME].contains(state))
    }

    fn state(&self) -> Option<&SqlState> {
        match self {
            Self::Database(error) => error.code(),
            Self::Late(_) | Self::Here(_) => None,
        }
    }

    /// Returns what happened, in words.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Late(limit) => format!("no answer within {limit:?}"),
            Self::Here(message) => message.clone(),
            // Its details may hold values.
            Self::Database(error) => match error.as_db_error() {
                Some(said) => clean(said.message(), None),
                None => clean(&root(error), None),
            },
        }
    }

    /// Returns the error of a store that is shown so.
    pub(super) fn into_error(self, shown: &str) -> Error {
        let words = self.words();
        let unreachable =
            |message: &str| Error::new(Kind::Unreachable, format!("`{shown}` {message}: {words}"));
        // The client itself notices that it has none.
        let lacks_password = words == "password missing";
        match self.state() {
            state if lacks_password || state.is_some_and(|state| state.code().starts_with("28")) => {
                Error::new(Kind::Credentials, format!("`{shown}` refuses the login: {words}"))
                    .hint("the password stands in the address, in PGPASSWORD, or in FFCTL_STORE_PASSWORD_FILE")
            }
            Some(state) if *state == SqlState::INSUFFICIENT_PRIVILEGE => {
                Error::new(Kind::Credentials, format!("`{shown}` does not allow it: {words}"))
                    .hint("its owner can: CREATE SCHEMA ffctl AUTHORIZATION …, once")
            }
            Some(state) if *state == SqlState::UNDEFINED_DATABASE => {
                unreachable("is not there").hint("createdb makes one")
            }
            Some(state)
                if *state == SqlState::LOCK_NOT_AVAILABLE || *state == SqlState::QUERY_CANCELED =>
            {
                unreachable("is in use by another server or command").hint("try again")
            }
            Some(state) if *state == SqlState::READ_ONLY_SQL_TRANSACTION => unreachable("only reads")
                .hint("of several hosts, `target_session_attrs=read-write` in the address takes the one that writes"),
            Some(state) if ["08", "53", "57"].iter().any(|class| state.code().starts_with(class)) => {
                unreachable("cannot be used now").hint("try again")
            }
            Some(_) => unreachable("failed"),
            None => unreachable("cannot be reached"),
        }
    }
}

/// Returns the error of a store that holds what it never should.
pub(super) fn damaged(shown: &str, what: &str) -> Error {
    Error::new(Kind::Unreachable, format!("the store `{shown}` is damaged: {what}"))
        .hint("restore the schema `ffctl` from a backup")
}
