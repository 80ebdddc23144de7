//! The fields of a flag that layers can set.

use std::fmt;

use indexmap::IndexMap;

use crate::model::{Serve, VariationName, Weight};

use super::origin::Origin;

/// One field, or one entry of a list, that a layer above `default` can set.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// The switch.
    Enabled,
    /// How many of the users that nothing else matched; boolean flags only.
    Rollout,
    /// What those users are served, one variation or a split; flags with variations only.
    Serve,
    /// A single user, by key.
    User(String),
    /// An organisation, by key.
    Org(String),
}

impl Field {
    /// Reads what its `Display` writes; none for other words.
    pub fn parse(words: &str) -> Option<Self> {
        Some(match words {
            "enabled" => Self::Enabled,
            "rollout" => Self::Rollout,
            "serve" => Self::Serve,
            _ => match words.split_once(' ')? {
                ("user", key) => Self::User(key.to_owned()),
                ("org", key) => Self::Org(key.to_owned()),
                _ => return None,
            },
        })
    }
}

/// Writes the field as a person reads it: `enabled`, `user u-42`.
impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Enabled => f.pad("enabled"),
            Self::Rollout => f.pad("rollout"),
            Self::Serve => f.pad("serve"),
            Self::User(key) => f.pad(&format!("user {key}")),
            Self::Org(key) => f.pad(&format!("org {key}")),
        }
    }
}

/// The value of a [`Field`]; which one belongs to which is checked where it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldValue {
    /// Of [`Field::Enabled`].
    Switch(bool),
    /// Of [`Field::Rollout`].
    Weight(Weight),
    /// Of [`Field::Serve`].
    Serve(Serve),
    /// Of [`Field::User`] and [`Field::Org`].
    Variation(VariationName),
}

/// Writes the value as a person reads it: `on`, `25%`, `v3`, `v2 75 / v3 25`.
impl fmt::Display for FieldValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Switch(true) => f.pad("on"),
            Self::Switch(false) => f.pad("off"),
            Self::Weight(weight) => fmt::Display::fmt(weight, f),
            Self::Variation(variation) => fmt::Display::fmt(variation, f),
            Self::Serve(serve) => fmt::Display::fmt(serve, f),
        }
    }
}

/// What one layer sets of one flag, with the place of each value.
pub type Values = IndexMap<Field, (FieldValue, Origin)>;

/// A change of what one layer sets of one flag: a value to set, or none to clear.
pub type Patch = IndexMap<Field, Option<FieldValue>>;
