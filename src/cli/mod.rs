//! The command line as clap reads it: definitions only, a file per command.
//!
//! What an option means is decided in `cmd/` and `settings/`.

mod bucketing;
mod change;
mod check;
mod completions;
mod context;
mod context_show;
mod diff;
mod doctor;
mod drift;
mod explain;
mod forecast_statistics;
mod get;
mod global;
mod history;
mod init;
mod journal;
mod lint;
mod list;
mod login;
mod man;
mod parse;
mod population;
mod profile;
mod rehearsal;
mod remove;
mod serve;
mod set;
mod simulate_rollout;
mod snapshot;
mod sql;
mod token;
mod top;
mod undo;
mod unset;
mod variant_for_user;
mod watch;
mod whole;

pub use bucketing::{
    BucketingAction, BucketingArguments, InferArguments, LanguageWord, MigrateArguments, PurposeWord,
    ShowArguments,
};
pub use change::{ChangeArguments, ConditionArguments, ConsentArguments, RepeatArguments};
pub use check::CheckArguments;
pub use completions::{CompletionsArguments, ShellWord};
pub use context::{AtArguments, ContextArguments};
pub use context_show::{ContextAction, ContextCommandArguments, ContextShowArguments};
pub use diff::DiffArguments;
pub use doctor::DoctorArguments;
pub use drift::{DriftArguments, DriftKind};
pub use explain::ExplainArguments;
pub use forecast_statistics::StatisticsArguments;
pub use get::{FieldWord, GetArguments};
pub use global::{ColorWord, FormatWord, GlobalArguments, ViewWord};
pub use history::HistoryArguments;
pub use init::InitArguments;
pub use journal::{JournalAction, JournalArguments, VerifyArguments};
pub use lint::LintArguments;
pub use list::{ListArguments, SourceWord, StateFilter};
pub use login::{LoginArguments, LogoutArguments};
pub use man::ManArguments;
pub use parse::parse;
pub use population::{PopulationArguments, PopulationForm};
pub use profile::{
    AddProfileArguments, ProfileAction, ProfileArguments, RemoveProfileArguments, ShowProfileArguments,
    UseProfileArguments,
};
pub use rehearsal::{RehearsalArguments, TimesArguments};
pub use remove::RemoveArguments;
pub use serve::{LevelWord, LogWord, ServeArguments};
pub use set::{LayerWord, SetArguments};
pub use simulate_rollout::SimulateArguments;
pub use snapshot::{
    DiffSnapshotArguments, RestoreSnapshotArguments, SaveSnapshotArguments, SnapshotAction, SnapshotArguments,
};
pub use sql::{DialectWord, SqlArguments};
pub use token::{CreateTokenArguments, RevokeTokenArguments, RoleWord, TokenAction, TokenArguments};
pub use top::{Cli, Command};
pub use undo::UndoArguments;
pub use unset::{UnsetArguments, UnsetField};
pub use variant_for_user::VariantArguments;
pub use watch::{ExecFail, WatchArguments};
pub use whole::definition;
