//! TOML as a tree that still knows where everything stood and how it was written.
//!
//! Built on the events of `toml_parser`, the recovering parser under the `toml` crate. Its ready-made
//! tree (`toml::de::DeTable`) drops the rest of a file at the first key without a value and forgets whether a
//! table was written with a header, dotted keys or braces, which splicing has to know. Nothing here knows
//! what a flag is.

mod build;
mod events;
mod plain;
mod resume;
mod tables;
mod tree;
mod values;
mod wording;

#[cfg(test)]
mod tests;

pub(super) use build::parse;
pub(super) use tree::{Data, Entry, Form, Node, Table, TableId, Tree};
