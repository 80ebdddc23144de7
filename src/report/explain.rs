//! The answer of `explain`: the layer stack of every field, and the trace of an evaluation.

use serde::Serialize;
use utoipa::ToSchema;

use crate::bucket::{Algorithm, Number};
use crate::layer::{Origin, Source};
use crate::model::{Reason, Timestamp, Value, VariationName, Weight};

use super::common::{FreshnessReport, Note, Report, TargetReport};
use super::directory::DirectoryReport;
use super::flag::FlagReport;

/// Why a flag has its value.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ExplainReport {
    /// The flag as it is in effect.
    pub flag: FlagReport,
    /// Every field with all that the layers say of it, in the order of evaluation.
    pub fields: Vec<FieldReport>,
    /// What flags.toml alone defines.
    pub definition: DefinitionReport,
    /// The evaluation, where a context was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evaluation: Option<EvaluationReport>,
    /// What the admin layer was read from.
    pub target: TargetReport,
    /// How old its answer is.
    pub freshness: FreshnessReport,
    /// What is worth a word.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

impl Report for ExplainReport {
    const SCHEMA: &'static str = "ffctl.explain/1";
}

/// One field as the layers have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldReport {
    /// `enabled`, `rollout`, `serve`, `user u-42`, `org acme`.
    pub field: String,
    /// What each layer says, highest first: the first one wins.
    pub settings: Vec<SettingReport>,
}

/// What one layer says of one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SettingReport {
    /// The value.
    pub value: String,
    /// Its layer.
    pub source: Source,
    /// Where it stands.
    pub origin: Origin,
    /// Who set it, where the journal says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// When it ends by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// These three in words, as seen from now: `by ada, 2h ago`.
    #[serde(skip)]
    pub detail: Option<String>,
    /// Whether it is the one that counts.
    pub wins: bool,
}

/// What flags.toml alone defines.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DefinitionReport {
    /// What goes into the hash beside the unit: the salt or the name.
    pub hash_key: String,
    /// Whose bucket counts, such as `user` or `org.plan`.
    pub bucket_by: String,
    /// The bucketing algorithm.
    pub algorithm: Algorithm,
    /// Prerequisites as `flag = variation`, with their places.
    pub prerequisites: Vec<String>,
    /// The targeting rules.
    pub rules: Vec<RuleReport>,
    /// Names and values of the variations, the one that is served when off marked.
    pub variations: Vec<(VariationName, Value)>,
    /// The variation served when the flag is off.
    pub off: Option<VariationName>,
}

/// One targeting rule in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleReport {
    /// Its position, from 1.
    pub rule: usize,
    /// Its name.
    pub name: Option<String>,
    /// Its clauses in words: `email_domain is one of "agpt.co"`.
    pub clauses: Vec<String>,
    /// The share of those who match that is served.
    pub rollout: Weight,
    /// What they are served, in words: `on`, `v2 90 / v3 10`.
    pub serve: String,
    /// Where it stands.
    pub origin: Option<Origin>,
}

/// For whom an evaluation was made.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ContextReport {
    /// The context as JSON.
    pub context: Value,
    /// The time at which it was evaluated, RFC 3339.
    pub at: String,
    /// The context in short: `user u-42, org acme, 2 attributes`.
    pub summary: String,
    /// What came of looking its user up, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub directory: Option<DirectoryReport>,
}

impl ContextReport {
    /// Adds what came of looking its user up, if that was asked for.
    #[must_use]
    pub fn with_directory(mut self, directory: Option<DirectoryReport>) -> Self {
        if let Some(directory) = &directory {
            self.summary = format!("{} ({})", self.summary, directory.words());
        }
        self.directory = directory;
        self
    }
}

/// One evaluation with its trace.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EvaluationReport {
    /// For whom.
    pub context: ContextReport,
    /// The value served.
    pub value: Value,
    /// The variation served.
    pub variation: VariationName,
    /// Whether that is something else than the flag serves when it is off.
    pub on: bool,
    /// Why.
    pub reason: Reason,
    /// What kept the evaluation from being finished.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_code: Option<&'static str>,
    /// Every step tried, in order.
    pub trace: Vec<StepReport>,
}

/// One step of an evaluation.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct StepReport {
    /// `switch`, `prerequisite`, `user`, `org`, `rule`, `rollout`, `split`, `serve`, `gate`.
    #[schema(value_type = String)]
    pub step: &'static str,
    /// What was tried, in words: `rule 1 "employees first"`.
    pub subject: String,
    /// `decided`, `passed` (on to the next step) or `missed` (did not match, on to the next step).
    #[schema(value_type = String)]
    pub outcome: &'static str,
    /// What it served, if it decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub served: Option<VariationName>,
    /// Why, in words: `bucket 17432 of 100000 is not below 25000`.
    pub detail: String,
    /// The clauses of a rule.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub clauses: Vec<ClauseReport>,
    /// The bucket, where one was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bucket: Option<BucketReport>,
    /// Where the step stands, if it stands in a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub origin: Option<Origin>,
}

/// One clause as it was tried.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ClauseReport {
    /// The clause in words: `account_age_days is less than 7`.
    pub clause: String,
    /// What the context has there; null where it has nothing.
    #[schema(required)]
    pub actual: Option<Value>,
    /// What it has there, in words: `12`, `"agpt.com"`, `missing`, `not a number: "x"`.
    pub actual_text: String,
    /// What was wanted, in words.
    pub wanted: String,
    /// Whether it matches.
    pub matched: bool,
}

/// A bucket and what it was held against.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct BucketReport {
    /// The bucket as the algorithm counts it; null without a unit.
    #[schema(value_type = Option<f64>, required)]
    pub bucket: Option<Number>,
    /// How many buckets there are, or what stands for everyone where they are not counted: 1.0 or 100.0.
    #[schema(value_type = f64)]
    pub total: Number,
    /// For a rollout what the bucket is compared with. For a split the first bucket beyond the variation's.
    #[schema(value_type = f64)]
    pub threshold: Number,
    /// For a split: the first bucket of the variation's.
    #[schema(value_type = f64)]
    pub from: Number,
    /// How the bucket is compared: `<` or `<=`.
    #[schema(value_type = String)]
    pub compare: &'static str,
    /// The smallest rollout that has this unit in, such as `17.433%`; for rollouts only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub in_at: Option<Weight>,
    /// What is hashed, with the unit: `rollout:enable_memory_v2:u-42`.
    #[schema(required)]
    pub input: Option<String>,
    /// What was bucketed by.
    pub by: String,
    /// The algorithm.
    #[schema(value_type = String)]
    pub algorithm: Algorithm,
}
