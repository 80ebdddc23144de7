//! The algorithms that are known by name.

mod row;
mod table;

pub use row::{preset, presets};
