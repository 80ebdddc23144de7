//! flags.toml: reading it with the place of everything, every mistake in one run, and splicing changes into its text.
//!
//! No layers, no settings, no evaluation: what a definition means to a user is `eval/`, where the file is found
//! is `settings/`, and writing the spliced text to disk is `change/`.

pub mod code;
mod file;
mod keys;
mod mistake;
mod outline;
mod places;
mod position;
mod quote;
mod read;
mod splice;
mod starter;
mod syntax;

#[cfg(test)]
mod tests;

pub use file::FlagFile;
pub use outline::{Outline, Place, Step};
pub use places::FlagPlaces;
pub use position::{Excerpt, Position, Span};
pub use splice::{DocumentEdit, Edit, SpliceError, edit_document, remove, splice};
pub use starter::starter;
