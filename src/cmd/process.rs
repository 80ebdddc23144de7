//! What the process hands over: arguments, variables, clock, streams. Everything of the world that a command
//! may touch comes in through here.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

/// The world as `main` found it.
pub struct Process {
    /// The arguments, the program's name first.
    pub arguments: Vec<OsString>,
    /// The environment.
    pub variables: Vec<(OsString, OsString)>,
    /// The folder that the process started in.
    pub folder: anyhow::Result<PathBuf>,
    /// The clock.
    pub now: fn() -> SystemTime,
    /// How to wait.
    pub sleep: fn(Duration),
    /// Standard input.
    pub stdin: Box<dyn Read + Send>,
    /// Standard output.
    pub stdout: Box<dyn Write>,
    /// Standard error.
    pub stderr: Box<dyn Write>,
    /// Which of them are terminals.
    pub terminals: Terminals,
}

/// Which streams are terminals, and how wide the terminal is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terminals {
    /// Whether standard input is one.
    pub stdin: bool,
    /// Whether standard output is one.
    pub stdout: bool,
    /// Whether standard error is one.
    pub stderr: bool,
    /// The columns of the terminal, if it tells.
    pub width: Option<u16>,
}
