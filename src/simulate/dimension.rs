//! By what a forecast is broken down.

use std::fmt;

use crate::eval::{AttributeId, Builder, Program, World};
use crate::model::{BucketBy, ContextKind};

/// By what users are grouped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dimension {
    /// By every defined segment. A user can be in several, and then counts in each.
    Segment,
    /// By what decides at the last stage: a rule, a list, the default.
    Rule,
    /// By an attribute of a kind, supplied or derived; `key` is the key.
    Attribute(ContextKind, String),
}

impl Dimension {
    /// Returns what a flag or experiment is bucketed by; none if that is the user's own key.
    pub(super) fn of_unit(by: &BucketBy) -> Option<Self> {
        let attribute = by.attribute.clone();
        let own = by.kind.is_user() && attribute.is_none();
        (!own).then(|| Self::Attribute(by.kind.clone(), attribute.unwrap_or_else(|| "key".to_owned())))
    }

    /// Tells whether it is the organisation.
    pub(super) fn is_org(&self) -> bool {
        matches!(self, Self::Attribute(kind, name) if *kind == ContextKind::org() && name == "key")
    }

    /// Reads `segment`, `rule`, `org` (the organisation), an attribute of the user such as `plan` or `email_domain`,
    /// or one of another kind such as `org.plan`; none if it is empty.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "" => None,
            "segment" => Some(Self::Segment),
            "rule" => Some(Self::Rule),
            "org" => Some(Self::Attribute(ContextKind::org(), "key".to_owned())),
            other => Some(match BucketBy::parse(other) {
                Some(BucketBy { kind, attribute: Some(attribute) }) => Self::Attribute(kind, attribute),
                _ => Self::Attribute(ContextKind::user(), other.to_owned()),
            }),
        }
    }

    /// Makes room for the attribute without asking for it: where nobody has it, that is an answer as well; none if it
    /// is no attribute.
    pub(super) fn attribute(&self, builder: &mut Builder) -> Option<AttributeId> {
        match self {
            Self::Attribute(kind, name) => Some(builder.optional(kind, name)),
            Self::Segment | Self::Rule => None,
        }
    }

    /// Compiles what is asked of every row.
    pub(super) fn compile(&self, builder: &mut Builder, worlds: &[&dyn World]) -> Grouping {
        match self {
            Self::Segment => {
                for world in worlds {
                    builder.all_segments(*world);
                }
                Grouping::Segments
            }
            Self::Rule => Grouping::Rule,
            Self::Attribute(kind, name) => Grouping::Attribute(builder.attribute(kind, name)),
        }
    }
}

/// Writes what [`Dimension::parse`] reads.
impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Segment => f.write_str("segment"),
            Self::Rule => f.write_str("rule"),
            Self::Attribute(kind, name) if *kind == ContextKind::org() && name == "key" => f.write_str("org"),
            // Another way to say it, where the name alone is a word of its own.
            Self::Attribute(kind, name)
                if kind.is_user() && !matches!(name.as_str(), "rule" | "segment" | "org") =>
            {
                f.write_str(name)
            }
            Self::Attribute(kind, name) => write!(f, "{kind}.{name}"),
        }
    }
}

/// A compiled dimension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Grouping {
    Segments,
    Rule,
    Attribute(AttributeId),
}

impl Grouping {
    /// Returns the attribute whose values are groups, if it is one.
    pub(super) const fn attribute(self) -> Option<AttributeId> {
        match self {
            Self::Attribute(id) => Some(id),
            Self::Segments | Self::Rule => None,
        }
    }
}

/// Returns the segments of a program by name, each with its positions: one for each world.
pub(super) fn segments(program: &Program) -> Vec<(String, Vec<usize>)> {
    let mut named: Vec<(String, Vec<usize>)> = Vec::new();
    for (at, name) in program.segments().enumerate() {
        match named.iter_mut().find(|(other, _)| other == name) {
            Some((_, positions)) => positions.push(at),
            None => named.push((name.to_owned(), vec![at])),
        }
    }
    named
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dimensions_read_back() {
        for text in ["segment", "rule", "user.rule", "org", "plan", "org.plan", "email_domain", "device.key"]
        {
            assert_eq!(Dimension::parse(text).map(|dimension| dimension.to_string()).as_deref(), Some(text));
        }
        assert_eq!(Dimension::parse(""), None);
    }
}
