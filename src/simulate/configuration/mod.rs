//! What the definitions alone say of a change, without any user: the cut points of all states merged, and the exact
//! share of every way from one variation to another.
//!
//! The evaluator decides for every piece between two cut points; nothing here reads rules or splits a second time but
//! to know where they cut. Counts no users (`forecast`), and writes no sentence (`cmd`).

mod cuts;
mod group;
mod layout;
mod offer;
mod orders;
mod walk;

pub use group::Whom;
pub use layout::{
    Configuration, Layout, LayoutChange, LayoutGroup, Piece, Redrawn, Several, Transition, configuration,
};
pub use offer::{Offer, OfferKind};
