//! `ffctl journal`

use clap::{Args, Subcommand};

/// Prove that the journal is the one that was written
#[derive(Clone, Debug, Args)]
#[command(
    arg_required_else_help = true,
    disable_help_subcommand = true,
    after_help = "\
Examples:
  ffctl journal verify
  ffctl journal verify --local -o json

`ffctl history` shows what stands in it."
)]
pub struct JournalArguments {
    /// What to do
    #[command(subcommand)]
    pub action: JournalAction,
}

/// What `journal` does.
#[derive(Clone, Debug, Subcommand)]
pub enum JournalAction {
    /// Recompute the hashes that chain the entries; ends with 1 at the first that does not fit
    Verify(VerifyArguments),
}

/// Recompute the hashes that chain the entries
#[derive(Clone, Debug, Args)]
pub struct VerifyArguments {
    /// What a receipt says: this entry must have this hash, or one that begins so
    #[arg(long, value_name = "N=HASH")]
    pub receipt: Vec<String>,
}
