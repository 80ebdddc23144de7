//! The one error type of the program: a kind (which decides the exit code), a message, its cause and hints.
//!
//! Rooms below `layer/` have small errors of their own; they become an [`Error`] where the caller knows the
//! file, variable or option that the mistake stands in. Nothing here formats for a terminal: `output/` does.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

pub use crate::nearest::{did_you_mean, nearest};

/// What kind of failure it was. Each kind has one exit code, see [`crate::exit`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// The command line does not say what to do.
    Usage,
    /// No flag, experiment, variation, segment or profile of that name.
    Unknown,
    /// Credentials are missing or were refused (401, 403).
    Credentials,
    /// Someone else changed it meanwhile, or the stated precondition does not hold.
    Conflict,
    /// The admin layer cannot be reached or does not answer in its protocol.
    Unreachable,
    /// flags.toml, a variable, a context, a population or a setting is invalid.
    Invalid,
    /// A guard refused the change: it needs consent, a target, a reason.
    Refused,
    /// Only an answer older than allowed is available.
    Stale,
    /// The server and this checkout disagree.
    Drift,
    /// A write was sent and its outcome is unknown.
    OutcomeUnknown,
    /// A local file, store or disk failed.
    Local,
    /// A defect of this program.
    Bug,
    /// The user interrupted it.
    Interrupted,
}

impl Kind {
    /// Every kind, for tables and tests.
    pub const ALL: [Self; 13] = [
        Self::Usage,
        Self::Unknown,
        Self::Credentials,
        Self::Conflict,
        Self::Unreachable,
        Self::Invalid,
        Self::Refused,
        Self::Stale,
        Self::Drift,
        Self::OutcomeUnknown,
        Self::Local,
        Self::Bug,
        Self::Interrupted,
    ];

    /// Returns the kind's stable word in JSON errors.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::Unknown => "unknown",
            Self::Credentials => "credentials",
            Self::Conflict => "conflict",
            Self::Unreachable => "unreachable",
            Self::Invalid => "invalid",
            Self::Refused => "refused",
            Self::Stale => "stale",
            Self::Drift => "drift",
            Self::OutcomeUnknown => "outcome_unknown",
            Self::Local => "local",
            Self::Bug => "bug",
            Self::Interrupted => "interrupted",
        }
    }
}

/// One mistake in a file, with everything needed to show it without the file at hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The file as the user named it.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// The text of that line, without its line end.
    pub text: String,
    /// How many characters to underline, at least 1.
    pub width: usize,
    /// What is wrong: a lower-case fragment.
    pub message: String,
    /// What to write instead.
    pub fix: Option<String>,
    /// What kind of mistake it is, where it has a name of its own among the findings of `lint`.
    pub code: Option<&'static str>,
}

/// A failure, with what a person needs to end it.
#[derive(Debug)]
pub struct Error {
    kind: Kind,
    message: String,
    cause: Option<Box<dyn StdError + Send + Sync>>,
    hints: Vec<String>,
    diagnostics: Vec<Diagnostic>,
    passes: bool,
    wait: Option<Duration>,
    outdated: bool,
}

/// A result whose failure is an [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// Returns an error of `kind`. The message is a lower-case fragment that completes "failed: …".
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            cause: None,
            hints: Vec::new(),
            diagnostics: Vec::new(),
            passes: false,
            wait: None,
            outdated: false,
        }
    }

    /// Returns an error that stands for all mistakes found in the file `file`.
    pub fn in_file(file: &str, diagnostics: Vec<Diagnostic>) -> Self {
        let count = diagnostics.len();
        let noun = if count == 1 { "mistake" } else { "mistakes" };
        let mut error = Self::new(Kind::Invalid, format!("{count} {noun} in {file}"));
        error.diagnostics = diagnostics;
        error
    }

    /// Returns an error that stands for several mistakes, each with its place.
    pub fn with_diagnostics(kind: Kind, message: impl Into<String>, diagnostics: Vec<Diagnostic>) -> Self {
        Self { diagnostics, ..Self::new(kind, message) }
    }

    /// Adds a hint that can be typed or done.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds the lower-level failure behind this one.
    #[must_use]
    pub fn caused_by(mut self, cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// Adds to the message what it means: `…; nothing was changed`.
    #[must_use]
    pub fn saying(mut self, what: &str) -> Self {
        self.message = format!("{}; {what}", self.message);
        self
    }

    /// Says that it may pass by itself: the network or a server failed, nobody refused anything.
    #[must_use]
    pub fn passing(mut self) -> Self {
        self.passes = true;
        self
    }

    /// Tells whether it may pass by itself.
    pub const fn passes(&self) -> bool {
        self.passes
    }

    /// Says that it was asked too often, and may be asked again after this time.
    #[must_use]
    pub fn again_after(mut self, wait: Duration) -> Self {
        self.wait = Some(wait);
        self
    }

    /// Returns after which time it may be asked again, where it was asked too often.
    pub const fn wait(&self) -> Option<Duration> {
        self.wait
    }

    /// Says that this program is too old for what it met. The message names programs and their versions alone, so that a
    /// server can tell it to everybody.
    #[must_use]
    pub fn outdated(mut self) -> Self {
        self.outdated = true;
        self
    }

    /// Tells whether this program is too old for what it met.
    pub const fn is_outdated(&self) -> bool {
        self.outdated
    }

    /// Returns what kind of failure it is.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// Returns the message alone, without causes and hints.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns the messages of the causes, outermost first.
    pub fn causes(&self) -> Vec<String> {
        let mut out = Vec::new();
        let mut next: Option<&(dyn StdError + 'static)> = self.cause.as_deref().map(|cause| cause as _);
        while let Some(cause) = next {
            out.push(cause.to_string());
            next = cause.source();
        }
        out
    }

    /// Returns the hints, most useful first.
    pub fn hints(&self) -> &[String] {
        &self.hints
    }

    /// Returns the mistakes of a file, in file order; empty for other errors.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        for cause in self.causes() {
            write!(f, ": {cause}")?;
        }
        Ok(())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.cause.as_deref().map(|cause| cause as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_joins_causes() {
        let error = Error::new(Kind::Local, "cannot read `a`").caused_by("no such file");
        assert_eq!(error.to_string(), "cannot read `a`: no such file");
    }
}
