//! By what a forecast is broken down.

use std::fmt;

use crate::eval::{AttributeId, Builder, Program, World};
use crate::model::{BucketBy, ContextKind};

/// By what users are grouped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dimension {
    /// By every defined segment. A user can be in several, and then counts in each.
    Segment,
    /// By an attribute of a kind, supplied or derived; `key` is the key.
    Attribute(ContextKind, String),
}

impl Dimension {
    /// Reads `segment`, `org` (the organisation), an attribute of the user such as `plan` or `email_domain`,
    /// or one of another kind such as `org.plan`; none if it is empty.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "" => None,
            "segment" => Some(Self::Segment),
            "org" => Some(Self::Attribute(ContextKind::org(), "key".to_owned())),
            other => Some(match BucketBy::parse(other) {
                Some(BucketBy { kind, attribute: Some(attribute) }) => Self::Attribute(kind, attribute),
                _ => Self::Attribute(ContextKind::user(), other.to_owned()),
            }),
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
            Self::Attribute(kind, name) => Grouping::Attribute(builder.attribute(kind, name)),
        }
    }
}

/// Writes what [`Dimension::parse`] reads.
impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Segment => f.write_str("segment"),
            Self::Attribute(kind, name) if *kind == ContextKind::org() && name == "key" => f.write_str("org"),
            Self::Attribute(kind, name) if kind.is_user() => f.write_str(name),
            Self::Attribute(kind, name) => write!(f, "{kind}.{name}"),
        }
    }
}

/// A compiled dimension.
#[derive(Clone, Copy, Debug)]
pub(super) enum Grouping {
    Segments,
    Attribute(AttributeId),
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
        for text in ["segment", "org", "plan", "org.plan", "email_domain", "device.key"] {
            assert_eq!(Dimension::parse(text).map(|dimension| dimension.to_string()).as_deref(), Some(text));
        }
        assert_eq!(Dimension::parse(""), None);
    }
}
