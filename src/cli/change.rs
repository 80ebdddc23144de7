//! Options of every command that writes.

use clap::Args;

/// How to write, or whether to.
#[derive(Clone, Debug, Default, Args)]
pub struct ConsentArguments {
    /// Show what would change; write nothing
    #[arg(short = 'n', long, help_heading = "Safety")]
    pub dry_run: bool,
    /// Do not ask; without a terminal the target must then be named too (--local, --store or --profile)
    #[arg(short, long, help_heading = "Safety")]
    pub yes: bool,
    /// Confirm a change of a protected profile by its name; refused where nothing is protected
    #[arg(long, value_name = "NAME", help_heading = "Safety")]
    pub confirm: Option<String>,
}

/// How to change flags, or whether to.
#[derive(Clone, Debug, Default, Args)]
pub struct ChangeArguments {
    /// Whether to.
    #[command(flatten)]
    pub consent: ConsentArguments,
    /// Why; goes into the journal
    #[arg(short = 'm', long = "reason", value_name = "REASON", help_heading = "Safety", value_parser = reason)]
    pub reason: Option<String>,
    /// Change a frozen profile all the same, and say why; goes into the journal
    #[arg(long, value_name = "REASON", help_heading = "Safety", value_parser = reason)]
    pub override_freeze: Option<String>,
}

impl ChangeArguments {
    /// Returns why, as the journal says it.
    pub fn why(&self) -> Option<String> {
        let broken = self.override_freeze.as_ref().map(|why| format!("freeze overridden: {why}"));
        match (&self.reason, broken) {
            (Some(reason), Some(broken)) => Some(format!("{reason} ({broken})")),
            (None, broken) => broken,
            (reason, None) => reason.clone(),
        }
    }
}

/// What must be so for a change to be made.
#[derive(Clone, Debug, Default, Args)]
pub struct ConditionArguments {
    /// Only if it is so now: on, off, partial, a percentage, a variation; of several flags each
    #[arg(long = "if", value_name = "STATE", help_heading = "Safety")]
    pub only_if: Option<String>,
}

/// How to repeat a change whose answer was lost.
#[derive(Clone, Debug, Default, Args)]
pub struct RepeatArguments {
    /// Name this attempt: repeated under the same key it changes nothing twice
    #[arg(long, value_name = "KEY", help_heading = "Safety")]
    pub idempotency_key: Option<String>,
}

/// Reads a reason; an empty one, as from a variable that is not set, would stand in the journal for nothing.
pub(super) fn reason(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("a reason says something; leave the option out for none".to_owned()),
        _ => Ok(text.to_owned()),
    }
}
