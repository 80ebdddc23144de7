//! What the room promises as a whole.

mod limits;
mod vectors;
