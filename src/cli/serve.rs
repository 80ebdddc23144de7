//! `ffctl serve`

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::settings::parse_duration;

/// Serve the admin API for a team, over a file or a database
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  ffctl serve
  ffctl serve --listen 127.0.0.1:9090 --log json

The first start of a store prints an admin token, once. A client then says:
  FFCTL_ADMIN_URL=http://127.0.0.1:8080/api/v1/admin FFCTL_TOKEN=ffa_TOKEN ffctl list

With --directory users are looked up before anything is evaluated for them. An evaluation waits --directory-wait at
most, whatever the directory does, then goes on with the user's key alone and says so (`directory` in the metadata of
OFREP, `bare` in /evaluate); the lookup itself goes on, for 5s or FFCTL_TIMEOUT at most, for whoever comes next. After a failure
nobody is looked up for a second, and then one user first. 1000 records are kept, for 24 hours. Whoever may evaluate
may ask about every user: a token for browsers does not go together with a directory.

Several servers share one PostgreSQL database; a change on one is seen on all of them at once:
  ffctl serve --store postgres://USER@HOST/DATABASE")]
pub struct ServeArguments {
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// The certificate chain in a PEM file, the server's own first: speak TLS
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_certificate: Option<PathBuf>,
    /// The private key of the certificate in a PEM file
    #[arg(long, value_name = "FILE", requires = "tls_certificate")]
    pub tls_key: Option<PathBuf>,
    /// Look users up in a user directory before evaluating for them: this one, such as
    /// `https://people.example.com/users/{id}`, or the one of `FFCTL_DIRECTORY` or of config.toml
    #[arg(long, value_name = "URL", num_args = 0..=1, default_missing_value = "", help_heading = "User directory")]
    pub directory: Option<String>,
    /// How long an evaluation waits for it; then the user's key alone counts
    #[arg(long, value_name = "DURATION", default_value = "250ms", value_parser = parse_duration, requires = "directory", help_heading = "User directory")]
    pub directory_wait: Duration,
    /// Show /metrics to everybody, instead of to those with a token
    #[arg(long)]
    pub metrics_open: bool,
    /// How the log on standard error looks
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    pub log: LogWord,
    /// What is logged at least
    #[arg(long, value_enum, value_name = "LEVEL", default_value = "info")]
    pub log_level: LevelWord,
    /// How many connections are served at once; further ones wait
    #[arg(long, value_name = "N", default_value = "4096", value_parser = clap::value_parser!(u32).range(1..=100_000), help_heading = "Limits")]
    pub max_connections: u32,
    /// How long a client may take to send the head of a request, and to encrypt its connection
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = parse_duration, help_heading = "Limits")]
    pub head_timeout: Duration,
    /// How many requests a second one token may send, evaluation apart; 0 for any number
    #[arg(long, value_name = "N", default_value = "1000", help_heading = "Limits")]
    pub rate_limit: u32,
    /// How many evaluations a second one token may ask for; 0 for any number
    #[arg(long, value_name = "N", default_value = "50000", help_heading = "Limits")]
    pub evaluation_rate_limit: u32,
}

/// The words of `--log`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogWord {
    /// For people
    Text,
    /// One JSON object a line
    Json,
}

/// The words of `--log-level`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LevelWord {
    /// What keeps the server from its work
    Error,
    /// What somebody should look at
    Warn,
    /// Changes and refusals too
    Info,
    /// Every request
    Debug,
}
