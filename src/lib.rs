//! ffctl, the operator's command for feature flags.
//!
//! The rooms, from the top down. A room imports only rooms below it; `tests/architecture.rs` reads the
//! imports and fails on one that runs up.
//!
//! | room | what it holds |
//! |---|---|
//! | `cmd` | what each command does, composed of the rooms below; never prints |
//! | `cli` | the command line as clap reads it, a file per command |
//! | `server` | the admin API over the same rooms; connections, tokens and roles |
//! | `answer` | what the layers resolve to and the evaluator decides → reports |
//! | `output` | reports → table, json, jsonl, csv, markdown, name; style, sanitising, progress |
//! | `report` | what is answered, as plain data: the versioned wire forms of JSON |
//! | `check` | conditions on what flags are, and the verdict on each |
//! | `change` | plan, guard, apply, receipt: one path for the store, a server, `.env` and flags.toml |
//! | `lint` | findings over definitions and environment |
//! | `admin` | the admin layer: local store, remote client, its cache |
//! | `compare` | what differs between two states of all definitions |
//! | `simulate` | populations, forecast, statistics |
//! | `layer` | sources, the stack, resolved flags with provenance; the env layer |
//! | `directory` | a user directory: records of users looked up by key, cached, as contexts |
//! | `context` | records and options → contexts |
//! | `flagfile` | flags.toml: parse with spans, splice |
//! | `net` | how other machines are reached: HTTP client, limits, retries |
//! | `settings` | where flags.toml is, config.toml, profiles, `FFCTL_*`, credentials |
//! | `eval` | evaluate, clauses, trace |
//! | `bucket` | the bucketing algorithms: the only place that names a hash |
//! | `model` | flags, rules, contexts, weights, reasons: plain data |
//! | `error`, `exit` | one error type; its exit codes; what somebody who mistyped a name meant (`nearest`); digits (`hex`) and letters (`base64url`) |

pub mod admin;
pub mod answer;
mod base64url;
pub mod bucket;
pub mod change;
pub mod check;
pub mod cli;
pub mod cmd;
pub mod compare;
pub mod context;
pub mod directory;
pub mod error;
pub mod eval;
pub mod exit;
pub mod flagfile;
mod hex;
pub mod layer;
pub mod lint;
pub mod model;
mod nearest;
pub mod net;
pub mod output;
pub mod report;
pub mod server;
pub mod settings;
pub mod simulate;
#[cfg(test)]
#[path = "../tests/support/mod.rs"]
mod support;
