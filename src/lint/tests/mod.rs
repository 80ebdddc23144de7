//! The rules together: nothing about sound files, everything about a rotten one, in order.

mod sound;
pub(super) mod support;
