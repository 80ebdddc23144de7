//! Whole runs over small populations.

mod counting;
mod keeping;
mod reading;
mod support;
