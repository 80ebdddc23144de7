//! `ffctl explain`

use clap::Args;

use super::context::ContextArguments;

/// Show why a flag has its value: the layers, the rules, and the trace for a context
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  ffctl explain enable_memory_v2
  ffctl explain enable_memory_v2 --user u-42 --attr account_age_days=12")]
pub struct ExplainArguments {
    /// The flag
    #[arg(value_name = "FLAG")]
    pub flag: String,
    /// For whom
    #[command(flatten)]
    pub context: ContextArguments,
    /// What if the rollout were this?
    #[arg(long, value_name = "PERCENT")]
    pub rollout: Option<String>,
}
