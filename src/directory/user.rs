//! What is known of a user.

use crate::model::{Context, ContextKind, Value};

use super::oddity::Oddity;

/// What a record says of a user, as attributes of a context.
#[derive(Clone, Debug, PartialEq)]
pub struct UserRecord {
    /// The key that was asked for.
    pub key: String,
    /// The attributes, each name once; `segments` is not among them.
    pub facts: Vec<Fact>,
    /// The segments that the record puts the user in, sorted, each once.
    pub segments: Vec<(String, SegmentOrigin)>,
    /// What cannot be used of it.
    pub oddities: Vec<Oddity>,
}

/// One attribute and where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// The name of the attribute.
    pub name: String,
    /// Its value; never null.
    pub value: Value,
    /// The place in the record.
    pub origin: Origin,
}

/// A place in a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A field of its own.
    Field,
    /// A key of its metadata.
    Metadata,
}

/// What of a record puts a user in a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SegmentOrigin {
    /// The role.
    Role,
    /// The metadata.
    Metadata,
    /// Both.
    RoleAndMetadata,
}

impl UserRecord {
    /// Returns a user of whom only the key is known.
    pub fn bare(key: &str) -> Self {
        Self { key: key.to_owned(), facts: Vec::new(), segments: Vec::new(), oddities: Vec::new() }
    }

    /// Returns the context of the user: the key, the attributes, and `segments` if there are any.
    pub fn context(&self) -> Context {
        let mut context = Context::user(self.key.as_str());
        let user = context.part_mut(&ContextKind::user());
        for fact in &self.facts {
            user.set(fact.name.as_str(), fact.value.clone());
        }
        if !self.segments.is_empty() {
            let names = self.segments.iter().map(|(name, _)| Value::from(name.as_str()));
            user.set("segments", Value::List(names.collect()));
        }
        context
    }

    /// Returns the context of the user with what a caller says on top: attributes of the user go before those of the
    /// record, one that is null takes it away, and the other kinds are the caller's alone.
    pub fn context_with(&self, caller: &Context) -> Context {
        let mut context = self.context();
        for (kind, part) in caller.parts() {
            let own = context.part_mut(kind);
            if !kind.is_user() {
                own.key.clone_from(&part.key);
            }
            for (name, value) in &part.attributes {
                own.set(name.as_str(), value.clone());
            }
        }
        context
    }
}
