//! Options of every command.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::admin::Cache;
use crate::settings::parse_duration;

/// Where flags come from, whom the command speaks to, and how it answers.
#[derive(Clone, Debug, Default, Args)]
pub struct GlobalArguments {
    /// The file with the definitions [default: flags.toml here or in a folder above]
    #[arg(
        id = "flags_file",
        short = 'f',
        long = "flags",
        global = true,
        value_name = "FILE",
        help_heading = "Global options"
    )]
    pub flags: Option<PathBuf>,
    /// Read FF_* variables from this file as well; those of the process win
    #[arg(long, global = true, value_name = "FILE", help_heading = "Global options")]
    pub env_file: Option<PathBuf>,
    /// Speak to the server of this profile in config.toml
    #[arg(short, long, global = true, value_name = "NAME", help_heading = "Global options")]
    pub profile: Option<String>,
    /// Speak to the local store, whatever the settings say
    #[arg(long, global = true, conflicts_with = "profile", help_heading = "Global options")]
    pub local: bool,
    /// Speak to this store, whatever the settings say: a local file, or a PostgreSQL database
    #[arg(
        long,
        global = true,
        value_name = "FILE|URL",
        conflicts_with = "profile",
        help_heading = "Global options"
    )]
    pub store: Option<PathBuf>,
    /// Ask no server: take its last answer, else the layers below, and say so
    #[arg(long, global = true, help_heading = "Global options")]
    pub offline: bool,
    /// Where the server is away, take its last answer up to this age [default: 24h; none where the exit code answers]
    #[arg(
        long,
        global = true,
        value_name = "DURATION",
        value_parser = max_age,
        help_heading = "Global options"
    )]
    pub max_age: Option<Duration>,
    /// Whose word on a switch counts where the server's own differs from what this checkout resolves
    #[arg(long, global = true, value_enum, value_name = "WHOSE", help_heading = "Global options")]
    pub view: Option<ViewWord>,
    /// How to answer [default: table]
    #[arg(short, long, global = true, value_enum, value_name = "FORMAT", help_heading = "Global options")]
    pub output: Option<FormatWord>,
    /// Short for --output json
    #[arg(long, global = true, conflicts_with = "output", help_heading = "Global options")]
    pub json: bool,
    /// When to use colour
    #[arg(long, global = true, value_enum, value_name = "WHEN", help_heading = "Global options")]
    pub color: Option<ColorWord>,
}

/// Reads `--max-age`: no answer is kept for longer than a day.
fn max_age(text: &str) -> Result<Duration, String> {
    let age = parse_duration(text).map_err(|error| error.to_string())?;
    if age > Cache::LONGEST { Err("answers are kept for 24h, no longer".to_owned()) } else { Ok(age) }
}

/// The words of `--view`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ViewWord {
    /// What this checkout resolves, with the server's overrides
    Checkout,
    /// The server's own `enabled`
    Server,
}

/// The words of `--output`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FormatWord {
    /// A table for people
    Table,
    /// One JSON document
    Json,
    /// One JSON object a line
    Jsonl,
    /// Comma-separated values with a header
    Csv,
    /// Markdown, for pull requests
    Markdown,
    /// Names alone, one a line
    Name,
    /// Annotations for GitHub's workflows
    Github,
    /// Test results as XML, as most CI systems show them
    Junit,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}

/// The words of `--color`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColorWord {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}
