//! The program from outside: one binary, a file per command, each test in a folder and an environment of its own.

mod architecture;
mod broken;
mod bucketing;
mod bucketing_custom;
mod cache;
mod cache_damage;
mod change;
mod check;
mod completions;
mod context;
mod credentials;
#[cfg(unix)]
mod dashboard;
#[cfg(unix)]
mod database;
mod diff;
#[cfg(unix)]
mod diff_targets;
mod disks;
#[cfg(unix)]
mod doctor;
mod drift;
mod dry_run;
mod explain;
mod faults;
#[cfg(unix)]
#[path = "support/ffctl_server.rs"]
mod ffctl_server;
mod files;
mod forecast_arms;
mod forecast_asked;
mod forecast_grouped;
mod forecast_statistics;
mod forecast_tables;
mod forecasts;
mod fuzz;
mod gate;
mod get;
#[cfg(unix)]
mod guards;
mod help;
mod history;
#[cfg(unix)]
mod hostile;
mod init;
mod joins;
mod layers;
mod lint;
mod list;
#[cfg(unix)]
mod login;
mod man;
#[cfg(unix)]
mod ofrep;
#[cfg(unix)]
mod openapi;
mod options;
mod options_refused;
mod output;
mod places;
#[cfg(unix)]
mod population;
mod population_asked;
#[cfg(all(unix, feature = "parquet"))]
#[cfg(unix)]
mod population_parquet;
#[cfg(unix)]
mod population_query;
mod profile;
mod project;
mod proxies;
mod readme;
mod remote;
mod remote_writes;
mod remove;
#[cfg(unix)]
mod report_page;
mod report_sections;
mod revalidation;
#[cfg(unix)]
mod sdk;
mod secrets;
#[cfg(unix)]
mod serve;
mod set;
mod simulate_ramp;
mod simulate_rollout;
mod simulate_states;
mod snapshot;
#[cfg(unix)]
mod sql;
mod statistics;
mod store;
#[expect(dead_code, reason = "unit tests use the rest of it")]
mod support;
mod terminal;
mod typos;
mod undo;
#[cfg(unix)]
mod undo_ends;
mod unset;
mod variant_for_user;
mod wait;
#[cfg(unix)]
mod watch;
#[cfg(unix)]
mod watch_away;
#[cfg(unix)]
mod watch_told;
