//! Records and options → contexts: what a user typed, a JSON document or a row of a population becomes the
//! keys and attributes that evaluation sees.
//!
//! Pure: text and values come in, a [`crate::model::Context`] or a [`ContextError`] goes out. No file is
//! opened here and no population streamed (`simulate/`); `email_domain`, `account_age_days` and segment
//! membership are not worked out here either, but by `eval/`, when and where they are asked for.

mod error;
mod field;
mod json;
mod options;
mod record;
mod typed;

pub use error::ContextError;
pub use field::{Columns, Role, header};
pub use json::{Document, from_json, from_text, from_value};
pub use options::{from_options, parse_attribute, set};
pub use record::{from_record, metadata};
pub use typed::{Typing, typed, typed_ref};
