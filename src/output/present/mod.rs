//! What each report looks like: one presenter a report, and the phrases that several share.
//!
//! A presenter arranges what the report says. It computes nothing that belongs into a report.

mod bucketing;
mod chain;
mod change;
mod check;
mod common;
mod diff;
mod doctor;
mod drift;
mod explain;
mod forecast;
mod forecast_experiment;
mod forecast_groups;
mod forecast_orgs;
mod forecast_plot;
mod forecast_ramp;
mod forecast_records;
mod forecast_statistics;
mod forecast_times;
mod get;
mod history;
mod init;
mod lint;
mod list;
mod login;
mod population;
mod profile;
mod serve;
mod snapshot;
mod sql;
mod token;
mod trace;
mod user;
mod variants;
mod watch;

pub(super) use change::plan_document;
pub(super) use common::age_words;
pub(super) use token::token_document;
pub(super) use variants::{CSV_HEADER, ITEM, STREAM_COLUMNS, record, stream_row};
pub(super) use watch::{WATCH_COLUMNS, watch_row};
