//! `ffctl simulate-rollout`

use clap::Args;

use super::forecast_statistics::StatisticsArguments;
use super::rehearsal::RehearsalArguments;

/// Forecast who joins, leaves, switches and stays when a flag or experiment changes
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  ffctl simulate-rollout enable_memory_v2 --to 5%,25%,50%,100% --synthetic 100000
  ffctl simulate-rollout personalization_v2 --synthetic 50000 --seed 7

A state is a percentage, on, off or a variation, or for --from a split; `default` (flags.toml alone), `env` (with variables) or \
`admin` (with overrides, as now); or another flags.toml, as a file or git:REVISION, under the variables and overrides of now.

Conditions: share, on, joins, leaves, switches, errors; a number or a percentage; or srm, a sample ratio mismatch.")]
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
    /// The split after, such as v2=75,v3=25; once for each step
    #[arg(long, value_name = "SHARES", conflicts_with = "to")]
    pub split: Vec<String>,
    /// Whom, when and how to count
    #[command(flatten)]
    pub rehearsal: RehearsalArguments,
    /// What the counts can show
    #[command(flatten)]
    pub statistics: StatisticsArguments,
}
