//! The client of the admin API, version 1: the routes under `/api/v1/admin`.
//!
//! Speaks to servers that know much (overrides, entity tags, a journal) and to those that know only
//! `GET /feature-flags` with three fields and `PATCH {"enabled": …}`; it asks for what a richer one has and
//! says what it could not get. A refusal is final; when a fault is worth another attempt, `net/` says. The
//! client is built when the first question is asked.

mod answer;
mod elements;
mod events;
mod flags;
mod headers;
mod history;
mod list;
mod options;
mod read;
mod redirect;
mod refusal;
mod server;
mod sse;
#[cfg(test)]
mod tests;
mod tokens;
mod transport;
mod whoami;
mod write;

pub use answer::{is_entity_tag, version_of_tag};
pub use events::{Listening, Signal};
pub use list::Cached;
pub use options::ClientOptions;
pub use server::RemoteServer;
pub use whoami::{Greeting, Identity};
