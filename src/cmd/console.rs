//! The two output streams: data on one, words on the other; and the terminal to ask at.

use std::fs::OpenOptions;
use std::io::{BufRead, BufReader, ErrorKind, Write};

use crate::error::{Error, Kind, Result};
use crate::output::Screen;

use super::process::Terminals;

/// Standard output and standard error with what is known of each.
pub(super) struct Console {
    stdout: Box<dyn Write>,
    stderr: Box<dyn Write>,
    /// How data is drawn.
    pub(super) data: Screen,
    /// How words are drawn.
    pub(super) words: Screen,
    /// Which streams are terminals.
    terminals: Terminals,
    /// Whether a progress line stands there now.
    progress: bool,
    /// Whether nobody reads standard output any more.
    closed: bool,
}

/// The terminal that a person sits at, whatever the streams are connected to.
#[cfg(unix)]
pub(super) const TERMINAL: &str = "/dev/tty";
#[cfg(windows)]
pub(super) const TERMINAL: &str = "CONIN$";

impl Console {
    /// Returns the console of these streams.
    pub(super) fn new(
        stdout: Box<dyn Write>,
        stderr: Box<dyn Write>,
        data: Screen,
        words: Screen,
        terminals: Terminals,
    ) -> Self {
        Self { stdout, stderr, data, words, terminals, progress: false, closed: false }
    }

    /// Writes data to standard output. When nobody reads it any more, the rest is quietly dropped, see
    /// [`Console::is_closed`].
    ///
    /// # Errors
    /// Kind `Local` when it cannot be written for another reason, such as a full disk.
    pub(super) fn data(&mut self, text: &str) -> Result<()> {
        self.clear_progress();
        if self.closed {
            return Ok(());
        }
        let written = self.stdout.write_all(text.as_bytes()).and_then(|()| self.stdout.flush());
        match written {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(())
            }
            Err(error) => Err(Error::new(Kind::Local, "cannot write the answer").caused_by(error)),
        }
    }

    /// Tells whether nobody reads standard output any more.
    pub(super) const fn is_closed(&self) -> bool {
        self.closed
    }

    /// Writes words to standard error; where that is not possible, nobody can be told.
    pub(super) fn words(&mut self, text: &str) {
        self.clear_progress();
        let _ = self.stderr.write_all(text.as_bytes()).and_then(|()| self.stderr.flush());
    }

    /// Tells whether progress may be shown.
    pub(super) const fn shows_progress(&self) -> bool {
        self.terminals.stderr
    }

    /// Shows a progress line in place of the one before.
    pub(super) fn progress(&mut self, line: &str) {
        if self.terminals.stderr {
            self.progress = true;
            let _ = write!(self.stderr, "\r\x1b[2K{line}").and_then(|()| self.stderr.flush());
        }
    }

    /// Takes the progress line away.
    pub(super) fn clear_progress(&mut self) {
        if std::mem::take(&mut self.progress) {
            let _ = write!(self.stderr, "\r\x1b[2K").and_then(|()| self.stderr.flush());
        }
    }

    /// Tells whether the answer goes to the terminal at which a person is asked.
    pub(super) const fn answers_there(&self) -> bool {
        self.terminals.stdout && self.terminals.stderr
    }

    /// Tells whether a person can be asked: words go to a terminal.
    pub(super) const fn can_ask(&self) -> bool {
        self.terminals.stderr
    }

    /// Tells whether standard input is what a person types.
    pub(super) const fn types(&self) -> bool {
        self.terminals.stdin
    }

    /// Asks at the terminal and returns the answer, trimmed. Never reads from standard input, which may be a
    /// pipe.
    ///
    /// # Errors
    /// Kind `Refused` when there is no terminal.
    pub(super) fn ask(&mut self, question: &str) -> Result<String> {
        let refused = |error: std::io::Error| {
            Error::new(Kind::Refused, "there is no terminal to ask at").caused_by(error).hint("add --yes")
        };
        let terminal = OpenOptions::new().read(true).open(TERMINAL).map_err(refused)?;
        self.words(question);
        let mut answer = String::new();
        BufReader::new(terminal).read_line(&mut answer).map_err(refused)?;
        Ok(answer.trim().to_owned())
    }
}
