//! flags.toml: reading it with the place of everything, every mistake in one run, and splicing changes into its text.
//!
//! No layers, no settings, no evaluation: what a definition means to a user is `eval/`, where the file is found
//! is `settings/`, and writing the spliced text to disk is `change/`.

mod mistake;
mod position;
mod syntax;

pub use position::{Position, Span};
