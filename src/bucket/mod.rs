//! The bucketing algorithms: how a unit's text becomes a bucket. The only room that names a hash.
//!
//! Knows nothing of flags, users or percentages: a purpose, a key and a unit go in, a point comes out.
//! Which algorithm a flag uses is data, see [`Algorithm`].

mod algorithm;
mod point;
mod prefix;

pub use algorithm::{Algorithm, Purpose};
pub use point::Point;
pub use prefix::Prefix;
