//! The bucketing algorithms: how a unit's text becomes a bucket. The only room that names a hash.
//!
//! An [`Algorithm`] is a name and two [`Record`]s, one for rollouts and one for variants: data that describes
//! nearly every system in use, [`presets`] by name or written in flags.toml. A [`Line`] is a record compiled for
//! one flag; it draws a unit's [`Draw`], which is compared with limits of the same record and with nothing else.
//!
//! Knows nothing of flags, users or percentages: texts and shares go in, draws and limits come out.

mod algorithm;
pub mod bulk;
mod code;
mod digest;
mod draw;
mod hash;
mod infer;
mod line;
mod number;
mod point;
mod prefix;
mod preset;
mod record;
mod reduction;
mod share;
mod source;
mod template;
mod whole;
mod words;

#[cfg(test)]
mod tests;

pub use algorithm::{Algorithm, Order, Purpose, SeedUse};
pub use draw::Draw;
pub use hash::Hash;
pub use infer::{Agreement, Candidate, Found, Observation, Search, Verdict, infer};
pub use line::{Line, Names};
pub use number::Number;
pub use point::Point;
pub use prefix::Prefix;
pub use preset::{preset, presets};
pub use record::{Compare, Count, Precision, Record, RecordError, Reduce, Seed, Slice};
pub use source::{Language, Unsupported, source};
pub use template::{Piece, Template, TemplateError};
pub use whole::Whole;
