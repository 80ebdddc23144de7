//! `ffctl profile`

use clap::{Args, Subcommand};

/// Add, list, choose and remove the profiles of config.toml
#[derive(Clone, Debug, Args)]
#[command(
    arg_required_else_help = true,
    disable_help_subcommand = true,
    after_help = "\
Examples:
  ffctl profile add prod https://flags.example.com --protected --description 'what customers see'
  ffctl profile list

config.toml stays as you wrote it: only what is named changes. What a profile demands of changes is
written into it by hand, below [profiles.NAME]:

  protected = true                       # -p NAME, and --confirm NAME
  require_reason = true                  # --reason WHY
  max_step = \"10%\"                     # so many users newly get something in one change
  freeze = [\"Fri 16:00..Mon 08:00 +01:00\", \"2026-12-20..2027-01-04\"]

Off, a smaller share and an undo back to one pass max_step and freeze.
--override-freeze WHY breaks a freeze."
)]
pub struct ProfileArguments {
    /// What to do
    #[command(subcommand)]
    pub action: ProfileAction,
}

/// What `profile` does.
#[derive(Clone, Debug, Subcommand)]
pub enum ProfileAction {
    /// Add a profile: a server by a name
    Add(AddProfileArguments),
    /// List all profiles
    List,
    /// Make a profile the one that is spoken to when no other is named
    Use(UseProfileArguments),
    /// Show one profile, and where each of its values comes from
    Show(ShowProfileArguments),
    /// Take a profile out of config.toml
    Remove(RemoveProfileArguments),
}

/// Add a profile: a server by a name
#[derive(Clone, Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct AddProfileArguments {
    /// What it is called: letters, digits, `_`, `.` and `-`
    #[arg(value_name = "NAME")]
    pub name: String,
    /// The address of its server; https, or http on this machine
    #[arg(value_name = "URL")]
    pub url: String,
    /// Let writes need its name on the command line and --confirm NAME
    #[arg(long, help_heading = "Guards")]
    pub protected: bool,
    /// Take no change without a reason
    #[arg(long, help_heading = "Guards")]
    pub require_reason: bool,
    /// The largest share of the users that one change may newly give something to, such as 25%
    #[arg(long, value_name = "PERCENT", help_heading = "Guards")]
    pub max_step: Option<String>,
    /// When nothing is changed but for the less, such as "Fri 16:00..Mon 08:00 UTC" or 2026-12-20..2027-01-04; several
    /// times for several windows
    #[arg(long, value_name = "WINDOW", help_heading = "Guards")]
    pub freeze: Vec<String>,
    /// What it is, for people
    #[arg(long, value_name = "TEXT")]
    pub description: Option<String>,
    /// The file with its token; without one, `ffctl login` keeps it
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<String>,
    /// Make it the one that is spoken to when no other is named
    #[arg(long)]
    pub default: bool,
    /// Show what would change in config.toml; write nothing
    #[arg(short = 'n', long)]
    pub dry_run: bool,
}

/// Make a profile the default
#[derive(Clone, Debug, Args)]
pub struct UseProfileArguments {
    /// The profile
    #[arg(value_name = "PROFILE")]
    pub name: String,
    /// Show what would change in config.toml; write nothing
    #[arg(short = 'n', long)]
    pub dry_run: bool,
}

/// Show one profile
#[derive(Clone, Debug, Args)]
pub struct ShowProfileArguments {
    /// The profile [default: the one that is spoken to]
    #[arg(value_name = "PROFILE")]
    pub name: Option<String>,
}

/// Take a profile out of config.toml
#[derive(Clone, Debug, Args)]
pub struct RemoveProfileArguments {
    /// The profile
    #[arg(value_name = "PROFILE")]
    pub name: String,
    /// Also if it is the default
    #[arg(short, long)]
    pub yes: bool,
    /// Confirm the removal of a protected profile by its name; implies --yes
    #[arg(long, value_name = "NAME")]
    pub confirm: Option<String>,
    /// Show what would change in config.toml; write nothing
    #[arg(short = 'n', long)]
    pub dry_run: bool,
}
