//! For whom a flag is evaluated.

use std::fmt;
use std::sync::Arc;

use super::value::Value;

/// A kind of thing that flags are evaluated for: `user`, `org`, `device` …
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContextKind(Arc<str>);

impl ContextKind {
    /// Returns the kind that is meant where none is named.
    pub fn user() -> Self {
        Self("user".into())
    }

    /// Returns the kind of organisations.
    pub fn org() -> Self {
        Self("org".into())
    }

    /// Returns the kind as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Tells whether it is the kind `user`.
    pub fn is_user(&self) -> bool {
        &*self.0 == "user"
    }
}

/// Why a text is not a context kind; the text itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a context kind: letters, digits, `_` and `-`, but not `kind` or `multi`")]
pub struct ContextKindError(String);

impl TryFrom<&str> for ContextKind {
    type Error = ContextKindError;

    fn try_from(text: &str) -> Result<Self, ContextKindError> {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if text.is_empty() || text == "kind" || text == "multi" || !text.chars().all(plain) {
            return Err(ContextKindError(text.to_owned()));
        }
        Ok(Self(text.into()))
    }
}

impl fmt::Display for ContextKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// What is known of one kind: its key and attributes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Part {
    /// The key; none where only attributes are known. Never empty.
    pub key: Option<String>,
    /// The attributes, each name once.
    pub attributes: Vec<(String, Value)>,
}

impl Part {
    /// Returns an attribute's value; a null counts as absent.
    pub fn attribute(&self, name: &str) -> Option<&Value> {
        self.attributes
            .iter()
            .find(|(other, _)| other == name)
            .map(|(_, value)| value)
            .filter(|value| !matches!(value, Value::Null))
    }

    /// Sets an attribute, replacing what stood there.
    pub fn set(&mut self, name: impl Into<String>, value: Value) {
        let name = name.into();
        match self.attributes.iter_mut().find(|(other, _)| *other == name) {
            Some((_, old)) => *old = value,
            None => self.attributes.push((name, value)),
        }
    }
}

/// For whom a flag is evaluated: one or several kinds, each once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Context {
    parts: Vec<(ContextKind, Part)>,
}

impl Context {
    /// Returns the context of a user of whom only the key is known.
    pub fn user(key: impl Into<String>) -> Self {
        let mut context = Self::default();
        context.part_mut(&ContextKind::user()).key = Some(key.into()).filter(|key| !key.is_empty());
        context
    }

    /// Returns what is known of a kind.
    pub fn part(&self, kind: &ContextKind) -> Option<&Part> {
        self.parts.iter().find(|(other, _)| other == kind).map(|(_, part)| part)
    }

    /// Returns what is known of a kind, making room for it.
    pub fn part_mut(&mut self, kind: &ContextKind) -> &mut Part {
        let at = self.parts.iter().position(|(other, _)| other == kind).unwrap_or_else(|| {
            self.parts.push((kind.clone(), Part::default()));
            self.parts.len() - 1
        });
        &mut self.parts[at].1
    }

    /// Returns the kinds and what is known of them, in the order given.
    pub fn parts(&self) -> impl Iterator<Item = (&ContextKind, &Part)> {
        self.parts.iter().map(|(kind, part)| (kind, part))
    }

    /// Returns the key of a kind.
    pub fn key(&self, kind: &ContextKind) -> Option<&str> {
        self.part(kind).and_then(|part| part.key.as_deref())
    }

    /// Tells whether nothing is known at all.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }
}
