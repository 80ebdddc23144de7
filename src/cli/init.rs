//! `ffctl init`

use clap::Args;

/// Write a commented starter flags.toml
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  ffctl init --dry-run
  ffctl init --flags other.toml")]
pub struct InitArguments {
    /// Show what would be written; write nothing
    #[arg(short = 'n', long)]
    pub dry_run: bool,
}
