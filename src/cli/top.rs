//! The program and its commands.

use clap::{Parser, Subcommand};

use super::bucketing::BucketingArguments;
use super::check::CheckArguments;
use super::completions::CompletionsArguments;
use super::context_show::ContextCommandArguments;
use super::diff::DiffArguments;
use super::doctor::DoctorArguments;
use super::drift::DriftArguments;
use super::explain::ExplainArguments;
use super::get::GetArguments;
use super::global::GlobalArguments;
use super::history::HistoryArguments;
use super::init::InitArguments;
use super::journal::JournalArguments;
use super::lint::LintArguments;
use super::list::ListArguments;
use super::login::{LoginArguments, LogoutArguments};
use super::man::ManArguments;
use super::profile::ProfileArguments;
use super::remove::RemoveArguments;
use super::serve::ServeArguments;
use super::set::SetArguments;
use super::simulate_rollout::SimulateArguments;
use super::snapshot::SnapshotArguments;
use super::token::TokenArguments;
use super::undo::UndoArguments;
use super::unset::UnsetArguments;
use super::variant_for_user::VariantArguments;
use super::watch::WatchArguments;

/// See every feature flag and why it has its value, change it safely, rehearse a rollout, gate a deploy
#[derive(Clone, Debug, Parser)]
#[command(
    name = "ffctl",
    version,
    disable_help_subcommand = true,
    subcommand_required = true,
    arg_required_else_help = true,
    max_term_width = 100,
    after_help = AFTER_HELP
)]
pub struct Cli {
    /// Options of every command.
    #[command(flatten)]
    pub global: GlobalArguments,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const AFTER_HELP: &str = "\
Layers: admin (overrides) > env (FF_* variables) > default (flags.toml).

Exit codes:
  0 done, yes · 1 no · 2 usage · 3 unknown flag · 4 credentials · 5 conflict
  6 unreachable · 7 invalid flags.toml or FF_* · 8 refused by a guard
  9 too old · 10 drift · 11 outcome unknown · 12 local file or store · 70 a bug

Examples:
  ffctl list                                  every flag, its state and source
  ffctl explain enable_memory_v2 --user u-42  why this user gets what they get";

/// The commands.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Show every flag: state, source, owner, overrides
    #[command(visible_alias = "ls")]
    List(ListArguments),
    /// Print the value of a flag, for everyone or for one context
    Get(GetArguments),
    /// Show why a flag has its value: layers, rules, trace
    Explain(ExplainArguments),
    /// Show what is known of a user, and where it comes from
    Context(ContextCommandArguments),
    /// Show what differs between layers, files, targets
    Diff(DiffArguments),
    /// Show where a server and this checkout disagree, and why
    Drift(DriftArguments),
    /// Tell what changes, as it changes: who, when, why
    Watch(WatchArguments),
    /// Change flags: switch, rollout, variation, users, orgs
    Set(SetArguments),
    /// Take back what a layer says of a flag
    Unset(UnsetArguments),
    /// Take a change back: your last one, or the one of a number
    Undo(UndoArguments),
    /// Show who changed what, when and why
    History(HistoryArguments),
    /// Keep what the overrides of a target are, and bring it back
    Snapshot(SnapshotArguments),
    /// Take flags out of flags.toml that nothing needs any more
    Remove(RemoveArguments),
    /// Forecast who joins, leaves and switches in a change
    SimulateRollout(Box<SimulateArguments>),
    /// Show which variant of an experiment a user gets, and why
    VariantForUser(VariantArguments),
    /// Show, find and change the formula that buckets users
    Bucketing(BucketingArguments),
    /// Check flags.toml and FF_* variables for mistakes, leftovers
    Lint(LintArguments),
    /// Tell by the exit code whether flags are as they must be
    Check(CheckArguments),
    /// Serve the admin API for a team, over a file or a database
    Serve(ServeArguments),
    /// Prove that the journal is the one that was written
    Journal(JournalArguments),
    /// Make, list and revoke the tokens of a server
    Token(TokenArguments),
    /// Write a commented starter flags.toml
    Init(InitArguments),
    /// Add, list, choose and remove named servers
    Profile(ProfileArguments),
    /// Keep the token of a profile, once its server accepted it
    Login(LoginArguments),
    /// Forget the token that is kept of a profile
    Logout(LogoutArguments),
    /// Look over settings, files, target, token, server
    Doctor(DoctorArguments),
    /// Print the script that completes what is typed in a shell
    Completions(CompletionsArguments),
    /// Print the manual page of ffctl or of a command
    Man(ManArguments),
}
