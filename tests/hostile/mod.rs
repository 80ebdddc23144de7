//! Hostile strings in everything that the program reads, end to end: nothing that a terminal or a CI system would
//! obey comes out, in any format, and tables stay tables.
//!
//! What each report does with each string is tested beside `src/output`; here the real program reads them from
//! files, variables, arguments and servers.

mod arguments;
mod check;
mod commands;
mod files;
mod project;
mod servers;
mod strings;
mod terminals;
mod variables;
