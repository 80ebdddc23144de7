//! The program from outside: one binary, a file per command, each test in a folder and an environment of its own.

mod architecture;
mod completions;
mod files;
mod help;
mod project;
mod readme;
mod remote;
mod set;
mod store;
#[expect(dead_code, reason = "unit tests use the rest of it")]
mod support;
mod terminal;
mod unset;
