//! Options that ask a forecast what its counts can and cannot show.

use clap::Args;

/// Counts of production against the shares, and which difference can be seen when.
#[derive(Clone, Debug, Default, Args)]
pub struct StatisticsArguments {
    /// The users of each variant or variation as production counted them, such as control=5021,treatment=4873
    #[arg(long, value_name = "VARIANT=USERS", conflicts_with_all = ["emit_sql", "no_users"], help_heading = "Statistics")]
    pub observed: Option<String>,
    /// How many new users come in a day: which difference can be seen after how many days
    #[arg(
        long,
        value_name = "N",
        conflicts_with_all = ["emit_sql", "no_users"],
        value_parser = clap::value_parser!(u64).range(1..),
        help_heading = "Statistics"
    )]
    pub daily_users: Option<u64>,
    /// The rate without the change, such as 4.2% [default: 50%, of which a difference is hardest to see]
    #[arg(long, value_name = "PERCENT", requires = "daily_users", conflicts_with_all = ["emit_sql", "no_users"], help_heading = "Statistics")]
    pub baseline: Option<String>,
    /// Say the days until this difference is seen: 2% of the baseline, or 0.5pp (percentage points)
    #[arg(long, value_name = "PERCENT|POINTS", requires = "daily_users", conflicts_with_all = ["emit_sql", "no_users"], help_heading = "Statistics")]
    pub effect: Option<String>,
    /// How often a difference that is there is to be seen [default: 80%]
    #[arg(long, value_name = "PERCENT", requires = "daily_users", conflicts_with_all = ["emit_sql", "no_users"], help_heading = "Statistics")]
    pub power: Option<String>,
    /// How often a difference may be seen that is not there, on both sides together [default: 5%]
    #[arg(long, value_name = "PERCENT", requires = "daily_users", conflicts_with_all = ["emit_sql", "no_users"], help_heading = "Statistics")]
    pub alpha: Option<String>,
}
