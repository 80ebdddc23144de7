//! One flag as `list` and `explain` show it.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::Serialize;
use utoipa::ToSchema;

use crate::bucket::Algorithm;
use crate::layer::{Origin, Source};
use crate::model::{Date, Split, Timestamp, VariationName, Weight};

use super::common::StateWord;

/// A flag as it is in effect. `name`, `enabled` and `source` are those of the admin API.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FlagReport {
    /// Its name.
    pub name: String,
    /// The switch alone; none if a layer holds something that cannot be read.
    #[schema(required)]
    pub enabled: Option<bool>,
    /// The layer that sets the switch.
    #[schema(value_type = String)]
    pub source: Source,
    /// On, off, partial, or invalid.
    pub state: StateWord,
    /// The state in short: `on`, `off`, `25% + 2 orgs`.
    pub summary: String,
    /// The share of a boolean flag's users that nothing else matches.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub rollout: Option<Weight>,
    /// The one variation that those users are served.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub serve: Option<VariationName>,
    /// The split among those users.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<(String, u32)>>)]
    pub split: Option<Split>,
    /// Single users.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    #[schema(value_type = HashMap<String, String>, required = false)]
    pub users: IndexMap<String, VariationName>,
    /// Organisations.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    #[schema(value_type = HashMap<String, String>, required = false)]
    pub orgs: IndexMap<String, VariationName>,
    /// How many targeting rules there are.
    pub rules: usize,
    /// The flags that must serve something first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub prerequisites: Vec<String>,
    /// The names of the variations.
    #[schema(value_type = Vec<String>)]
    pub variations: Vec<VariationName>,
    /// What it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Who answers for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Words to filter by.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub tags: Vec<String>,
    /// The last day on which it should still exist.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub expires: Option<Date>,
    /// Whether that day is over.
    pub expired: bool,
    /// Whether flags.toml declares it; one that only the admin layer knows is not.
    pub declared: bool,
    /// Where flags.toml declares it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub place: Option<Origin>,
    /// The bucketing algorithm.
    #[schema(value_type = String)]
    pub algorithm: Algorithm,
    /// The layer of each field.
    pub sources: SourcesReport,
    /// Values that a higher layer overrides, highest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub overridden: Vec<OverriddenReport>,
    /// When fields of its override end by themselves, by the names that the journal has for them.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(required = false, value_type = std::collections::HashMap<String, String>)]
    pub override_expires: BTreeMap<String, Timestamp>,
    /// When the first of them does, seen from now: `in 2h`.
    #[serde(skip)]
    #[schema(ignore)]
    pub ends: String,
    /// What is wrong with it, for people.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub problems: Vec<String>,
    /// What the server itself says, where one was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server: Option<ServerView>,
    /// Whether the server's switch differs from what this checkout resolves.
    pub drift: bool,
}

impl FlagReport {
    /// Returns the layers that set any field, each once, lowest first.
    pub fn all_sources(&self) -> Vec<Source> {
        let sources = &self.sources;
        let fields = [Some(sources.enabled), sources.rollout, sources.serve];
        let entries = sources.users.values().chain(sources.orgs.values()).copied().map(Some);
        let mut all: Vec<Source> = fields.into_iter().chain(entries).flatten().collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// The layer of each field of a flag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SourcesReport {
    /// Of the switch.
    #[schema(value_type = String)]
    pub enabled: Source,
    /// Of the rollout.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub rollout: Option<Source>,
    /// Of the variation or split served.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub serve: Option<Source>,
    /// Of each user.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    #[schema(value_type = HashMap<String, String>, required = false)]
    pub users: IndexMap<String, Source>,
    /// Of each organisation.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    #[schema(value_type = HashMap<String, String>, required = false)]
    pub orgs: IndexMap<String, Source>,
}

/// A value that a higher layer overrides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OverriddenReport {
    /// The field: `enabled`, `rollout`, `serve`, `user u-42`, `org acme`.
    pub field: String,
    /// The value that does not count.
    pub value: String,
    /// Its layer.
    #[schema(value_type = String)]
    pub source: Source,
    /// Where it stands.
    #[schema(value_type = String)]
    pub origin: Origin,
}

/// A flag as a server sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ServerView {
    /// Its switch.
    pub enabled: bool,
    /// The source that it names.
    pub source: String,
}
