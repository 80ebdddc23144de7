//! What can be changed, and what it does to the definitions.

use indexmap::IndexMap;

use super::error::SpliceError;
use crate::model::{Definitions, Fallthrough, Flag, FlagName, Serve, Split, VariationName, Weight};

/// A change of one field of one flag. None takes the field out of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// The switch.
    Enabled(bool),
    /// The rollout of a boolean flag; without one it is 100%.
    Rollout(Option<Weight>),
    /// The variation that everybody else gets; takes the place of a split. Cannot be removed.
    Serve(Option<VariationName>),
    /// The split that everybody else gets; takes the place of `serve`. Cannot be removed.
    Split(Option<Split>),
    /// What a single user gets.
    User {
        /// The user's key.
        key: String,
        /// The variation; none if the user is no longer named.
        variation: Option<VariationName>,
    },
    /// What an organisation gets.
    Org {
        /// The organisation's key.
        key: String,
        /// The variation; none if the organisation is no longer named.
        variation: Option<VariationName>,
    },
}

impl Edit {
    /// Changes the definitions as the edit of the text should.
    pub(super) fn apply(&self, name: &FlagName, definitions: &mut Definitions) -> Result<(), SpliceError> {
        let flag = definitions.flags.get_mut(name).ok_or_else(|| SpliceError::UnknownFlag(name.clone()))?;
        match self {
            Self::Enabled(enabled) => flag.enabled = *enabled,
            Self::Rollout(weight) => {
                if !flag.variations.is_boolean() {
                    return Err(SpliceError::NotBoolean(name.clone()));
                }
                flag.fallthrough = Fallthrough::Rollout(weight.unwrap_or(Weight::ALL));
            }
            Self::Serve(variation) => {
                let variation = required(flag, variation.as_ref(), "serve")?;
                exists(flag, variation)?;
                flag.fallthrough = Fallthrough::Serve(Serve::Variation(variation.clone()));
            }
            Self::Split(split) => {
                let split = required(flag, split.as_ref(), "split")?;
                for (variation, _) in split.pairs() {
                    exists(flag, variation)?;
                }
                flag.fallthrough = Fallthrough::Serve(Serve::Split(split.clone()));
            }
            Self::User { key, variation } => target(flag, "users", key, variation.as_ref())?,
            Self::Org { key, variation } => target(flag, "orgs", key, variation.as_ref())?,
        }
        Ok(())
    }
}

fn required<'v, T>(flag: &Flag, value: Option<&'v T>, field: &'static str) -> Result<&'v T, SpliceError> {
    if flag.variations.is_boolean() {
        return Err(SpliceError::NotNamed(flag.name.clone()));
    }
    value.ok_or_else(|| SpliceError::Required { flag: flag.name.clone(), field })
}

fn exists(flag: &Flag, variation: &VariationName) -> Result<(), SpliceError> {
    match flag.variations.find(variation.as_str()) {
        Some(_) => Ok(()),
        None => Err(SpliceError::UnknownVariation { flag: flag.name.clone(), variation: variation.clone() }),
    }
}

fn target(
    flag: &mut Flag,
    field: &'static str,
    key: &str,
    variation: Option<&VariationName>,
) -> Result<(), SpliceError> {
    if key.is_empty() {
        return Err(SpliceError::EmptyKey { flag: flag.name.clone(), field });
    }
    if let Some(variation) = variation {
        exists(flag, variation)?;
    }
    let targets: &mut IndexMap<String, VariationName> =
        if field == "users" { &mut flag.users } else { &mut flag.orgs };
    match variation {
        Some(variation) => {
            targets.insert(key.to_owned(), variation.clone());
        }
        None => {
            targets.shift_remove(key);
        }
    }
    Ok(())
}
