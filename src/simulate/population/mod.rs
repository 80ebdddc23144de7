//! Where users come from: lists of ids, CSV, JSON lines, plain or compressed, one input after another, or made up
//! from a seed; read in blocks of whole rows, so that many threads share the work and memory stays flat.
//!
//! Knows nothing of what is done with a row: that is a [`Job`].

mod blank_lines;
mod blocks;
mod bulk;
mod columns;
mod compressed;
mod csv_rows;
mod damaged;
mod distinct;
mod feed;
mod format;
mod groups;
mod ids;
mod input;
mod intake;
mod json_lines;
mod layout;
mod member;
mod meter;
mod open;
mod opening;
#[cfg(feature = "parquet")]
mod parquet;
mod query;
mod synthetic;
mod unread;

pub use format::{Format, other_form};
pub use input::Input;
pub use intake::{InputRead, Intake, WrongRow};
pub use open::{Options, Population};
pub use opening::{READS_PARQUET, uncompressed};
pub use query::{QueryError, QueryFault, query_rows};
pub use synthetic::synthetic_id;
pub use unread::UnreadTimes;

pub(super) use bulk::InBulk;
pub(super) use columns::{Asked, Many, ManyMemory, Work};
pub(super) use damaged::Damaged;
pub(super) use distinct::{Distinct, Scan};
pub(super) use feed::{Feed, Place};
pub(super) use intake::{Adder, BlockIntake};
pub(super) use open::Block;
