//! Options that say for whom a flag is evaluated.

use std::path::PathBuf;

use clap::Args;

/// For whom.
#[derive(Clone, Debug, Default, Args)]
pub struct ContextArguments {
    /// The user's key
    #[arg(short, long, value_name = "KEY", help_heading = "Context")]
    pub user: Option<String>,
    /// The organisation's key
    #[arg(long, value_name = "KEY", help_heading = "Context")]
    pub org: Option<String>,
    /// An attribute of the user, or of another kind as kind.name=value; name:=JSON keeps the JSON type
    #[arg(short, long = "attr", value_name = "NAME=VALUE", help_heading = "Context")]
    pub attributes: Vec<String>,
    /// A context as JSON, from a file or standard input (-)
    #[arg(long, value_name = "FILE|-", help_heading = "Context")]
    pub context: Option<PathBuf>,
    /// Look the user up in the user directory; what the options say goes before what it knows
    #[arg(long, help_heading = "Context")]
    pub directory: bool,
    /// When
    #[command(flatten)]
    pub at: AtArguments,
}

/// When an evaluation takes place.
#[derive(Clone, Debug, Default, Args)]
pub struct AtArguments {
    /// Evaluate at this time instead of now: 2026-12-01T09:00:00Z, or a day for its midnight in UTC
    #[arg(long, value_name = "TIME", help_heading = "Context")]
    pub at: Option<String>,
}

impl ContextArguments {
    /// Tells whether anybody is named.
    pub fn is_given(&self) -> bool {
        self.user.is_some() || self.org.is_some() || !self.attributes.is_empty() || self.context.is_some()
    }
}
