//! The answer of `check`.

use serde::Serialize;

use crate::check::{Condition, Outcome, Verdict};
use crate::layer::{Drift, Origin, Source};
use crate::model::Reason;

use super::common::{FreshnessReport, Note, Report, TargetReport};
use super::directory::DirectoryReport;
use super::explain::{BucketReport, ContextReport};

/// The verdicts on all conditions.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CheckReport {
    /// Whether all of them hold.
    pub holds: bool,
    /// The exit code of the process.
    pub exit: u8,
    /// The conditions in the order asked.
    pub conditions: Vec<ConditionReport>,
    /// How many there are.
    pub count: CheckCount,
    /// For whom; absent where everybody is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<ContextReport>,
    /// Whose word on the switch counts, `checkout` or `server`; absent if nobody has chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub view: Option<&'static str>,
    /// How long was waited for them to hold, in whole seconds; absent where that was not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waited_seconds: Option<u64>,
    /// What the admin layer was read from, or was to be; null where that could not be told.
    pub target: Option<TargetReport>,
    /// How old its answer is; null where there is none.
    pub freshness: Option<FreshnessReport>,
    /// What is worth a word.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

impl Report for CheckReport {
    const SCHEMA: &'static str = "ffctl.check/1";
}

/// How many conditions there are, by what came of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CheckCount {
    /// In all.
    pub total: usize,
    /// Hold.
    pub hold: usize,
    /// Fail or hold in part: the answer is no.
    pub fail: usize,
    /// Have no answer.
    pub unclear: usize,
}

impl CheckCount {
    /// Counts conditions.
    pub fn of(conditions: &[ConditionReport]) -> Self {
        let of = |wanted: &dyn Fn(Outcome) -> bool| {
            conditions.iter().filter(|condition| wanted(condition.outcome)).count()
        };
        let (hold, fail) = (of(&|outcome| outcome == Outcome::Holds), of(&Outcome::is_no));
        Self { total: conditions.len(), hold, fail, unclear: conditions.len() - hold - fail }
    }
}

/// One condition and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ConditionReport {
    /// The condition: `enable_memory_v2>=25%`.
    pub condition: String,
    /// The flag or experiment.
    pub name: String,
    /// The one user that the condition names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// What came of looking that user up, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub directory: Option<DirectoryReport>,
    /// What is wanted: `on`, `>=25%`, `v3`.
    pub wanted: String,
    /// `holds`, `fails`, `partial`, `unknown`, `stale`, `unreachable`, `drift` or `invalid`.
    pub outcome: Outcome,
    /// Whether it holds.
    pub holds: bool,
    /// The exit code that stands for the outcome.
    pub exit: u8,
    /// What is so: `off`, `25% + 2 orgs`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actual: Option<String>,
    /// Why, where the outcome alone does not say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// Why the context got it, where one was asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// The bucket that decided it, with its threshold and algorithm.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bucket: Option<BucketReport>,
    /// The layer of the value that decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// Where that value stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// What the server sees otherwise.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub drift: Vec<DriftReport>,
}

impl ConditionReport {
    /// Returns the report of a verdict.
    pub fn new(condition: &Condition, verdict: &Verdict) -> Self {
        let decided = verdict.decided.as_ref();
        Self {
            condition: condition.to_string(),
            name: condition.name.clone(),
            user: condition.user.clone(),
            directory: None,
            wanted: condition.test.to_string(),
            outcome: verdict.outcome,
            holds: verdict.outcome == Outcome::Holds,
            exit: verdict.exit,
            actual: verdict.actual.clone(),
            message: verdict.message.clone(),
            hint: verdict.hint.clone(),
            reason: verdict.reason,
            bucket: None,
            source: decided.map(|decided| decided.source),
            origin: decided.map(|decided| decided.origin.clone()),
            drift: verdict.drift.iter().map(DriftReport::from).collect(),
        }
    }

    /// Returns what came of it in one line: `partial: 25% + 2 orgs`, `unknown: there is no flag …`; of one that
    /// holds what is so.
    pub fn answer(&self) -> String {
        let facts: Vec<&str> = match self.outcome {
            // What is drifting has no one value.
            Outcome::Drift => vec![self.message.as_deref()],
            _ => vec![self.actual.as_deref(), self.message.as_deref()],
        }
        .into_iter()
        .flatten()
        .collect();
        match (self.outcome, facts.as_slice()) {
            (Outcome::Holds, facts) => facts.join("; "),
            (outcome, []) => outcome.word().to_owned(),
            (outcome, facts) => format!("{}: {}", outcome.word(), facts.join("; ")),
        }
    }
}

/// A switch that the server sees otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DriftReport {
    /// The flag.
    pub flag: String,
    /// The switch as this checkout resolves it.
    pub here: bool,
    /// The server's own.
    pub server: bool,
    /// The source that the server names.
    pub source: String,
}

impl From<&Drift> for DriftReport {
    fn from(drift: &Drift) -> Self {
        let Drift { flag, here, server, source } = drift;
        Self { flag: flag.to_string(), here: *here, server: *server, source: source.clone() }
    }
}
