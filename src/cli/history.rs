//! `ffctl history`

use clap::Args;

/// Show who changed what, when and why
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  ffctl history
  ffctl history use_v3_style --since 7d --by ada")]
pub struct HistoryArguments {
    /// Only changes of this flag
    #[arg(value_name = "FLAG")]
    pub flag: Option<String>,
    /// Only changes since then: a time span such as 1h or 7d, a time such as 2026-11-22T09:30:00Z, or a day
    #[arg(long, value_name = "WHEN")]
    pub since: Option<String>,
    /// Only changes by this person or token
    #[arg(long, value_name = "WHO")]
    pub by: Option<String>,
    /// At most so many, the newest
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub limit: u32,
}
