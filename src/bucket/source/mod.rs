//! A record as a few lines of another language: what computes the same bucket there.

mod javascript;
mod language;
mod python;
mod rust;
mod sql;

pub use language::{Language, Unsupported, source};
