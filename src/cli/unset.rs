//! `ffctl unset`

use clap::{Args, ValueEnum};

use super::change::{ChangeArguments, ConditionArguments, RepeatArguments};
use super::set::LayerWord;

/// Take back what a layer says of a flag, so that the layers below count again
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  ffctl unset enable_memory_v2 --dry-run
  ffctl unset enable_memory_v2 --field rollout --local --yes")]
pub struct UnsetArguments {
    /// The flags
    #[arg(required = true, value_name = "FLAG")]
    pub flags: Vec<String>,
    /// Only this organisation's entry
    #[arg(long, value_name = "KEY")]
    pub org: Vec<String>,
    /// Only this user's entry
    #[arg(short, long, value_name = "KEY")]
    pub user: Vec<String>,
    /// Only these fields
    #[arg(long, value_enum, value_delimiter = ',', value_name = "FIELD")]
    pub field: Vec<UnsetField>,
    /// The layer to change
    #[arg(long, value_enum, value_name = "LAYER", default_value = "admin")]
    pub layer: LayerWord,
    /// What must be so
    #[command(flatten)]
    pub condition: ConditionArguments,
    /// How
    #[command(flatten)]
    pub change: ChangeArguments,
    /// How to repeat it
    #[command(flatten)]
    pub repeat: RepeatArguments,
}

/// The words of `unset --field`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum UnsetField {
    /// The switch
    Enabled,
    /// The rollout
    Rollout,
    /// The variation or split served
    Serve,
    /// All users
    Users,
    /// All organisations
    Orgs,
}
