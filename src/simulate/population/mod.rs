//! Where users come from: lists of ids, CSV, JSON lines, or made up from a seed; read in blocks of whole rows,
//! so that many threads share the work and memory stays flat.
//!
//! Knows nothing of what is done with a row: that is a [`Job`].

mod blocks;
mod bulk;
mod columns;
mod csv_rows;
mod format;
mod ids;
mod intake;
mod json_lines;
mod layout;
mod open;
mod synthetic;

pub use format::Format;
pub use intake::{Intake, WrongRow};
pub use open::{Options, Population};
pub use synthetic::synthetic_id;

pub(super) use bulk::InBulk;
pub(super) use columns::{Asked, Many, ManyMemory, Work};
pub(super) use intake::BlockIntake;
pub(super) use open::{Feed, Opened, Rows};
