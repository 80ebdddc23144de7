//! `ffctl check`

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::settings::parse_duration;

use super::context::ContextArguments;

/// Tell by the exit code whether flags are as they must be
#[derive(Clone, Debug, Default, Args)]
#[command(after_help = "\
Examples:
  ffctl check use_v3_style=off --at-least enable_memory_v2=25%
  ffctl check style_prompt=v3 --user u-42 --attr email=ada@agpt.co

Conditions, quoted where a shell would take < or > for a redirection:
  flag=on, flag=off          for everyone; with a context, for it
  'flag>=25%' (<=, <, >, =)  so much of everybody is on
  flag=VARIATION             everyone gets it; with a context, it does
  experiment:USER=VARIANT    this user gets it; flag:USER=on likewise
  flag=enabled, =disabled    the switch alone, whoever is on
  flag=partial               not the same for everyone

A share is of everybody, whatever their contexts: 'flag>=25%' holds only if no
group has less, and even one user that is switched off is a group. What is
counted is what the flag is bucketed by; who lacks that is left out.

Exit codes, the first that applies: 2 a mistake in a condition · 7 invalid
3 unknown · 4 credentials · 6 unreachable · 9 too old · 10 drift (see --view)
1 a condition does not hold · 0 all hold")]
pub struct CheckArguments {
    /// What must be so: flag=on, 'flag>=25%', flag=VARIATION, experiment:USER=VARIANT, flag=enabled
    #[arg(value_name = "CONDITION")]
    pub conditions: Vec<String>,
    /// At least so much of everybody is on; needs no quotes, as 'flag>=25%' does
    #[arg(long, value_name = "FLAG=PERCENT")]
    pub at_least: Vec<String>,
    /// At most so much of everybody is on
    #[arg(long, value_name = "FLAG=PERCENT")]
    pub at_most: Vec<String>,
    /// Read conditions from a file or standard input (-): one a line, # begins a comment
    #[arg(long, value_name = "FILE|-")]
    pub from: Option<PathBuf>,
    /// For whom
    #[command(flatten)]
    pub context: ContextArguments,
    /// Judge by the key alone where the user directory cannot be asked (else 6) or knows no such user (else 3)
    #[arg(long, requires = "directory", help_heading = "Context")]
    pub allow_bare_user: bool,
    /// Ask again until all hold, for so long at most, such as 5m
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    pub wait: Option<Duration>,
}
