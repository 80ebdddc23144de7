//! What each command does: a file per command, composed of the rooms below through a [`Session`].
//!
//! Commands return answers and exit codes; they never print, never ask the environment, the clock or the
//! terminal themselves. What an answer looks like is `output/`; what it holds is `report/`.

mod again;
mod ask;
mod blame;
mod bucketing;
mod bucketing_notes;
mod change;
mod change_report;
mod check;
mod check_users;
mod complete;
mod completions;
mod conditions;
mod console;
mod context;
mod context_show;
mod diff;
mod diff_report;
mod directory;
mod emit_sql;
mod explain;
mod forecast_report;
mod forecast_verdict;
mod get;
mod history;
mod init;
mod journal;
mod lint;
mod lint_report;
mod list;
mod load;
mod man;
mod manual;
mod no_options;
mod population;
mod prepare;
mod prepare_env;
mod process;
mod progress;
mod remove;
mod run;
mod serve;
mod session;
mod set;
mod shell;
mod side;
mod simulate_rollout;
mod spelled;
mod states;
mod target;
mod token;
mod unchanged;
mod undo;
mod undo_file;
mod undo_target;
mod undo_words;
mod unset;
mod variant_for_user;
mod view;
mod wait;
mod write;

pub use process::{Process, Terminals};
pub use run::run;
