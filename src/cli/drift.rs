//! `ffctl drift`

use clap::{Args, ValueEnum};

/// Show where a server and this checkout disagree, and why
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  ffctl drift
  ffctl drift 'enable_*' --ignore source,definition -o markdown

What the server itself says of each flag is compared with what this checkout
resolves: its flags.toml, its FF_* variables, the overrides of that server. A
server that sends three fields tells its switches and sources alone; `ffctl
serve` also tells whom a flag is on for, and how it is defined.

Ends with 0 if nothing drifts and with 10 if something does. In a workflow:
ffctl drift -p prod -o github")]
pub struct DriftArguments {
    /// Only these flags: names or patterns with * and ?
    #[arg(value_name = "PATTERN")]
    pub names: Vec<String>,
    /// Kinds of drift that do not count
    #[arg(long, value_enum, value_name = "KIND", value_delimiter = ',')]
    pub ignore: Vec<DriftKind>,
}

/// The words of `--ignore`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DriftKind {
    /// On for other people
    State,
    /// A switch from another layer
    Source,
    /// Defined otherwise, whatever it comes to
    Definition,
    /// Flags that only this checkout knows
    OnlyHere,
    /// Flags that only the server knows
    OnlyThere,
}

impl DriftKind {
    /// Returns the word in every output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Source => "source",
            Self::Definition => "definition",
            Self::OnlyHere => "only_here",
            Self::OnlyThere => "only_there",
        }
    }
}
