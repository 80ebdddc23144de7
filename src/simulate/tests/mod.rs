//! Whole runs over small populations.

mod bulk;
mod configuration;
mod counting;
mod inputs;
mod keeping;
mod reading;
mod sorting;
mod support;
mod times;
