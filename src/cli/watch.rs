//! `ffctl watch`

use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::settings::parse_duration;

/// Tell what changes, as it changes: who, when, why
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  ffctl watch use_v3_style 'enable_*' --for 1s
  ffctl watch --until use_v3_style=off --for 10m -o jsonl

Only what changes is told, a line each: what a flag was and is, who changed it
and why if the journal says so; and when the target can not be reached any more,
and can be again. What happened meanwhile is told then. A server tells by its
events; one that has none, and a local store, is asked every --interval.

The command of --exec is run by `sh -c` once for each line, one after the other,
with the line as JSON on its standard input and FFCTL_WATCH_EVENT, _FLAG, _WAS,
_IS, _SOURCE, _BY, _REASON, _JOURNAL, _AT, _MESSAGE and _TARGET set. No value
becomes a part of the command: write \"$FFCTL_WATCH_FLAG\", in quotes. What it
prints goes to standard error.

A target that is away is asked again and again, from the first look on: it may
just be starting. One that was asked too often (429) is left alone for as long as
it says.

Ends with 0 when --for is over or the conditions of --until hold; where they do
not in time, with the code that `ffctl check --wait` has for it, and with 6 where
the target was never there. What does not
pass by itself ends it: 3 unknown · 4 credentials · 6 no admin API there")]
pub struct WatchArguments {
    /// Only these flags: names or patterns with * and ?
    #[arg(value_name = "PATTERN")]
    pub names: Vec<String>,
    /// End with 0 as soon as this holds: a condition of `ffctl check`, such as flag=on; several: as soon as all do
    #[arg(long, value_name = "FLAG=STATE")]
    pub until: Vec<String>,
    /// End after this time
    #[arg(long = "for", value_name = "DURATION", value_parser = parse_duration)]
    pub lasts: Option<Duration>,
    /// How often a target is asked that has no events [default: 5s, a local store 1s]
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    pub interval: Option<Duration>,
    /// Run this for each line
    #[arg(long, value_name = "SHELL COMMAND")]
    pub exec: Option<String>,
    /// How long that command may run; then it is killed, which is a failure
    #[arg(long, value_name = "DURATION", value_parser = parse_duration, default_value = "30s", requires = "exec")]
    pub exec_timeout: Duration,
    /// What follows when that command fails
    #[arg(long, value_enum, value_name = "WHAT", default_value = "note", requires = "exec")]
    pub exec_fail: ExecFail,
}

/// The words of `--exec-fail`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExecFail {
    /// Say so and go on
    Note,
    /// End with 12
    Stop,
}
