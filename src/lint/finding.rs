//! One finding: what, how bad, where, and what to do about it.

use crate::error::Diagnostic;

/// How bad a finding is, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Nobody can tell what is meant: no command answers before it is corrected.
    Error,
    /// It does something else than whoever reads it would think, or nothing.
    Warning,
    /// Worth knowing when the file is next touched.
    Note,
}

impl Severity {
    /// Returns the severity's word in every output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// Where a finding stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In flags.toml or an env file.
    File {
        /// The file as the user named it.
        file: String,
        /// Line, from 1.
        line: usize,
        /// Column in characters, from 1.
        column: usize,
        /// How many characters to underline, at least 1.
        width: usize,
        /// The text of that line, without its end.
        text: String,
    },
    /// A variable of the process.
    Variable {
        /// Its name.
        name: String,
    },
}

/// Something that a rule found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule's stable word.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What it is: a lower-case fragment.
    pub message: String,
    /// What to write or do instead.
    pub fix: Option<String>,
    /// Where it stands.
    pub place: Place,
    /// The flag, experiment or segment that it is about.
    pub name: Option<String>,
}

impl From<&Diagnostic> for Place {
    fn from(diagnostic: &Diagnostic) -> Self {
        Self::File {
            file: diagnostic.file.clone(),
            line: diagnostic.line,
            column: diagnostic.column,
            width: diagnostic.width,
            text: diagnostic.text.clone(),
        }
    }
}
