//! Tests of the room as a whole.

mod broken;
mod reads;
