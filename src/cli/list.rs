//! `ffctl list`

use clap::{Args, ValueEnum};

/// Show every flag: state, source, rollout, owner, what is overridden
#[derive(Clone, Debug, Default, Args)]
#[command(after_help = "\
Examples:
  ffctl list --state partial
  ffctl list 'enable_*' --source default -o markdown")]
pub struct ListArguments {
    /// Show flags whose name matches one of these patterns (* and ?)
    #[arg(value_name = "PATTERN")]
    pub names: Vec<String>,
    /// Show flags in one of these states
    #[arg(long, value_enum, value_delimiter = ',', value_name = "STATE")]
    pub state: Vec<StateFilter>,
    /// Show flags of which one of these layers sets a field
    #[arg(long, value_enum, value_delimiter = ',', value_name = "LAYER")]
    pub source: Vec<SourceWord>,
    /// Show flags with one of these tags
    #[arg(long, value_delimiter = ',', value_name = "TAG")]
    pub tag: Vec<String>,
    /// Show flags of one of these owners
    #[arg(long, value_delimiter = ',', value_name = "OWNER")]
    pub owner: Vec<String>,
    /// Show flags whose last day is over
    #[arg(long)]
    pub expired: bool,
    /// Show flags that nobody changed for so long, such as 90d: no override here, no line in flags.toml
    #[arg(long, value_name = "DURATION")]
    pub unchanged: Option<String>,
}

/// The words of `--state`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum StateFilter {
    /// On for everyone
    On,
    /// Off for everyone
    Off,
    /// Not the same for everyone
    Partial,
    /// A layer holds something that cannot be read
    Invalid,
}

/// The words of `--source`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SourceWord {
    /// flags.toml
    Default,
    /// FF_* variables
    Env,
    /// Overrides of the target
    Admin,
}
