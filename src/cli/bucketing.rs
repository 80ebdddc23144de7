//! `ffctl bucketing`

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::rehearsal::RehearsalArguments;

/// Show, find and change the formula that buckets users
#[derive(Clone, Debug, Args)]
#[command(
    arg_required_else_help = true,
    disable_help_subcommand = true,
    after_help = "\
Examples:
  ffctl bucketing show posthog --as python
  ffctl bucketing migrate enable_memory_v2 --to posthog --synthetic 20000

In flags.toml: [bucketing] algorithm = \"posthog\", or bucketing = \"posthog\" in a flag or an experiment. Every \
answer in JSON names the algorithm. A formula of one's own is a table: [bucketing.custom.NAME] with hash, template, slice, \
reduce, seed, offset, compare and precision; docs/bucketing.md has them all."
)]
pub struct BucketingArguments {
    /// What to do
    #[command(subcommand)]
    pub action: BucketingAction,
}

/// What `bucketing` does.
#[derive(Clone, Debug, Subcommand)]
pub enum BucketingAction {
    /// List the algorithms, known ones and those of flags.toml, and what uses them
    List,
    /// Show one algorithm: what is hashed, and how that becomes a bucket
    Show(ShowArguments),
    /// Find the formula that production uses, from users that were seen on or off
    Infer(InferArguments),
    /// Forecast who flips when a flag or experiment is bucketed by another algorithm
    Migrate(Box<MigrateArguments>),
}

/// Show one algorithm: what is hashed, and how that becomes a bucket
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  ffctl bucketing show launchdarkly
  ffctl bucketing show sha256-8 --as sql")]
pub struct ShowArguments {
    /// The algorithm
    #[arg(value_name = "ALGORITHM")]
    pub name: String,
    /// Print the lines that compute the same bucket there
    #[arg(long = "as", value_enum, value_name = "LANGUAGE")]
    pub language: Option<LanguageWord>,
    /// Of which record: of rollouts, or of splits and experiments [default: both where they differ]
    #[arg(long = "for", value_enum, value_name = "PURPOSE")]
    pub purpose: Option<PurposeWord>,
    /// The seed, for an algorithm that takes one
    #[arg(long, value_name = "N")]
    pub hash_seed: Option<u32>,
}

/// Find the formula that production uses, from users that were seen on or off
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  ffctl bucketing infer observed.csv --percent 30 --key new_checkout
  ffctl bucketing infer - --percent 12.5% --key new_checkout --salt 61d2 < observed.csv

The observations are CSV with a header: the user's id, and whether they were on (true, 1, on, yes and the like). Some twenty users \
tell one formula from ten thousand; the rest must confirm it, all of them: no mismatch is tolerated. Ends with 0 if one \
formula is left and chance is ruled out, else with 1.")]
pub struct InferArguments {
    /// The observations: CSV with a header; a file or standard input (-)
    #[arg(value_name = "FILE|-")]
    pub observed: PathBuf,
    /// The percentage at which they were made
    #[arg(long, value_name = "PERCENT", required = true)]
    pub percent: String,
    /// A name that may be hashed: the flag's key [default: all flags and experiments of flags.toml]
    #[arg(long, value_name = "KEY")]
    pub key: Vec<String>,
    /// A text that may be hashed as the salt
    #[arg(long, value_name = "TEXT")]
    pub salt: Vec<String>,
    /// A seed that may be used beside the usual ones
    #[arg(long, value_name = "N")]
    pub hash_seed: Vec<u32>,
    /// The column with the user's id [default: the usual names of an id, else the first]
    #[arg(long, value_name = "NAME")]
    pub id_column: Option<String>,
    /// The column that says whether they were on [default: on, enabled or value, else the last]
    #[arg(long, value_name = "NAME")]
    pub on_column: Option<String>,
}

/// Forecast who flips when a flag or experiment is bucketed by another algorithm
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  ffctl bucketing migrate enable_memory_v2 --to posthog
  ffctl bucketing migrate personalization_v2 --to launchdarkly --hash-seed 61 --synthetic 50000

At 0% and at 100% nobody flips, whatever the algorithm: that is when to change it.")]
pub struct MigrateArguments {
    /// The flag or experiment
    #[arg(value_name = "FLAG|EXPERIMENT")]
    pub name: String,
    /// The algorithm after
    #[arg(long, value_name = "ALGORITHM")]
    pub to: String,
    /// The seed of that algorithm, if it takes one
    #[arg(long, value_name = "N")]
    pub hash_seed: Option<u32>,
    /// Whom, when and how to count
    #[command(flatten)]
    pub rehearsal: RehearsalArguments,
}

/// The words of `--as`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LanguageWord {
    /// Python 3, its standard library alone
    Python,
    /// `PostgreSQL`
    #[value(help = "PostgreSQL")]
    Sql,
    /// JavaScript for Node.js
    Js,
    /// Rust with the crates of `RustCrypto`
    #[value(help = "Rust with the crates of RustCrypto")]
    Rust,
}

/// The words of `--for`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PurposeWord {
    /// Rollouts: who is in
    Rollout,
    /// Splits and experiments: who gets what
    Variant,
}
