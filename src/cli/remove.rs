//! `ffctl remove`

use clap::Args;

use super::change::{ChangeArguments, ConditionArguments};

/// Take flags out of flags.toml, unless something still needs them
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  ffctl remove use_v3_style --dry-run
  ffctl remove use_v3_style --if off --yes -m 'v3 was dropped'")]
pub struct RemoveArguments {
    /// The flags
    #[arg(required = true, value_name = "FLAG")]
    pub flags: Vec<String>,
    /// What must be so
    #[command(flatten)]
    pub condition: ConditionArguments,
    /// How
    #[command(flatten)]
    pub change: ChangeArguments,
}
