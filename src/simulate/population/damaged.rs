//! An input that opens, and cannot be read to its end: what is wrong with it.

use std::fmt;
use std::io;

/// What is wrong with an input, carried through a reader as the inner error of an [`io::Error`].
#[derive(Debug)]
pub(in super::super) struct Damaged {
    /// What the population is or does, such as `compressed with gzip and cut off`.
    pub(in super::super) what: String,
    /// What to do about it.
    pub(in super::super) hint: &'static str,
    /// Whether it is not the input that is wrong, but the way to it.
    pub(in super::super) away: bool,
}

impl Damaged {
    /// Returns the fault of an input as that of its reader.
    pub(super) fn error(what: String, hint: &'static str) -> io::Error {
        io::Error::other(Self { what, hint, away: false })
    }
}

impl std::error::Error for Damaged {}

impl fmt::Display for Damaged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}
