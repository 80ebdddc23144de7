//! Asking for a secret at the terminal, without showing what is typed.

use crate::error::{Error, Kind, Result};

use super::console::Console;

/// Bytes: more than any token.
const LONGEST: usize = 16 * 1024;

impl Console {
    /// Asks at the terminal for a secret; what is typed is not shown. Never reads from standard input.
    ///
    /// # Errors
    /// Kind `Refused` when there is no terminal, `Interrupted` when it was left with ctrl-c.
    #[cfg(unix)]
    pub(super) fn ask_secret(&mut self, question: &str) -> Result<String> {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};

        let refused = |error: std::io::Error| no_terminal().caused_by(error);
        let terminal =
            std::fs::OpenOptions::new().read(true).open(super::console::TERMINAL).map_err(refused)?;
        let before = tcgetattr(&terminal).map_err(|error| refused(error.into()))?;
        let mut silent = before.clone();
        // Without signals, so that the terminal shows again what is typed, however this ends.
        silent.local_modes -= LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG;
        tcsetattr(&terminal, OptionalActions::Flush, &silent).map_err(|error| refused(error.into()))?;
        self.words(question);
        let read = read_line(&terminal);
        let restored = tcsetattr(&terminal, OptionalActions::Now, &before);
        self.words("\n");
        restored.map_err(|error| refused(error.into()))?;
        read
    }

    /// Cannot ask for a secret here.
    ///
    /// # Errors
    /// Kind `Refused`, always.
    #[cfg(not(unix))]
    pub(super) fn ask_secret(&mut self, _question: &str) -> Result<String> {
        Err(no_terminal())
    }
}

fn no_terminal() -> Error {
    Error::new(Kind::Refused, "there is no terminal to ask for the token at")
        .hint("ffctl login < FILE reads it from standard input")
}

/// Reads what is typed up to the end of the line, with backspace, ctrl-u, ctrl-c and ctrl-d as everywhere.
#[cfg(unix)]
fn read_line(terminal: &std::fs::File) -> Result<String> {
    use std::io::Read;

    let failed = |error: std::io::Error| {
        Error::new(Kind::Local, "cannot read what is typed at the terminal").caused_by(error)
    };
    let mut typed: Vec<u8> = Vec::new();
    let mut terminal = terminal;
    // One by one: what is typed behind the line is for whoever asks next.
    let mut one = [0];
    while terminal.read(&mut one).map_err(failed)? > 0 {
        match one[0] {
            b'\r' | b'\n' | 0x04 => break,
            0x03 => return Err(Error::new(Kind::Interrupted, "interrupted; nothing was kept")),
            0x08 | 0x7f => {
                typed.pop();
            }
            0x15 => typed.clear(),
            byte if typed.len() < LONGEST => typed.push(byte),
            _ => return Err(Error::new(Kind::Credentials, "what was typed is too long for a token")),
        }
    }
    String::from_utf8(typed).map_err(|_| Error::new(Kind::Credentials, "what was typed is not text"))
}
