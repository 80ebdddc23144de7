//! `ffctl bucketing`, and flags that are bucketed as other systems do.

mod answers;
mod infer;
mod migrate;
mod observed;
mod printed;
#[cfg(unix)]
mod printed_rust;
#[cfg(unix)]
mod printed_sql;
mod unreadable;
mod vectors;
