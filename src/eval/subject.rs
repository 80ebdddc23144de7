//! For whom is evaluated: a context, or a row of a population, seen through one small trait.

use crate::model::{Context, ContextKind, Number, Value};

use super::attribute::AttributeId;

/// A value borrowed from a subject.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ValueRef<'a> {
    /// True or false.
    Bool(bool),
    /// A number.
    Number(Number),
    /// Text.
    Text(&'a str),
    /// A list.
    List(&'a [Value]),
    /// An object.
    Object(&'a [(String, Value)]),
}

impl<'a> ValueRef<'a> {
    /// Returns the borrowed form of a value; none for null, which counts as absent.
    pub fn of(value: &'a Value) -> Option<Self> {
        Some(match value {
            Value::Null => return None,
            Value::Bool(value) => Self::Bool(*value),
            Value::Number(number) => Self::Number(*number),
            Value::Text(text) => Self::Text(text),
            Value::List(values) => Self::List(values),
            Value::Object(entries) => Self::Object(entries),
        })
    }

    /// Returns an owned copy.
    pub fn to_value(self) -> Value {
        match self {
            Self::Bool(value) => Value::Bool(value),
            Self::Number(number) => Value::Number(number),
            Self::Text(text) => Value::Text(text.to_owned()),
            Self::List(values) => Value::List(values.to_vec()),
            Self::Object(entries) => Value::Object(entries.to_vec()),
        }
    }
}

/// Something that flags can be evaluated for.
pub trait Subject {
    /// Returns the key of a kind: present, and not empty.
    fn key(&self, kind: &ContextKind) -> Option<&str>;

    /// Returns an attribute as it was supplied. `id` numbers the attribute within the program, for subjects
    /// that have looked their columns up beforehand; `kind` and `name` say the same for all others.
    fn attribute(&self, id: AttributeId, kind: &ContextKind, name: &str) -> Option<ValueRef<'_>>;
}

impl Subject for Context {
    fn key(&self, kind: &ContextKind) -> Option<&str> {
        Self::key(self, kind).filter(|key| !key.is_empty())
    }

    fn attribute(&self, _id: AttributeId, kind: &ContextKind, name: &str) -> Option<ValueRef<'_>> {
        self.part(kind).and_then(|part| part.attribute(name)).and_then(ValueRef::of)
    }
}

/// A user of whom only the key is known.
impl Subject for str {
    fn key(&self, kind: &ContextKind) -> Option<&str> {
        (kind.is_user() && !self.is_empty()).then_some(self)
    }

    fn attribute(&self, _id: AttributeId, _kind: &ContextKind, _name: &str) -> Option<ValueRef<'_>> {
        None
    }
}
