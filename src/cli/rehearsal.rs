//! Options of commands that count who joins, leaves and switches.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::context::AtArguments;
use super::population::PopulationArguments;
use super::sql::SqlArguments;
use crate::settings::parse_duration;

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
    /// Count nobody: say what the configuration alone says of all users
    #[arg(
        long,
        conflicts_with_all = ["population", "synthetic", "seed", "at", "by", "joins", "fail_if", "between", "emit_sql", "overlap"],
        help_heading = "Population"
    )]
    pub no_users: bool,
    /// Leave the SHA-256 of the population out of the answer: it takes half a second a gigabyte
    #[arg(long, requires = "population", conflicts_with_all = ["synthetic", "no_users"], help_heading = "Population")]
    pub no_digest: bool,
    /// When
    #[command(flatten)]
    pub at: AtArguments,
    /// At which times
    #[command(flatten)]
    pub times: TimesArguments,
    /// Count by org, segment, rule (what decides) or an attribute; may be repeated
    #[arg(long, value_name = "org|segment|rule|ATTRIBUTE", value_delimiter = ',', help_heading = "Answer")]
    pub by: Vec<String>,
    /// Write the ids of all users that join to this file, which is new or empty
    #[arg(long, value_name = "FILE", help_heading = "Answer")]
    pub joins: Option<PathBuf>,
    /// Write the answer as a page for a browser to this file as well, to be sent around
    #[arg(long, value_name = "FILE.html", help_heading = "Answer")]
    pub report: Option<PathBuf>,
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

/// At which times the last state is looked at.
#[derive(Clone, Debug, Default, Args)]
pub struct TimesArguments {
    /// Look at the last state at times from A to B as well, both included, each a time or a day: ends of overrides and
    /// account ages move users
    #[arg(long, value_name = "A..B", conflicts_with_all = ["at", "emit_sql"], help_heading = "Context")]
    pub between: Option<String>,
    /// How far these times are apart [default: 1d]
    #[arg(long, value_name = "DURATION", requires = "between", value_parser = parse_duration, help_heading = "Context")]
    pub every: Option<Duration>,
}
