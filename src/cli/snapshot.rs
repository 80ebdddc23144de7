//! `ffctl snapshot`

use clap::{Args, Subcommand};

use super::change::{ChangeArguments, RepeatArguments};

/// Keep what the overrides of a target are, and bring it back
#[derive(Clone, Debug, Args)]
#[command(
    arg_required_else_help = true,
    disable_help_subcommand = true,
    after_help = "\
Examples:
  ffctl snapshot save before-the-launch --comment 'all was well'
  ffctl snapshot list

In an incident: save what is, change, and bring back what was. A name is kept in
the user's folder for state; a word with a slash, or .json at its end, is a
file. What would be changed, and the change, which `ffctl undo` takes back:
  ffctl snapshot diff before-the-launch
  ffctl snapshot restore before-the-launch"
)]
pub struct SnapshotArguments {
    /// What to do
    #[command(subcommand)]
    pub action: SnapshotAction,
}

/// What `snapshot` does.
#[derive(Clone, Debug, Subcommand)]
pub enum SnapshotAction {
    /// Save all overrides of the target, and what they come to
    Save(SaveSnapshotArguments),
    /// Bring the overrides back, in one change that can be undone
    Restore(RestoreSnapshotArguments),
    /// Show what a restore would change, or what differs between two snapshots
    Diff(DiffSnapshotArguments),
    /// List the snapshots that are kept by name
    List,
}

/// Save all overrides of the target
#[derive(Clone, Debug, Args)]
pub struct SaveSnapshotArguments {
    /// A name, or a file: ./before.json
    #[arg(value_name = "SNAPSHOT")]
    pub name: String,
    /// What for; stands in the snapshot
    #[arg(long, value_name = "TEXT")]
    pub comment: Option<String>,
    /// Replace a snapshot of that name
    #[arg(long)]
    pub replace: bool,
}

/// Bring the overrides back
#[derive(Clone, Debug, Args)]
pub struct RestoreSnapshotArguments {
    /// The snapshot, by its name or its file
    #[arg(value_name = "SNAPSHOT")]
    pub name: String,
    /// Only these flags: names or patterns with * and ?
    #[arg(long, value_name = "PATTERN", value_delimiter = ',')]
    pub only: Vec<String>,
    /// Also take back overrides of flags that the snapshot does not know
    #[arg(long)]
    pub exact: bool,
    /// Restore what was saved from another target: its profile, or its address
    #[arg(long, value_name = "TARGET", help_heading = "Safety")]
    pub saved_from: Option<String>,
    /// How to write
    #[command(flatten)]
    pub change: ChangeArguments,
    /// How to repeat
    #[command(flatten)]
    pub repeat: RepeatArguments,
}

/// Show what a restore would change
#[derive(Clone, Debug, Args)]
pub struct DiffSnapshotArguments {
    /// The snapshot, by its name or its file
    #[arg(value_name = "SNAPSHOT")]
    pub name: String,
    /// Another one, which the first is compared with instead of what is now
    #[arg(value_name = "OTHER")]
    pub other: Option<String>,
}
