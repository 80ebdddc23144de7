//! Asking again.
//!
//! A question is asked up to three times while its time limit lasts: after a fault of the network and after 5xx
//! (but for 501 and 505, which will not change), with a pause that grows and is drawn at random, so that many who
//! lost a server at once do not come back at once ("full jitter": any pause up to the bound). A server that says
//! when to come back is taken at its word: its time is waited for if it fits in the limit, else nothing more is
//! asked. 4xx, 429 among them, redirects and answers that are no answers are final.
//!
//! A change is sent again where that cannot make two of it: when it was not sent at all (no connection), and when
//! its answer was lost or is a 500, 502, 503 or 504, only if the server says that it honours the `Idempotency-Key`
//! that goes with it (`"idempotency_keys": true` beside the `flags` of its list). A precondition is not enough for
//! that: the second attempt would find the change of the first, and the conflict would look like somebody
//! else's. Everywhere else the outcome is unknown, and a person decides.

use std::time::Duration;

use reqwest::StatusCode;

use super::deadline::Deadline;
use super::retry_after::RetryAfter;

/// How often at most.
pub(crate) const ATTEMPTS: u32 = 3;
/// The bound of the first pause; each further one is twice as long.
const FIRST: Duration = Duration::from_millis(200);

/// How to wait, and where the lengths of pauses come from.
#[derive(Clone, Copy, Debug)]
pub struct Retries {
    /// Waits.
    pub sleep: fn(Duration),
    /// Decides the pauses.
    pub seed: u64,
}

/// The attempts of one question.
#[derive(Debug)]
pub(crate) struct Attempts {
    retries: Option<Retries>,
    made: u32,
    state: u64,
}

/// What an attempt came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is an answer, or a failure that another attempt would not change.
    Final,
    /// Another attempt may do; the server may have said how long to wait for it.
    Again(Option<Duration>),
}

impl Verdict {
    /// Returns what an answer of this status comes to.
    pub(crate) fn of(status: StatusCode, told: Option<RetryAfter>) -> Self {
        match status.as_u16() {
            500 | 502..=504 | 506..=599 => Self::Again(told.map(|told| told.wait)),
            _ => Self::Final,
        }
    }
}

impl Attempts {
    /// Returns the attempts of a question that starts now; only one without a way to wait.
    pub(crate) fn new(retries: Option<Retries>) -> Self {
        Self { retries, made: 0, state: retries.map_or(0, |retries| retries.seed) }
    }

    /// Returns how many were made.
    pub(crate) const fn made(&self) -> u32 {
        self.made
    }

    /// Counts an attempt; waits and tells whether there is to be another, which has at least `enough` of the limit.
    pub(crate) fn again(&mut self, verdict: Verdict, deadline: Deadline, enough: Duration) -> bool {
        self.made += 1;
        let (Verdict::Again(told), Some(retries)) = (verdict, self.retries) else { return false };
        if self.made >= ATTEMPTS {
            return false;
        }
        let pause = told.unwrap_or_else(|| self.pause());
        if pause.checked_add(enough).is_none_or(|needed| needed >= deadline.left()) {
            return false;
        }
        (retries.sleep)(pause);
        true
    }

    /// Draws the next pause.
    fn pause(&mut self) -> Duration {
        draw(&mut self.state, FIRST.saturating_mul(1 << (self.made - 1).min(16)))
    }
}

/// Draws a pause up to a bound.
fn draw(state: &mut u64, bound: Duration) -> Duration {
    // SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^= mixed >> 31;
    let micros = u64::try_from(bound.as_micros()).unwrap_or(u64::MAX);
    Duration::from_micros(mixed % micros.saturating_add(1))
}

/// The pauses of somebody who comes back for as long as it takes: drawn at random up to a bound that doubles.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    state: u64,
    first: Duration,
    bound: Duration,
    most: Duration,
}

impl Pace {
    /// Returns pauses up to `first`, then up to twice that, and so on up to `most`.
    pub(crate) const fn new(seed: u64, first: Duration, most: Duration) -> Self {
        Self { state: seed, first, bound: first, most }
    }

    /// Begins again, with pauses up to `first` from now on.
    pub(crate) fn restart(&mut self, first: Option<Duration>) {
        self.first = first.unwrap_or(self.first).min(self.most);
        self.bound = self.first;
    }

    /// Draws the next pause: at least a tenth of its bound, so that nobody is asked without one.
    pub(crate) fn next(&mut self) -> Duration {
        let bound = self.bound;
        self.bound = bound.saturating_mul(2).min(self.most);
        draw(&mut self.state, bound).max(bound / 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_once(_: Duration) {}

    const AGAIN: Verdict = Verdict::Again(None);

    #[test]
    fn three_attempts_and_no_more() {
        let limit = Deadline::after(Duration::from_mins(1));
        let mut attempts = Attempts::new(Some(Retries { sleep: at_once, seed: 1 }));
        let made: Vec<bool> = (0..3).map(|_| attempts.again(AGAIN, limit, Duration::ZERO)).collect();
        assert_eq!((made, attempts.made()), (vec![true, true, false], 3));
        let mut attempts = Attempts::new(Some(Retries { sleep: at_once, seed: 1 }));
        assert!(!attempts.again(Verdict::Final, limit, Duration::ZERO));
        assert!(!Attempts::new(None).again(AGAIN, limit, Duration::ZERO), "nobody can wait");
    }

    #[test]
    fn a_pause_that_does_not_fit_ends_it() {
        let limit = Deadline::after(Duration::from_secs(5));
        let again = |told: u64, enough: u64| {
            let mut attempts = Attempts::new(Some(Retries { sleep: at_once, seed: 1 }));
            attempts.again(
                Verdict::Again(Some(Duration::from_secs(told))),
                limit,
                Duration::from_secs(enough),
            )
        };
        assert!(again(0, 0) && again(4, 0) && again(2, 2));
        assert!(!again(5, 0) && !again(u64::MAX, 0) && !again(0, 5) && !again(3, 3));
    }

    #[test]
    fn pauses_grow_within_their_bounds_and_follow_the_seed() {
        let pauses = |seed: u64| {
            let mut attempts = Attempts::new(Some(Retries { sleep: at_once, seed }));
            [1, 2].map(|made| {
                attempts.made = made;
                attempts.pause()
            })
        };
        let all: Vec<_> = (0..1_000).map(pauses).collect();
        assert!(all.iter().all(|[one, two]| *one <= FIRST && *two <= FIRST * 2));
        assert!(
            all.iter().any(|[one, _]| *one < FIRST / 10) && all.iter().any(|[one, _]| *one > FIRST / 10 * 9)
        );
        assert!(all.iter().any(|[_, two]| *two > FIRST / 10 * 19));
        assert_eq!(pauses(7), pauses(7));
        assert_ne!(pauses(7), pauses(8));
    }

    #[test]
    fn a_pace_slows_down_to_its_most_and_begins_again() {
        let (first, most) = (Duration::from_secs(1), Duration::from_secs(30));
        let mut pace = Pace::new(7, first, most);
        let bounds = [1, 2, 4, 8, 16, 30, 30].map(Duration::from_secs);
        for bound in bounds {
            let pause = pace.next();
            assert!(pause <= bound && pause >= bound / 10, "{pause:?} of {bound:?}");
        }
        pace.restart(None);
        assert!(pace.next() <= first);
        pace.restart(Some(Duration::from_hours(1)));
        assert!(pace.next() <= most && pace.next() >= most / 10);
    }
}
