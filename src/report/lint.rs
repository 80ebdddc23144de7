//! The answers of `lint`: findings, and the rules that find them.

use serde::Serialize;

use super::common::Report;

/// What was found in a flags.toml and its environments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LintReport {
    /// The findings, in the order in which they stand in the files.
    pub findings: Vec<FindingReport>,
    /// How many there are.
    pub count: FindingCount,
    /// The file with the definitions.
    pub file: String,
    /// The env files.
    pub env_files: Vec<String>,
    /// Whether every rule was asked; one that needs definitions cannot be while flags.toml has mistakes.
    pub complete: bool,
    /// flags.toml as seen from the root of the repository, for CI systems.
    #[serde(skip)]
    pub uri: FileUri,
}

impl Report for LintReport {
    const SCHEMA: &'static str = "ffctl.lint/1";
}

/// How many findings there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FindingCount {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Notes.
    pub notes: usize,
    /// Those that `--deny` turns into a no.
    pub denied: usize,
    /// Those that `--allow` leaves out.
    pub allowed: usize,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FindingReport {
    /// The rule's stable word.
    pub code: &'static str,
    /// `error`, `warning` or `note`.
    pub severity: &'static str,
    /// Whether `--deny` turns it into a no.
    pub denied: bool,
    /// What it is.
    pub message: String,
    /// What to write or do instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
    /// The flag, experiment or segment that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The file; none for a variable of the process.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// Column in characters, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// The column behind the last character.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_column: Option<usize>,
    /// The text of the line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The variable of the process.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variable: Option<String>,
    /// The file as seen from the root of the repository, for CI systems.
    #[serde(skip)]
    pub uri: FileUri,
}

/// A file as CI systems name it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileUri {
    /// Its path from the root of the repository, parted by `/`; absolute where it lies outside.
    pub path: String,
    /// Whether it lies inside.
    pub inside: bool,
}

/// The rules of `lint`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RulesReport {
    /// The rules, the worst first.
    pub rules: Vec<LintRule>,
    /// Whether one of them is to be explained.
    #[serde(skip)]
    pub explained: bool,
}

impl Report for RulesReport {
    const SCHEMA: &'static str = "ffctl.rules/1";
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LintRule {
    /// Its stable word.
    pub code: &'static str,
    /// `error`, `warning` or `note`.
    pub severity: &'static str,
    /// What it finds.
    pub finds: &'static str,
    /// Why that matters and what to do about it.
    pub why: &'static str,
}
