//! Many units at once: where whole populations fall.
//!
//! A [`Bulk`] is a line with limits; it says between which of them each unit of a [`Batch`] draws. SHA-256, SHA-1
//! and MD5 are computed in lanes, a unit in each, where the processor has them; the [`Engine`] is chosen once, when
//! a bulk job starts. Limits are compared in hash space: from the record's own arithmetic it is found out beforehand
//! which numbers of a digest draw below them, so that nothing is divided for a unit.
//!
//! The only module with `unsafe`: for what `std::arch` needs, and for calling what a processor was asked for.
//! Nothing here decides what a draw is (`line.rs`, `reduction.rs`), and nothing knows blank lines or wrong rows.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod batch;
mod divisor;
mod engine;
#[cfg(target_arch = "x86_64")]
mod lanes;
mod lines;
mod marks;
mod message;
mod places;
mod quotes;
#[cfg(target_arch = "x86_64")]
mod rounds;

#[cfg(test)]
mod tests;

pub use batch::Batch;
pub use engine::Engine;
pub use lines::each_line;
pub use marks::{Marks, has_odd_bytes};
pub use places::{Bulk, Scratch};
pub use quotes::{Quotes, QuotesMemory};
