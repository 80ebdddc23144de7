//! Options of every command.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

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
    /// The file of the local store; implies --local
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        conflicts_with = "profile",
        help_heading = "Global options"
    )]
    pub store: Option<PathBuf>,
    /// Ask no server: answer from the layers below, and say so
    #[arg(long, global = true, help_heading = "Global options")]
    pub offline: bool,
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
