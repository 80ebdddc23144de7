//! A failure as data: with `--json` one object on stderr.

use serde::Serialize;

use crate::error::{Diagnostic, Error};
use crate::exit;

use super::common::{Note, Report};

/// A failure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FailureReport {
    /// What failed.
    pub error: Failure,
}

impl Report for FailureReport {
    const SCHEMA: &'static str = "ffctl.error/1";
}

/// What failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// The kind's stable word.
    pub kind: &'static str,
    /// The exit code of the process.
    pub exit: u8,
    /// What went wrong.
    pub message: String,
    /// Why, outermost first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<String>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hints: Vec<String>,
    /// What was worth a word before it failed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    /// The mistakes of a file.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub diagnostics: Vec<DiagnosticReport>,
}

/// One mistake of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DiagnosticReport {
    /// The file.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
    /// The text of the line.
    pub text: String,
    /// How many characters to underline.
    #[serde(skip)]
    pub width: usize,
}

impl From<&Diagnostic> for DiagnosticReport {
    fn from(diagnostic: &Diagnostic) -> Self {
        Self {
            file: diagnostic.file.clone(),
            line: diagnostic.line,
            column: diagnostic.column,
            message: diagnostic.message.clone(),
            fix: diagnostic.fix.clone(),
            text: diagnostic.text.clone(),
            width: diagnostic.width,
        }
    }
}

impl From<&Error> for FailureReport {
    fn from(error: &Error) -> Self {
        Self {
            error: Failure {
                kind: error.kind().code(),
                exit: exit::code(error.kind()),
                message: error.message().to_owned(),
                causes: error.causes(),
                hints: error.hints().to_vec(),
                notes: Vec::new(),
                diagnostics: error.diagnostics().iter().map(Into::into).collect(),
            },
        }
    }
}
