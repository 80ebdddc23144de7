//! Pages for a browser: what the dashboard and a report that is sent around have in common. The colours are in
//! `palette.css`.
//!
//! Everything is written with maud, which escapes whatever is not markup already; nothing here serves or writes a file.

mod parts;

pub use parts::{arm_mark, foreign_markup};
