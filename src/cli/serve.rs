//! `ffctl serve`

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::settings::parse_duration;

/// Serve the admin API for a team, over the local store or a database
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  ffctl serve
  ffctl serve --listen 127.0.0.1:9090 --log json

The first start of a store prints an admin token, once. A client then says:
  FFCTL_ADMIN_URL=http://127.0.0.1:8080/api/v1/admin FFCTL_TOKEN=ffa_TOKEN ffctl list

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
    /// How many requests a second one token may send to the admin API, evaluation apart; 0 for any number
    #[arg(long, value_name = "N", default_value = "1000", help_heading = "Limits")]
    pub rate_limit: u32,
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
