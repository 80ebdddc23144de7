//! A snapshot: what the overrides of a target were at one moment, and what that came to, as a file for people and
//! programs.
//!
//! Reads and writes the file. What of it is restored, and whether that may be, is not decided here.

mod file;
mod wire;

pub use file::{LARGEST_SNAPSHOT, save};
pub use wire::{SnapshotError, SnapshotFile, SnapshotFlag, SnapshotTarget};
