//! Forty and more ways in which a token could go where it should not. A canary listens where it must never arrive,
//! and afterwards every output, every file and every process list is searched for it.
//!
//! What the settings decide about a token is in `credentials.rs`.

mod astray;
mod processes;
mod scenarios;
mod stage;
