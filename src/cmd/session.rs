//! One run of the program: settings, clock, streams, and how answers go out.

use std::io::Read;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::admin::Target;
use crate::directory::Directory;
use crate::error::{Error, Kind, Result};
use crate::layer::View;
use crate::model::Timestamp;
use crate::output::{self, Format, Present};
use crate::report::Note;
use crate::settings::Settings;

use super::console::Console;

/// Everything that a command may use of the world.
pub(super) struct Session {
    /// Options, variables and folders.
    pub(super) settings: Settings,
    /// The streams.
    pub(super) console: Console,
    /// How to answer.
    pub(super) format: Format,
    /// What was said so far where a failure must be one JSON object: said in the end, or in that object.
    pub(super) held_back: Vec<Note>,
    /// Whether `--offline` was given.
    pub(super) offline: bool,
    /// The oldest answer of a server that will do when it is away, as `--max-age` says.
    pub(super) max_age: Option<Duration>,
    /// The command line as it was typed, to be typed again.
    pub(super) command_line: String,
    /// Whose word on a switch counts, as `--view` says.
    pub(super) view: Option<View>,
    /// The target of an earlier look, to be asked again: a new client would set up a connection of its own.
    pub(super) kept: Option<Arc<Target>>,
    /// Whether what servers resolve flags to is read as well.
    pub(super) states: bool,
    /// The user directory, once it was asked.
    pub(super) directory: Option<Directory>,
    /// The clock.
    pub(super) clock: fn() -> SystemTime,
    /// How long a read of a server may take at most, whatever `FFCTL_TIMEOUT` says, where little time is left.
    pub(super) patience: Option<Duration>,
    /// Waits.
    pub(super) sleep: fn(Duration),
    /// Standard input, until somebody takes it.
    pub(super) stdin: Option<Box<dyn Read + Send>>,
}

impl Session {
    /// Returns the time.
    pub(super) fn now(&self) -> Timestamp {
        let since = (self.clock)().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    /// Answers: renders a report to standard output.
    pub(super) fn emit<R: Present>(&mut self, report: &R) -> Result<()> {
        let text = output::render(report, self.format, &self.console.data);
        self.console.data(&text)
    }

    /// Says something on standard error that fails nothing.
    pub(super) fn note(&mut self, note: &Note) {
        if self.format.is_json() {
            self.held_back.push(note.clone());
            return;
        }
        self.say(note);
    }

    /// Says on standard error what a command waits for, and for how long at most. Where a failure must be one JSON
    /// object it says nothing in between.
    pub(super) fn say_waiting(&mut self, what: &str, left: Duration) {
        if !self.format.is_json() {
            let text = output::waiting(what, left, &self.console.words);
            self.console.words(&text);
        }
    }

    /// Says something on standard error at once, whatever the format.
    pub(super) fn say(&mut self, note: &Note) {
        let text = output::note(note, &self.console.words);
        self.console.words(&text);
    }

    /// Says what was held back.
    pub(super) fn let_go(&mut self) {
        for note in std::mem::take(&mut self.held_back) {
            self.say(&note);
        }
    }

    /// Says several things.
    pub(super) fn notes(&mut self, notes: &[Note]) {
        for note in notes {
            self.note(note);
        }
    }

    /// Returns standard input; only once, since it can be read only once.
    ///
    /// # Errors
    /// Kind `Usage` the second time.
    pub(super) fn stdin(&mut self) -> Result<Box<dyn Read + Send>> {
        self.stdin.take().ok_or_else(|| Error::new(Kind::Usage, "standard input (-) is asked for twice"))
    }
}
