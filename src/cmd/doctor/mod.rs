//! `ffctl doctor`: everything that commands need, looked over one by one. A check that fails is a finding and stops no
//! other.
//!
//! Changes nothing and keeps nothing; what it finds other commands would find, too.

mod directory;
mod files;
mod findings;
mod run;
mod server;
mod settings;
mod stores;

pub(super) use run::run;
