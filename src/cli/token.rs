//! `ffctl token`

use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};

use crate::settings::parse_duration;

use super::change::{ChangeArguments, ConsentArguments, reason};

/// Make, list and revoke the tokens of a server
#[derive(Clone, Debug, Args)]
#[command(
    arg_required_else_help = true,
    disable_help_subcommand = true,
    after_help = "\
Examples:
  ffctl token create 'ci deploy' --role editor --expires 90d --local --yes
  ffctl token list

With --local it changes the store itself, on the machine of the server; else the server is asked, with an admin token."
)]
pub struct TokenArguments {
    /// What to do
    #[command(subcommand)]
    pub action: TokenAction,
}

/// What `token` does.
#[derive(Clone, Debug, Subcommand)]
pub enum TokenAction {
    /// Make a token; its secret is shown this once
    Create(CreateTokenArguments),
    /// List all tokens, also those that do not count any more
    List,
    /// Revoke a token: it counts no more
    Revoke(RevokeTokenArguments),
}

/// Make a token
#[derive(Clone, Debug, Args)]
pub struct CreateTokenArguments {
    /// Whose it is or what it is for; stands in the journal as who did it
    #[arg(value_name = "NAME")]
    pub name: String,
    /// What it allows
    #[arg(long, value_enum, value_name = "ROLE")]
    pub role: RoleWord,
    /// How long it counts [default: until it is revoked]
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    pub expires: Option<Duration>,
    /// How
    #[command(flatten)]
    pub change: ChangeArguments,
}

/// Revoke a token; a frozen profile never stands in the way of that
#[derive(Clone, Debug, Args)]
pub struct RevokeTokenArguments {
    /// The token, by its name or its number
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Also if it is the last that may make tokens
    #[arg(long)]
    pub force: bool,
    /// Why; goes into the journal
    #[arg(short = 'm', long, value_name = "REASON", help_heading = "Safety", value_parser = reason)]
    pub reason: Option<String>,
    /// Whether to.
    #[command(flatten)]
    pub consent: ConsentArguments,
}

/// The words of `--role`, each allowing all that the one before it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RoleWord {
    /// Reads flags and the journal, watches, evaluates
    Viewer,
    /// Changes overrides
    Editor,
    /// Makes and revokes tokens
    Admin,
}
