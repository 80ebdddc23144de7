//! `ffctl __complete WORD…`: what could stand at the end of a command line that somebody types. The scripts of the
//! shells ask it; the last word is the one at the cursor, maybe empty.
//!
//! From files only: flags.toml, the env file, the local store, the last answer of a server. Nobody is asked, and
//! whatever goes wrong is silent: a completion that complains spoils the line that is being typed.

mod candidate;
mod cursor;
mod known;
mod run;
mod values;

pub(super) use run::{is_asked, run};

#[cfg(test)]
mod tests;
