//! The formats of `-o`.

use std::fmt;

/// How an answer is written to stdout.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Format {
    /// For people: tables, trees and charts.
    #[default]
    Table,
    /// One indented JSON document.
    Json,
    /// One JSON object a line.
    Jsonl,
    /// Comma-separated values with a header, RFC 4180.
    Csv,
    /// GitHub's Markdown, for pull requests and wikis.
    Markdown,
    /// The names alone, one a line.
    Name,
    /// Workflow commands that GitHub shows beside the code; of verdicts and findings alone.
    Github,
    /// The XML of test results that most CI systems show; of verdicts alone.
    Junit,
    /// SARIF 2.1.0, for code scanning; of findings alone.
    Sarif,
}

impl Format {
    /// Every format, in the order of the help.
    pub const ALL: [Self; 9] = [
        Self::Table,
        Self::Json,
        Self::Jsonl,
        Self::Csv,
        Self::Markdown,
        Self::Name,
        Self::Github,
        Self::Junit,
        Self::Sarif,
    ];
    /// The formats that every command answers in.
    pub const GENERAL: [Self; 6] =
        [Self::Table, Self::Json, Self::Jsonl, Self::Csv, Self::Markdown, Self::Name];

    /// Returns the word of `-o`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Markdown => "markdown",
            Self::Name => "name",
            Self::Github => "github",
            Self::Junit => "junit",
            Self::Sarif => "sarif",
        }
    }

    /// Returns the format of a word of `-o`.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.word() == word)
    }

    /// Tells whether the format is JSON; then failures are JSON as well.
    pub const fn is_json(self) -> bool {
        matches!(self, Self::Json | Self::Jsonl)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_reads_back() {
        for format in Format::ALL {
            assert_eq!(Format::parse(format.word()), Some(format));
        }
        assert_eq!(Format::parse("yaml"), None);
    }
}
