//! When to look again: when a server says that something changed, or after a while.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::admin::{Signal, Target};
use crate::error::Result;
use crate::net::Pace;

/// A server sends something every 15 s, or it is not there any more.
const SILENCE: Duration = Duration::from_secs(45);
/// Also where nothing is heard of a change, one looks.
const ANYWAY: Duration = Duration::from_mins(1);
/// Pauses before a server is asked again that was lost.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// The longest that a server is left alone because it said so.
const LONGEST_TOLD: Duration = Duration::from_hours(1);
/// Signals that may wait; what comes beyond them says nothing new.
const WAITING: usize = 64;

/// What there is to look for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Woken {
    /// Something may have changed.
    Look,
    /// The server told that it has no events: it is asked again and again from now on.
    Polls(u16),
    /// It was asked too often: there is nothing to look for before it has been asked for its events again.
    Later,
    /// The time is over.
    Over,
}

/// How changes are noticed.
pub(super) struct Feed {
    mode: Mode,
    every: Duration,
    pace: Pace,
    /// What was heard behind a change, and not acted upon yet.
    next: Option<Signal>,
}

enum Mode {
    /// A server is listened to, since this instant without a word.
    Listening(Receiver<Signal>, Instant),
    /// It is asked for its events as soon as this instant has come.
    Coming(Instant),
    /// It is asked again and again.
    Polling,
}

impl Feed {
    /// Returns how a target is watched: by its events, or by asking it `every` so often.
    pub(super) fn new(events: bool, every: Duration, seed: u64) -> Self {
        let mode = if events { Mode::Coming(Instant::now()) } else { Mode::Polling };
        Self { mode, every, pace: Pace::new(seed, FIRST_PAUSE, LONGEST_PAUSE), next: None }
    }

    /// Waits until there is something to look for, or it is `end`. Asks for events from the journal entry after `since`
    /// on where it is time to.
    ///
    /// # Errors
    /// When there is no usable token.
    pub(super) fn wait(
        &mut self,
        target: &Target,
        since: Option<u64>,
        end: Option<Instant>,
        sleep: fn(Duration),
    ) -> Result<Woken> {
        let left = |until: Duration| end.map_or(until, |end| until.min(end - Instant::now().min(end)));
        let is_over = || end.is_some_and(|end| Instant::now() >= end);
        if is_over() {
            return Ok(Woken::Over);
        }
        if let Mode::Coming(at) = self.mode {
            let pause = at.saturating_duration_since(Instant::now());
            sleep(left(pause));
            if is_over() {
                return Ok(Woken::Over);
            }
            match target.listen(since)? {
                Some(listening) => {
                    let (sender, receiver) = sync_channel(WAITING);
                    thread::spawn(move || listening.run(&mut |signal| tell(&sender, signal)));
                    self.mode = Mode::Listening(receiver, Instant::now());
                }
                None => self.mode = Mode::Polling,
            }
        }
        let Mode::Listening(receiver, heard) = &mut self.mode else {
            sleep(left(self.every));
            return Ok(if is_over() { Woken::Over } else { Woken::Look });
        };
        let started = Instant::now();
        loop {
            let silent = heard.elapsed();
            let patience = SILENCE.saturating_sub(silent).min(ANYWAY.saturating_sub(started.elapsed()));
            let signal = self.next.take().map_or_else(|| receiver.recv_timeout(left(patience)), Ok);
            let signal = match signal {
                Ok(signal) => signal,
                Err(RecvTimeoutError::Disconnected) => Signal::Ended("it is over".to_owned()),
                Err(RecvTimeoutError::Timeout) if is_over() => return Ok(Woken::Over),
                Err(RecvTimeoutError::Timeout) if heard.elapsed() >= SILENCE => {
                    Signal::Ended("nothing is heard of it".to_owned())
                }
                Err(RecvTimeoutError::Timeout) => return Ok(Woken::Look),
            };
            *heard = Instant::now();
            match signal {
                Signal::Alive => {}
                Signal::Retry(wait) => self.pace.restart(Some(wait)),
                Signal::Open => {
                    self.pace.restart(None);
                    return Ok(Woken::Look);
                }
                Signal::Change(_) => {
                    // One look sees all of them.
                    let said = |signal: &Signal| !matches!(signal, Signal::Change(_) | Signal::Alive);
                    self.next = receiver.try_iter().find(said);
                    return Ok(Woken::Look);
                }
                Signal::Refused(status) => {
                    self.mode = Mode::Polling;
                    return Ok(Woken::Polls(status));
                }
                Signal::Busy(wait) => {
                    self.mode = Mode::Coming(Instant::now() + self.pause_of(wait));
                    return Ok(Woken::Look);
                }
                Signal::TooMany(wait) => {
                    self.mode = Mode::Coming(Instant::now() + self.pause_of(wait));
                    return Ok(Woken::Later);
                }
                Signal::Ended(_) => {
                    // Whether it is still there is looked for at once, and it is listened to again a little later.
                    self.mode = Mode::Coming(Instant::now() + self.pace.next());
                    return Ok(Woken::Look);
                }
            }
        }
    }

    /// Returns how long to wait before the next attempt, and no less than a server said.
    fn pause_of(&mut self, told: Option<Duration>) -> Duration {
        told.unwrap_or_default().min(LONGEST_TOLD).max(self.pace.next())
    }

    /// Waits before a target that is away is asked again, and no less than it said; tells whether the time is over.
    pub(super) fn pause(
        &mut self,
        told: Option<Duration>,
        end: Option<Instant>,
        sleep: fn(Duration),
    ) -> bool {
        let pause = self.pause_of(told);
        let left = end.map(|end| end.saturating_duration_since(Instant::now()));
        sleep(left.map_or(pause, |left| pause.min(left)));
        if !matches!(self.mode, Mode::Polling) {
            self.mode = Mode::Coming(Instant::now());
        }
        end.is_some_and(|end| Instant::now() >= end)
    }
}

/// Tells of a signal; one that finds no room says nothing that those before do not say.
fn tell(sender: &SyncSender<Signal>, signal: Signal) -> bool {
    use std::sync::mpsc::TrySendError;
    match signal {
        Signal::Change(_) | Signal::Alive => {
            !matches!(sender.try_send(signal), Err(TrySendError::Disconnected(_)))
        }
        signal => sender.send(signal).is_ok(),
    }
}
