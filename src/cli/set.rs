//! `ffctl set`

use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::settings::parse_duration;

use super::change::{ChangeArguments, ConditionArguments, RepeatArguments};

/// Change flags: switch, rollout, variation, single users and organisations
#[derive(Clone, Debug, Args)]
#[command(
    override_usage = "ffctl set [OPTIONS] <FLAG> <on|off|PERCENT|VARIATION>\n       ffctl set [OPTIONS] <FLAG=VALUE>...",
    after_help = "\
Examples:
  ffctl set enable_memory_v2 50% --dry-run
  ffctl set use_v3_style=on enable_try_on=25% --local --yes -m 'launch day'"
)]
pub struct SetArguments {
    /// A flag and its value, or several as FLAG=VALUE: on, off, a percentage, a variation
    #[arg(required = true, value_name = "FLAG VALUE")]
    pub items: Vec<String>,
    /// Only for this organisation
    #[arg(long, value_name = "KEY")]
    pub org: Vec<String>,
    /// Only for this user
    #[arg(short, long, value_name = "KEY")]
    pub user: Vec<String>,
    /// Split between variations, such as v2=75,v3=25; the order decides who gets what
    #[arg(long, value_name = "SHARES")]
    pub split: Option<String>,
    /// For how long, such as 2h; then a server takes it back by itself
    #[arg(long = "for", value_name = "DURATION", value_parser = parse_duration)]
    pub lasts: Option<Duration>,
    /// The layer to change
    #[arg(long, value_enum, value_name = "LAYER", default_value = "admin")]
    pub layer: LayerWord,
    /// What must be so
    #[command(flatten)]
    pub condition: ConditionArguments,
    /// How
    #[command(flatten)]
    pub change: ChangeArguments,
    /// How to repeat it
    #[command(flatten)]
    pub repeat: RepeatArguments,
}

/// The words of `--layer`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LayerWord {
    /// The overrides of the target
    Admin,
    /// The variables in --env-file
    Env,
    /// flags.toml itself
    Default,
}
