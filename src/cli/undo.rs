//! `ffctl undo`

use clap::Args;

use super::change::{ChangeArguments, RepeatArguments};

/// Take a change back: your last one on this target, or the one of this number
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  ffctl undo --dry-run
  ffctl undo 1 --local --yes -m 'too early'")]
pub struct UndoArguments {
    /// The number that the receipt and `ffctl history` show: 17, or L17 for a change of a file
    #[arg(value_name = "N|LN")]
    pub number: Option<String>,
    /// How
    #[command(flatten)]
    pub change: ChangeArguments,
    /// How to repeat it
    #[command(flatten)]
    pub repeat: RepeatArguments,
}
