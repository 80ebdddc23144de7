//! The answer of every command that writes: what would change, and the receipt of what did.

use serde::Serialize;

use crate::layer::Source;
use crate::model::Timestamp;

use super::common::{Note, Report, StateWord, TargetReport};

/// A change: planned, refused by nobody, and written unless it is a dry run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangeReport {
    /// Where it is written: the store, the server, or the file.
    pub target: TargetReport,
    /// The layer that it changes.
    pub layer: Source,
    /// `planned` (a dry run), `unchanged` (nothing to do) or `written`.
    pub outcome: &'static str,
    /// The flags, in the order asked.
    pub flags: Vec<FlagChange>,
    /// The lines of a file that go and come, where a change is one of text: an undo, a removal.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<LinesChange>,
    /// Why, in the words of who changes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When what it sets ends by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// In how long that is.
    #[serde(skip)]
    pub ends: String,
    /// The receipt of what was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Receipt>,
    /// What is worth a word.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    /// The guards of the profile that refuse it: what a dry run says, since nothing else gets so far.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub refused_by: Vec<RefusalReport>,
    /// Whether a person at the terminal has just seen the plan and need not read it again.
    #[serde(skip)]
    pub shown: bool,
}

impl Report for ChangeReport {
    const SCHEMA: &'static str = "ffctl.change/1";
}

/// A guard that refuses a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RefusalReport {
    /// Its key in config.toml: `freeze`, `max_step` or `require_reason`.
    pub guard: &'static str,
    /// What it refuses.
    pub message: String,
    /// Where it stands: file and line.
    pub place: String,
}

/// Lines of a file that change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LinesChange {
    /// The first of them, from 1, in the file as it was.
    pub line: usize,
    /// Those that go.
    pub removed: Vec<String>,
    /// Those that come.
    pub added: Vec<String>,
}

/// What changes of one flag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FlagChange {
    /// The flag.
    pub name: String,
    /// The fields that change in the layer, in order.
    pub fields: Vec<FieldChange>,
    /// The state before.
    pub before: StateWord,
    /// The state before, in short.
    pub before_summary: String,
    /// The state after.
    pub after: StateWord,
    /// The state after, in short.
    pub after_summary: String,
    /// What a person should know: a rollout that stays in force, a higher layer that masks the change.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

/// One field that changes in the layer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    /// `enabled`, `rollout`, `serve`, `user u-42`, `org acme`.
    pub field: String,
    /// What the layer said; null where it said nothing.
    pub old: Option<String>,
    /// What it says now; null where it says nothing any more.
    pub new: Option<String>,
    /// When what the layer said ended by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_ends: Option<Timestamp>,
    /// When what it says now does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_ends: Option<Timestamp>,
    /// The other layer whose value counted before, and the value: `default 25%`; where the change is masked, the
    /// layer that masks it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub over: Option<String>,
    /// Whether the change is without effect because a higher layer says otherwise.
    pub masked: bool,
    /// What masks it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub masked_by: Option<MaskReport>,
    /// After a field was taken out, the layer whose value counts then, and the value: `default 25%`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub then: Option<String>,
}

/// What keeps a change from having an effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MaskReport {
    /// Its layer.
    pub source: Source,
    /// The value that counts instead.
    pub value: String,
    /// Where it stands: `journal 17`, `FF_X`, `.env:3 FF_X`.
    pub place: String,
    /// The command that takes it away, so that the change counts.
    pub fix: String,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Receipt {
    /// The number in the journal: `17`, or `L17` for a file; null where the target keeps none.
    pub journal: Option<String>,
    /// The hash of that entry, which chains it to all before it; `ffctl journal verify` recomputes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head: Option<String>,
    /// Whether the change was read back and found.
    pub read_back: bool,
    /// The command that undoes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undo: Option<String>,
}
