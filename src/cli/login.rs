//! `ffctl login` and `ffctl logout`

use clap::Args;

/// Keep the token of a profile, once its server has accepted it
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  ffctl login --profile prod
  ffctl login --profile prod < token.txt

The token is asked for without being shown, or read from standard input; it never stands on a
command line. It is kept in a file that only you can read (no keyring, no daemon: it works the same
over ssh, in a container and in CI), and goes to the scheme, host and port that it was kept for, and
nowhere else.")]
pub struct LoginArguments {
    /// A token that was typed where every process can see it: refused, without a word of it
    #[arg(hide = true, value_name = "TEXT")]
    pub misplaced: Vec<String>,
}

/// Forget the token that `ffctl login` keeps of a profile
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  ffctl logout --profile prod
  ffctl logout --profile prod -o json

At the server the token still counts: `ffctl token revoke NAME` ends it there.")]
pub struct LogoutArguments {}
