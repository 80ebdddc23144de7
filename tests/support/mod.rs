//! Real servers on loopback for the tests of the client and of the commands: `server` is the HTTP part, which
//! can misbehave on purpose; `api` is what two kinds of admin API answer; `postgres` is a database for a test.

pub(crate) mod api;
#[cfg(unix)]
pub(crate) mod postgres;
pub(crate) mod server;
