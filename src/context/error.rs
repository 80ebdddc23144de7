//! Why something is no context.

use std::fmt;

/// Why a text, a document or a record does not make a context: where, what, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContextError {
    path: String,
    message: String,
    hint: Option<String>,
    at: Option<(usize, usize)>,
}

impl ContextError {
    /// Returns an error about what stands at `path`, such as `user.key`.
    pub(crate) fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: path.into(), message: message.into(), hint: None, at: None }
    }

    /// Says where in the text it stands: the line, from 1, and the byte of the line, from 1.
    #[must_use]
    pub(crate) const fn at(mut self, line: usize, column: usize) -> Self {
        self.at = Some((line, column));
        self
    }

    /// Adds what to write instead.
    #[must_use]
    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Returns where the mistake stands, such as `user.key`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns what is wrong there, without the path.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns the line and the byte of the line, from 1, where a text is no JSON.
    pub const fn place(&self) -> Option<(usize, usize)> {
        self.at
    }

    /// Returns what to write or do instead, if there is something to say.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl fmt::Display for ContextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.message)
    }
}

impl std::error::Error for ContextError {}
