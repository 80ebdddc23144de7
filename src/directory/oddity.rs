//! What is odd in a record.

use std::fmt;

/// Something in a record that cannot be used; it costs the attribute that it stands for, and nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Oddity {
    /// The attribute that is missing for it, or the field: `created_at`, `metadata.tier`.
    pub field: String,
    /// What is odd: a lower-case fragment.
    pub message: String,
}

impl Oddity {
    /// Returns what is odd about a field.
    pub(super) fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

impl fmt::Display for Oddity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.message)
    }
}
