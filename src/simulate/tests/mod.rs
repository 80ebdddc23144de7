//! Whole runs over small populations.

mod bulk;
mod counting;
mod keeping;
mod reading;
mod sorting;
mod support;
