//! A flag's definition: what it serves, to whom, in which order.

use std::sync::Arc;

use indexmap::IndexMap;

use crate::bucket::{Algorithm, Names};

use super::clause::Clause;
use super::context::ContextKind;
use super::name::{FlagName, VariationName};
use super::share::Split;
use super::time::Date;
use super::value::Value;
use super::weight::Weight;

/// The variation of a boolean flag that is on.
pub const ON: &str = "on";
/// The variation of a boolean flag that is off.
pub const OFF: &str = "off";

/// A feature flag. Its fields stand in the order in which evaluation asks them.
#[derive(Clone, Debug, PartialEq)]
pub struct Flag {
    /// Its name.
    pub name: FlagName,
    /// What it does, for people.
    pub description: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Words to filter by.
    pub tags: Vec<String>,
    /// The last day on which it should still exist.
    pub expires: Option<Date>,
    /// What it can serve.
    pub variations: Variations,
    /// The switch: off beats everything below.
    pub enabled: bool,
    /// Other flags that must serve a certain variation first.
    pub prerequisites: Vec<Prerequisite>,
    /// Single users, by key.
    pub users: IndexMap<String, VariationName>,
    /// Organisations, by the key of the context kind `org`.
    pub orgs: IndexMap<String, VariationName>,
    /// Targeting rules, the first that matches decides.
    pub rules: Vec<Rule>,
    /// What everybody else gets.
    pub fallthrough: Fallthrough,
    /// What goes into the hash in place of the name, so that a rename moves nobody.
    pub salt: Option<String>,
    /// Whose bucket counts.
    pub bucket_by: BucketBy,
    /// How that becomes a bucket.
    pub bucketing: Algorithm,
}

/// What a flag can serve.
#[derive(Clone, Debug, PartialEq)]
pub struct Variations {
    /// Shared: a copy costs nothing, and ten thousand boolean flags have the same two.
    all: Arc<IndexMap<VariationName, Value>>,
    off: VariationName,
    boolean: bool,
}

/// One thing a flag can serve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Variation<'a> {
    /// Its name.
    pub name: &'a VariationName,
    /// Its value.
    pub value: &'a Value,
}

impl Variations {
    /// Returns the two variations of a boolean flag: `on` is true, `off` is false.
    pub fn boolean() -> Self {
        let name = |text| VariationName::try_from(text).expect("on and off are names");
        let all = [(name(ON), Value::Bool(true)), (name(OFF), Value::Bool(false))];
        Self { all: Arc::new(all.into()), off: name(OFF), boolean: true }
    }

    /// Returns named variations of which `off` is served when the flag is off; none if `off` is not among them.
    pub fn named(all: IndexMap<VariationName, Value>, off: VariationName) -> Option<Self> {
        all.contains_key(&off).then(|| Self { all: Arc::new(all), off, boolean: false })
    }

    /// Tells whether the flag is boolean: `on` and `off`, with a rollout instead of a split.
    pub const fn is_boolean(&self) -> bool {
        self.boolean
    }

    /// Returns the variation served when the flag is off.
    pub const fn off(&self) -> &VariationName {
        &self.off
    }

    /// Returns the value of a variation.
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.all.get(name)
    }

    /// Returns the variation's own name, if there is one of that name.
    pub fn find(&self, name: &str) -> Option<&VariationName> {
        self.all.get_key_value(name).map(|(name, _)| name)
    }

    /// Returns the variations in the order of their definition.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Variation<'_>> {
        self.all.iter().map(|(name, value)| Variation { name, value })
    }
}

/// Another flag that must serve `variation` for this one to be on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prerequisite {
    /// The other flag.
    pub flag: FlagName,
    /// What it must serve.
    pub variation: VariationName,
}

/// A targeting rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Its name, for people.
    pub name: Option<String>,
    /// Clauses of which all must match.
    pub when: Vec<Clause>,
    /// How many of those who match are served; who misses falls through to the next rule.
    pub rollout: Weight,
    /// What they are served.
    pub serve: Serve,
}

/// What a rule or the fallthrough serves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Serve {
    /// One variation.
    Variation(VariationName),
    /// A variation by the bucket of the unit.
    Split(Split),
}

/// What everybody gets whom nothing above matched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fallthrough {
    /// Of a boolean flag: `on` for this part of the users, `off` for the rest.
    Rollout(Weight),
    /// Of a flag with variations.
    Serve(Serve),
}

/// Writes what is served in words: `v3`, `v2 90 / v3 10`.
impl std::fmt::Display for Serve {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Variation(variation) => std::fmt::Display::fmt(variation, f),
            Self::Split(split) => std::fmt::Display::fmt(split, f),
        }
    }
}

/// Writes what everybody else gets in words: `25%`, `v3`, `v2 90 / v3 10`.
impl std::fmt::Display for Fallthrough {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Rollout(weight) => std::fmt::Display::fmt(weight, f),
            Self::Serve(serve) => std::fmt::Display::fmt(serve, f),
        }
    }
}

/// Whose bucket counts in rollouts and splits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BucketBy {
    /// The context kind.
    pub kind: ContextKind,
    /// An attribute of it; its key when absent.
    pub attribute: Option<String>,
}

impl Default for BucketBy {
    /// The user's key.
    fn default() -> Self {
        Self { kind: ContextKind::user(), attribute: None }
    }
}

impl BucketBy {
    /// Reads a context kind (`org`) or an attribute (`org.plan`); none if it is neither.
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, attribute) = match text.split_once('.') {
            Some((_, "")) => return None,
            Some((kind, attribute)) => (kind, Some(attribute.to_owned())),
            None => (text, None),
        };
        Some(Self { kind: ContextKind::try_from(kind).ok()?, attribute })
    }
}

/// Writes what [`BucketBy::parse`] reads.
impl std::fmt::Display for BucketBy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.attribute {
            Some(attribute) => write!(f, "{}.{attribute}", self.kind),
            None => write!(f, "{}", self.kind),
        }
    }
}

impl Flag {
    /// Returns a boolean flag with nothing but a switch: on for everyone or for nobody.
    pub fn boolean(name: FlagName, enabled: bool) -> Self {
        Self {
            name,
            description: None,
            owner: None,
            tags: Vec::new(),
            expires: None,
            variations: Variations::boolean(),
            enabled,
            prerequisites: Vec::new(),
            users: IndexMap::new(),
            orgs: IndexMap::new(),
            rules: Vec::new(),
            fallthrough: Fallthrough::Rollout(Weight::ALL),
            salt: None,
            bucket_by: BucketBy::default(),
            bucketing: Algorithm::default(),
        }
    }

    /// Returns what can go into the hash for this flag.
    pub fn hash_names(&self) -> Names<'_> {
        Names { key: self.name.as_str(), salt: self.salt.as_deref() }
    }

    /// Returns what goes into the hash for this flag: its salt, else its name.
    pub fn hash_key(&self) -> &str {
        self.salt.as_deref().unwrap_or(self.name.as_str())
    }

    /// Tells whether anybody is treated apart: users, organisations, rules or prerequisites.
    pub fn is_targeted(&self) -> bool {
        !(self.users.is_empty()
            && self.orgs.is_empty()
            && self.rules.is_empty()
            && self.prerequisites.is_empty())
    }
}
