//! Pages for a browser: a report as one file that is sent around, and what such a page and the dashboard have in common.
//! The colours are in `palette.css`.
//!
//! Everything is written with maud, which escapes whatever is not markup already. A page needs no script and nothing from
//! elsewhere, and forbids both. Nothing here counts, serves or writes a file.

mod configuration;
mod experiment;
mod flow;
mod forecast;
mod frame;
mod funnel;
mod groups;
mod making;
mod moves;
mod orgs;
mod overlap;
mod parts;
mod picture;
mod power;
mod provenance;
mod ramp;
mod series;
mod stack;
mod summary;
mod times;

pub use forecast::forecast_page;
pub use frame::is_page;
pub use making::Making;
pub use parts::{arm_mark, foreign_markup};
pub(super) use series::series;
