//! `ffctl watch`: what changes, as it changes.

mod exec;
mod feed;
mod run;
mod tell;

pub(super) use run::run;
