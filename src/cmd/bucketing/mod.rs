//! `ffctl bucketing`: the algorithms, which of them production uses, and what another one would do.

mod chance;
mod definition;
mod infer;
mod migrate;
mod observed;
mod run;
mod show;
mod snippet;

pub(super) use run::run;
