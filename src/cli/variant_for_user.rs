//! `ffctl variant-for-user`

use clap::Args;

use super::context::ContextArguments;
use super::population::PopulationArguments;

/// Show which variant of an experiment a user gets, and why
#[derive(Clone, Debug, Args)]
#[command(
    override_usage = "ffctl variant-for-user [OPTIONS] <USER> [EXPERIMENT]...\n       ffctl variant-for-user [OPTIONS] --population <FILE|-> [EXPERIMENT]...",
    after_help = "\
Examples:
  ffctl variant-for-user u-42
  ffctl variant-for-user u-42 personalization_v2 --org acme -o json"
)]
pub struct VariantArguments {
    /// The user's key, then the experiments [default: all]; with --population experiments alone
    #[arg(value_name = "USER EXPERIMENT")]
    pub items: Vec<String>,
    /// What else is known of the user
    #[command(flatten)]
    pub context: ContextArguments,
    /// Many users
    #[command(flatten)]
    pub population: PopulationArguments,
}
