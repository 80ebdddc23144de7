//! Real servers on loopback for the tests of the client and of the commands: `server` is the HTTP part, which
//! can misbehave on purpose; `api` is what two kinds of admin API answer.

pub(crate) mod api;
pub(crate) mod server;
