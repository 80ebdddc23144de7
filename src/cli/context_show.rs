//! `ffctl context`

use clap::{Args, Subcommand};

use super::context::AtArguments;

/// Show what is known of a user, and where it comes from
#[derive(Clone, Debug, Args)]
#[command(
    arg_required_else_help = true,
    disable_help_subcommand = true,
    after_help = "\
Examples:
  ffctl context show u-42
  ffctl context show u-42 --attr email=ada@agpt.co -o json

The user directory is FFCTL_DIRECTORY, else [directory] of the profile or of config.toml: \
https://HOST/users/{id}, or postgres://HOST/DATABASE with a query."
)]
pub struct ContextCommandArguments {
    /// What to do
    #[command(subcommand)]
    pub action: ContextAction,
}

/// What `context` does.
#[derive(Clone, Debug, Subcommand)]
pub enum ContextAction {
    /// Show the attributes and segments of a user as evaluation sees them
    Show(ContextShowArguments),
}

/// Show the attributes and segments of a user as evaluation sees them
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  ffctl context show u-42
  ffctl context show u-42 --attr email=ada@agpt.co --at 2027-01-01T00:00:00Z

Origins: record (a field of the directory's record, or a key of its metadata), derived (worked out at the time of \
the evaluation), caller (an option). A user is in a segment by role, by metadata, by an option, or since its \
definition in flags.toml holds.")]
pub struct ContextShowArguments {
    /// The user's key
    #[arg(value_name = "USER")]
    pub user: String,
    /// The organisation's key
    #[arg(long, value_name = "KEY", help_heading = "Context")]
    pub org: Option<String>,
    /// An attribute that goes before what the directory knows; as in `ffctl get`
    #[arg(short, long = "attr", value_name = "NAME=VALUE", help_heading = "Context")]
    pub attributes: Vec<String>,
    /// When
    #[command(flatten)]
    pub at: AtArguments,
}
