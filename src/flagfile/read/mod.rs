//! Tree → definitions: what each key means, and every way in which it can be wrong.
//!
//! One mistake is reported once: what cannot be read becomes `None`, and whoever needed it keeps quiet.

mod bucketing;
mod clause;
mod cycle;
mod experiment;
mod fallthrough;
mod file;
mod flag;
mod operand;
mod prerequisite;
mod reader;
mod record;
mod rule;
mod segment;
mod split;
mod targets;
mod text;
mod variations;

pub(super) use file::read;
