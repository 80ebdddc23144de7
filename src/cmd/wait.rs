//! `ffctl check --wait`: asking again until the conditions hold.

use std::time::Duration;

use crate::error::{Error, Kind, Result};
use crate::exit;
use crate::report::{CheckReport, ConditionReport};
use crate::settings::TimeLimits;

use super::check::{Look, Question};
use super::session::Session;

/// How long between the first look and the second; then half as long again each time.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// How often it is said what is waited for.
const SAY_EVERY: Duration = Duration::from_secs(30);

/// The shortest time that a server is given, also at the deadline: half a second over it is within what a time limit
/// promises.
const SHORTEST_LOOK: Duration = Duration::from_millis(500);

impl Session {
    /// Returns the time limits of a server, with what is left of a wait.
    ///
    /// # Errors
    /// When `FFCTL_TIMEOUT` is none.
    pub(super) fn read_limits(&self) -> Result<TimeLimits> {
        let limits = self.settings.limits()?;
        Ok(self.patience.map_or(limits, |patience| limits.within(patience)))
    }

    /// Looks until all conditions hold, an answer comes that waiting does not change, or the time is over.
    ///
    /// # Errors
    /// As [`Session::look`].
    pub(super) fn wait(&mut self, question: &Question<'_>, limit: Duration) -> Result<Look> {
        let started = (self.clock)();
        // A clock that is set back must not make the wait longer.
        let mut slept = Duration::ZERO;
        let mut pause = FIRST_PAUSE;
        let mut said: Option<Duration> = None;
        let mut last: Option<Look> = None;
        let mut left = limit;
        let whole = self.settings.limits()?.read;
        loop {
            let patience = left.max(SHORTEST_LOOK);
            self.patience = Some(patience);
            let mut look = self.look(question)?;
            // That there was no time for an answer says nothing of what was asked; the answer before does.
            if patience < whole
                && look.failure.as_ref().is_some_and(|error| is_away(error.kind()))
                && let Some(last) = last.take().filter(|last| last.failure.is_none())
            {
                look = last;
            }
            let waited = (self.clock)().duration_since(started).unwrap_or_default().max(slept);
            look.report.waited_seconds = Some(waited.as_secs());
            left = limit.saturating_sub(waited);
            if look.report.holds || !may_change(look.report.exit) || left.is_zero() {
                return Ok(look);
            }
            if said.is_none_or(|said| waited.saturating_sub(said) >= SAY_EVERY) {
                said = Some(waited);
                self.say_waiting(&waiting_for(&look.report, look.failure.as_ref()), left);
            }
            // The last look is at the deadline, not a pause before it.
            let nap = pause.min(left);
            (self.sleep)(nap);
            slept += nap;
            left = left.saturating_sub(nap);
            last = Some(look);
            pause = (pause * 3 / 2).min(LONGEST_PAUSE);
        }
    }
}

/// Tells whether time alone may change an answer: a value, a server that is away, or one that is behind. A mistake,
/// an unknown flag and refused credentials stay what they are.
pub(super) const fn may_change(code: u8) -> bool {
    code == exit::NO
        || code == exit::code(Kind::Unreachable)
        || code == exit::code(Kind::Stale)
        || code == exit::code(Kind::Drift)
}

/// Tells whether a server gave no answer of its own.
const fn is_away(kind: Kind) -> bool {
    matches!(kind, Kind::Unreachable | Kind::Stale)
}

/// Returns what is waited for, in words.
fn waiting_for(report: &CheckReport, failure: Option<&Error>) -> String {
    if let Some(failure) = failure {
        return failure.to_string();
    }
    let open: Vec<&ConditionReport> = report.conditions.iter().filter(|condition| !condition.holds).collect();
    let first =
        open.first().map_or_else(String::new, |first| format!("{} {}", first.condition, first.answer()));
    match open.len() {
        0 | 1 => first,
        more => format!("{first}, and {} more", more - 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_time_may_change_is_waited_for() {
        for kind in Kind::ALL {
            let waits = matches!(kind, Kind::Unreachable | Kind::Stale | Kind::Drift);
            assert_eq!(may_change(exit::code(kind)), waits, "{kind:?}");
        }
        assert!(may_change(exit::NO));
    }
}
