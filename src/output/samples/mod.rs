//! Sample reports for the tests: what a checkout with ten flags would answer.
//!
//! Every text that comes from outside goes through `foreign`, so that a test can put anything there.

mod basics;
mod bucketing;
mod change;
mod check;
mod diff;
mod explain;
mod failure;
mod forecast;
mod forecast_ramp;
mod forecast_statistics;
mod get;
mod history;
mod lint;
mod list;
mod serve;
mod user;
mod variants;
mod watch;

pub(super) use basics::*;
pub(super) use bucketing::*;
pub(super) use change::*;
pub(super) use check::*;
pub(super) use diff::*;
pub(super) use explain::*;
pub(super) use failure::*;
pub(super) use forecast::*;
pub(super) use forecast_ramp::*;
pub(super) use forecast_statistics::*;
pub(super) use get::*;
pub(super) use history::*;
pub(super) use lint::*;
pub(super) use list::*;
pub(super) use serve::*;
pub(super) use user::*;
pub(super) use variants::*;
pub(super) use watch::*;
