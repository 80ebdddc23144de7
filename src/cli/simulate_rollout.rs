//! `ffctl simulate-rollout`

use std::path::PathBuf;

use clap::Args;

use super::context::AtArguments;
use super::population::PopulationArguments;

/// Forecast who joins, leaves, switches and stays when a flag or experiment changes
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  ffctl simulate-rollout enable_memory_v2 --to 5%,25%,50%,100% --synthetic 100000
  ffctl simulate-rollout personalization_v2 --synthetic 50000 --seed 7

A state is a percentage, on, off or a variation; `default` (flags.toml alone), `env` (with variables) or
`admin` (with overrides, as now); or another flags.toml, as a file or git:REVISION, under the variables
and overrides of now. Conditions: share, on, joins, leaves, switches, errors; a number or a percentage.")]
pub struct SimulateArguments {
    /// The flag or experiment
    #[arg(value_name = "FLAG|EXPERIMENT")]
    pub name: String,
    /// The state before [default: the present one]
    #[arg(long, value_name = "STATE")]
    pub from: Option<String>,
    /// The states after, one step each
    #[arg(long, value_delimiter = ',', value_name = "STATE")]
    pub to: Vec<String>,
    /// The split after, such as v2=75,v3=25
    #[arg(long, value_name = "SHARES", conflicts_with = "to")]
    pub split: Option<String>,
    /// The users
    #[command(flatten)]
    pub population: PopulationArguments,
    /// Make up this many users [default: 100000 where no --population is given]
    #[arg(
        long,
        value_name = "N",
        conflicts_with = "population",
        value_parser = clap::value_parser!(u64).range(1..),
        help_heading = "Population"
    )]
    pub synthetic: Option<u64>,
    /// The seed of made-up users
    #[arg(long, value_name = "S", conflicts_with = "population", help_heading = "Population")]
    pub seed: Option<u64>,
    /// When
    #[command(flatten)]
    pub at: AtArguments,
    /// Count by org, segment or an attribute
    #[arg(long, value_name = "org|segment|ATTRIBUTE", help_heading = "Answer")]
    pub by: Option<String>,
    /// Write the ids of all users that join to this file
    #[arg(long, value_name = "FILE", help_heading = "Answer")]
    pub joins: Option<PathBuf>,
    /// End with 1 if this holds after the last step, such as 'share>30%' or 'leaves>0'
    #[arg(long, value_name = "CONDITION", help_heading = "Answer")]
    pub fail_if: Vec<String>,
}
