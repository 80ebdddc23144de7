//! Tests of the room as a whole.

mod broken;
mod mutations;
mod reads;
mod schema;
