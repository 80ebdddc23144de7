//! The client of the admin API, version 1: the routes under `/api/v1/admin`.
//!
//! Speaks to servers that know much (overrides, entity tags, a journal) and to those that know only
//! `GET /feature-flags` with three fields and `PATCH {"enabled": …}`; it asks for what a richer one has and
//! says what it could not get. Nothing is asked twice: a refusal is final, and repeating after a failure is
//! the caller's decision. The client is built when the first question is asked.

mod answer;
mod excerpt;
mod flags;
mod history;
mod list;
mod read;
mod refusal;
mod server;
#[cfg(test)]
mod tests;
mod transport;
mod write;

pub use list::Cached;
pub use server::RemoteServer;
