//! How other machines are reached: the HTTP client and what it never does by itself, PostgreSQL, TLS, time limits, when to ask
//! again, and what a failure means to a person.
//!
//! Knows no protocol of ours: what is asked and what an answer means is the business of those who ask (`admin/`,
//! `directory/`). Where a credential may go `settings/` has decided before.

mod background;
mod certificate;
mod client;
mod deadline;
mod excerpt;
mod failure;
mod http_date;
mod postgres;
mod retry;
mod retry_after;
mod tls;

pub(crate) use background::Background;
pub(crate) use certificate::{certificate, certificate_ends};
pub(crate) use client::build;
pub(crate) use deadline::Deadline;
pub(crate) use excerpt::{clean, explanation, is_page};
pub(crate) use failure::{Failure, Unanswered, root};
pub use http_date::http_date;
pub use postgres::PostgresConnector;
pub use retry::Retries;
pub(crate) use retry::{Attempts, Pace, Verdict};
pub(crate) use retry_after::RetryAfter;
pub use retry_after::retry_after;
pub use tls::client_config;
