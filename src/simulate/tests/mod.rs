//! Whole runs over small populations.

mod bulk;
mod configuration;
mod counting;
mod keeping;
mod reading;
mod support;
mod times;
