//! Layers as data: what each source says of each field of a flag, which one wins, and what lies below.
//!
//! `default` (flags.toml) < `env` (`FF_*`) < `admin` (overrides of the target); resolution is per field, and
//! entry by entry in `users` and `orgs`. Nothing is thrown away on the way: an overridden value keeps its
//! place. No reading of the process environment, of stores or servers: their contents come in as data.

mod admin;
mod dotenv;
mod drift;
mod ends;
mod env;
mod field;
mod origin;
mod place;
mod resolve;
mod source;
mod stack;
mod wire;

#[cfg(test)]
mod tests;

pub use admin::{AdminLayer, Freshness, ServerFlag, ServerState, TargetKind, TargetLabel, Version, View};
pub use dotenv::{DotenvEntry, DotenvError, parse_dotenv};
pub use drift::Drift;
pub use ends::{Ends, FieldEnds, ends_from_json, ends_time, ends_to_json};
pub use env::{EnvLayer, EnvNote, EnvProblem, SwitchWord, Variable, parse_switch};
pub use field::{Field, FieldValue, Patch, Values};
pub use origin::Origin;
pub use resolve::{LayerProblem, Layers, Resolved, WhatIf};
pub use source::Source;
pub use stack::{Setting, Stack};
pub use wire::{WireError, patch_from_json, patch_to_json, values_from_json, values_to_json};
