//! Options of commands that count who joins, leaves and switches.

use std::path::PathBuf;

use clap::Args;

use super::context::AtArguments;
use super::population::PopulationArguments;
use super::sql::SqlArguments;

/// Whom a change is rehearsed on, at what time, and how the answer is counted.
#[derive(Clone, Debug, Default, Args)]
pub struct RehearsalArguments {
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
    /// Count by org, segment, rule (what decides) or an attribute; may be repeated
    #[arg(long, value_name = "org|segment|rule|ATTRIBUTE", value_delimiter = ',', help_heading = "Answer")]
    pub by: Vec<String>,
    /// Write the ids of all users that join to this file
    #[arg(long, value_name = "FILE", help_heading = "Answer")]
    pub joins: Option<PathBuf>,
    /// End with 1 if this holds after the last step, such as 'share>30%', 'leaves>0' or srm
    #[arg(long, value_name = "CONDITION", help_heading = "Answer")]
    pub fail_if: Vec<String>,
    /// Hold the last state against other flags and experiments, or all: do the same users get both?
    #[arg(long, value_name = "FLAG|EXPERIMENT", value_delimiter = ',', help_heading = "Statistics")]
    pub overlap: Vec<String>,
    /// The query instead
    #[command(flatten)]
    pub sql: SqlArguments,
}
