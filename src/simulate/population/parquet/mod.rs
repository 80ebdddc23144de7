//! Parquet files: the columns that evaluation asks for, as rows of CSV whose header types them.
//!
//! What is done with a row is no matter of this room; and a file that is no Parquet never comes here.

mod at;
mod cells;
mod column;
mod file;

pub(super) use file::{ParquetFile, ParquetRows};
