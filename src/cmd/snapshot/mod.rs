//! `ffctl snapshot`: keeping what the overrides of a target are, and bringing it back.

mod compare;
mod keep;
mod restore;
mod run;
mod words;

pub(super) use run::run;
pub(super) use words::{seen, snapshot_names, target_of};
