//! Whole runs over small populations.

mod bulk;
mod configuration;
mod counting;
mod inputs;
mod keeping;
#[cfg(feature = "parquet")]
mod parquet;
mod reading;
mod sorting;
mod support;
mod times;
