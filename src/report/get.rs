//! The answer of `get`.

use serde::Serialize;
use utoipa::ToSchema;

use crate::bucket::Algorithm;
use crate::layer::Source;
use crate::model::{Reason, Value, VariationName};

use super::common::{FreshnessReport, Note, Report, StateWord, TargetReport};
use super::explain::{BucketReport, ContextReport};

/// The flags asked for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GetReport {
    /// One answer a flag, in the order asked.
    pub flags: Vec<Answer>,
    /// For whom; absent where everybody is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<ContextReport>,
    /// What the admin layer was read from.
    pub target: TargetReport,
    /// How old its answer is.
    pub freshness: FreshnessReport,
    /// What is worth a word.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    /// The field that `--field` asked for; decides what the table prints, not what JSON has.
    #[serde(skip)]
    pub field: Option<&'static str>,
}

impl Report for GetReport {
    const SCHEMA: &'static str = "ffctl.get/1";
}

/// One flag's answer.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = FlagAnswer)]
pub struct Answer {
    /// The flag.
    pub name: String,
    /// The value; null where not everyone gets the same and no context was given.
    #[schema(required)]
    pub value: Option<Value>,
    /// The variation; null likewise.
    #[schema(value_type = Option<String>, required)]
    pub variation: Option<VariationName>,
    /// With a context `on` or `off`; without one also `partial`.
    pub state: StateWord,
    /// The state in short: `25% + 2 orgs`.
    pub summary: String,
    /// The switch alone.
    #[schema(required)]
    pub enabled: Option<bool>,
    /// The layer that sets the switch.
    #[schema(value_type = String)]
    pub source: Source,
    /// The rollout, the variation or the split that everybody else gets, in short.
    pub rollout: String,
    /// The layer that sets it.
    #[schema(value_type = String)]
    pub rollout_source: Source,
    /// Why, where a context was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub reason: Option<Reason>,
    /// What kept the evaluation from being finished.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub error_code: Option<&'static str>,
    /// The rule that decided, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<usize>,
    /// The bucket that decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bucket: Option<BucketReport>,
    /// The bucketing algorithm.
    #[schema(value_type = String)]
    pub algorithm: Algorithm,
    /// Whether flags.toml declares it.
    pub declared: bool,
}

impl Answer {
    /// Returns what stands bare on stdout: the value, or `partial`; of a field if one is asked.
    pub fn bare(&self, field: Option<&str>) -> String {
        match field {
            Some("enabled") => {
                self.enabled.map_or_else(|| "invalid".to_owned(), |enabled| enabled.to_string())
            }
            Some("state") => self.state.word().to_owned(),
            Some("source") => self.source.to_string(),
            Some("rollout") => self.rollout.clone(),
            _ => match &self.value {
                Some(value) => value.to_string(),
                None => self.state.word().to_owned(),
            },
        }
    }
}
