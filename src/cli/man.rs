//! `ffctl man`

use clap::Args;

/// Print the manual page of ffctl or of one of its commands
#[derive(Clone, Debug, Default, Args)]
#[command(after_help = "\
Examples:
  ffctl man list
  ffctl man > ffctl.1

The pages are roff, as man reads it: ffctl man list | man -l -")]
pub struct ManArguments {
    /// The command [default: ffctl itself]
    #[arg(value_name = "COMMAND")]
    pub command: Option<String>,
}
