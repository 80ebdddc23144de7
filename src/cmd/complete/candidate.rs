//! Something that could be typed, and the lines that the shells' scripts read.

use std::collections::HashSet;

use crate::output::sanitize;

/// Something that could be typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) value: String,
    /// What it is, for shells that show it.
    pub(super) about: String,
}

impl Candidate {
    pub(super) fn new(value: impl Into<String>, about: impl Into<String>) -> Self {
        Self { value: value.into(), about: about.into() }
    }
}

/// Everything that could stand at the cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Candidates {
    pub(super) all: Vec<Candidate>,
    /// Whether files could stand there too; the shell knows them best.
    pub(super) files: bool,
}

impl Candidates {
    pub(super) fn of(all: Vec<Candidate>) -> Self {
        Self { all, files: false }
    }

    pub(super) fn files() -> Self {
        Self { all: Vec::new(), files: true }
    }

    pub(super) fn or_files(mut self) -> Self {
        self.files = true;
        self
    }

    /// Keeps what begins so.
    pub(super) fn beginning(mut self, typed: &str) -> Self {
        self.all.retain(|candidate| candidate.value.starts_with(typed));
        self
    }

    /// Puts what stands before the cursor in the same word in front of each.
    pub(super) fn behind(mut self, prefix: &str) -> Self {
        for candidate in &mut self.all {
            candidate.value.insert_str(0, prefix);
        }
        self
    }

    /// Returns the lines: `files` or `values`, then a candidate a line, a tab before what it is. A value with a
    /// character that a terminal would obey or hide cannot be typed from a list, and is left out.
    pub(super) fn lines(&self) -> String {
        let mut out = String::from(if self.files { "files\n" } else { "values\n" });
        let mut seen = HashSet::new();
        for candidate in &self.all {
            let value = &candidate.value;
            if value.is_empty() || sanitize(value) != *value || !seen.insert(value) {
                continue;
            }
            out.push_str(value);
            if !candidate.about.is_empty() {
                out.push('\t');
                out.extend(sanitize(&candidate.about).chars().take(LONGEST));
            }
            out.push('\n');
        }
        out
    }
}

/// The longest description, in characters: more than a line of a list of candidates can show.
const LONGEST: usize = 100;
