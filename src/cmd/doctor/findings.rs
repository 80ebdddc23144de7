//! What was found so far.

use crate::error::Error;
use crate::exit;
use crate::report::{HealthCount, HealthReport};

/// The findings of all checks, in their order.
#[derive(Debug, Default)]
pub(super) struct Findings {
    all: Vec<HealthReport>,
    check: &'static str,
}

impl Findings {
    /// Names what is looked at from here on.
    pub(super) fn begin(&mut self, check: &'static str) {
        self.check = check;
    }

    /// Adds something that is as it should be, from a place if there is one.
    pub(super) fn ok(&mut self, message: impl Into<String>, place: Option<String>) {
        self.add("ok", message.into(), place, None, exit::DONE);
    }

    /// Adds something that was left out.
    pub(super) fn skipped(&mut self, message: impl Into<String>) {
        self.add("skipped", message.into(), None, None, exit::DONE);
    }

    /// Adds something to look at.
    pub(super) fn warning(&mut self, message: impl Into<String>, place: Option<String>, fix: Option<String>) {
        self.add("warning", message.into(), place, fix, exit::DONE);
    }

    /// Adds something that does not work: each mistake of a file, or the error as a whole.
    pub(super) fn wrong(&mut self, error: &Error, place: Option<String>) {
        let code = exit::code(error.kind());
        for mistake in error.diagnostics() {
            let place = format!("{}:{}:{}", mistake.file, mistake.line, mistake.column);
            self.add("wrong", mistake.message.clone(), Some(place), mistake.fix.clone(), code);
        }
        if error.diagnostics().is_empty() {
            self.add("wrong", error.to_string(), place, error.hints().first().cloned(), code);
        }
    }

    fn add(
        &mut self,
        level: &'static str,
        message: String,
        place: Option<String>,
        fix: Option<String>,
        exit: u8,
    ) {
        self.all.push(HealthReport { check: self.check, level, message, place, fix, exit });
    }

    /// Returns how many there are of each level.
    pub(super) fn count(&self) -> HealthCount {
        let of = |level| self.all.iter().filter(|finding| finding.level == level).count() as u64;
        HealthCount { ok: of("ok"), warning: of("warning"), wrong: of("wrong"), skipped: of("skipped") }
    }

    /// Returns the code of the run: of what is wrong, the one that goes first.
    pub(super) fn code(&self) -> u8 {
        exit::combined(self.all.iter().map(|finding| finding.exit))
    }

    /// Returns all of them.
    pub(super) fn into_reports(self) -> Vec<HealthReport> {
        self.all
    }
}
