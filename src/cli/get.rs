//! `ffctl get`

use clap::{Args, ValueEnum};

use super::context::ContextArguments;

/// Print the value of a flag, for everyone or for one context
#[derive(Clone, Debug, Default, Args)]
#[command(after_help = "\
Examples:
  ffctl get enable_memory_v2
  ffctl get enable_memory_v2 --user u-42 --attr email=ada@agpt.co

Without a context the answer is the value that everyone gets, or `partial`.
In scripts: value=$(ffctl get use_v3_style), or --exit-status for 0 (on) and 1 (off or partial).")]
pub struct GetArguments {
    /// The flags
    #[arg(required = true, value_name = "FLAG")]
    pub flags: Vec<String>,
    /// For whom
    #[command(flatten)]
    pub context: ContextArguments,
    /// What if the rollout were this?
    #[arg(long, value_name = "PERCENT")]
    pub rollout: Option<String>,
    /// Print this field instead of the value
    #[arg(long, value_enum, value_name = "FIELD")]
    pub field: Option<FieldWord>,
    /// End with 0 if every flag is on, with 1 if one is off or partial
    #[arg(long)]
    pub exit_status: bool,
}

/// The words of `get --field`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FieldWord {
    /// The switch alone
    Enabled,
    /// on, off or partial
    State,
    /// The layer that sets the switch
    Source,
    /// The rollout, variation or split of everybody whom nothing else matches
    Rollout,
}
