//! Changing single values in the text of a flags.toml: every other byte stays as it was.
//!
//! The text is never written from the definitions: comments, order, line ends, quotes and the way a table is
//! written belong to the people who wrote them. What was spliced is read back and compared before anyone
//! gets it. Writing it to disk is `change/`.

mod document;
mod edit;
mod error;
mod list;
mod patch;
mod remove;
mod run;
mod table;
mod targets;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

pub use document::{DocumentEdit, edit_document};
pub use edit::Edit;
pub use error::SpliceError;
pub use remove::remove;
pub use run::splice;
