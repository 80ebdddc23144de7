//! `ffctl lint`

use std::path::PathBuf;

use clap::Args;

/// Check flags.toml and the FF_* variables: mistakes, leftovers, rules and values without effect
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  ffctl lint --deny shadowed-rule,closed-gate
  ffctl lint -o sarif --allow unused-segment

Ends with 7 where something cannot be read (errors), with 1 where --deny names what was found,
else with 0; CI mostly wants --deny warnings. `ffctl lint --rules` lists the rules,
`--explain RULE` says why one matters.")]
pub struct LintArguments {
    /// The file to check [default: that of --flags]
    #[arg(value_name = "FILE", conflicts_with = "flags_file")]
    pub file: Option<PathBuf>,
    /// Also check this env file, as the variables of another environment
    #[arg(long, value_name = "FILE")]
    pub environment: Vec<PathBuf>,
    /// End with 1 on findings of this severity or rule: warnings, notes, or a rule
    #[arg(long, value_delimiter = ',', value_name = "WHAT")]
    pub deny: Vec<String>,
    /// Leave out the findings of this rule; errors always count
    #[arg(long, value_delimiter = ',', value_name = "RULE")]
    pub allow: Vec<String>,
    /// List the rules
    #[arg(long, conflicts_with_all = ["file", "environment", "deny", "allow"])]
    pub rules: bool,
    /// Say what a rule finds and why that matters
    #[arg(long, value_name = "RULE", conflicts_with_all = ["file", "environment", "deny", "allow", "rules"])]
    pub explain: Option<String>,
}
