//! The admin layer for a team: the admin API over the store, evaluator and journal that the command line uses.
//!
//! Composes the rooms below and adds what a server has of its own: connections and their limits, tokens and roles,
//! a snapshot that answers reads without asking the store. What a flag is, what a change does and what its answer
//! says is decided elsewhere (`layer/`, `admin/`, `answer/`), so that the server and the command line cannot
//! disagree. No command line, no printing: `cmd/serve` starts it.

mod accept;
mod answer;
mod api;
mod asked;
mod body;
mod caller;
mod change;
mod config;
mod dashboard;
mod events;
mod journal;
mod keeper;
mod log;
mod metrics;
mod ofrep;
mod openapi;
mod peer;
mod people;
mod problem;
mod quick;
mod rate;
mod router;
mod serving;
mod snapshot;
mod state;
mod strangers;
mod workers;

pub use config::{Limits, ReadDefinitions, ServerConfig};
pub use log::{LogFormat, log_to_stderr};
pub use router::described_routes;
pub use serving::{Bound, bind};
