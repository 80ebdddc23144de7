//! Who gets what: flags, segments and experiments compiled once, evaluated for any number of subjects.
//!
//! Total and pure: every evaluation ends with a variation and a reason, a malformed definition is a reason and
//! not a failure, and neither clock nor file is asked. The code that decides also explains: an [`Observer`]
//! sees every step and compiles away where nobody listens. No layers (`layer/` has already decided which
//! value of a field counts), no parsing of records (`context/`), no words for people (`report/`, `output/`).

mod attribute;
mod bounds;
mod cells;
mod clause;
mod compile;
mod evaluate;
mod experiment;
mod membership;
mod need;
mod observer;
mod order;
mod program;
mod question;
mod run;
mod state;
mod subject;
mod world;

pub use attribute::AttributeId;
pub use bounds::{Bounds, Part, on_bounds};
pub use cells::Cells;
pub use compile::in_order;
pub use evaluate::Evaluation;
pub use experiment::{Assignment, Gate};
pub use need::Need;
pub use observer::{Actual, Bucketed, NoObserver, Observer, Step};
pub use program::{Builder, ExperimentId, FlagId, Program, Slots};
pub use question::{Input, Question};
pub use run::{Run, Scratch};
pub use state::{Partial, State, state_of, variations_of};
pub use subject::{Subject, ValueRef};
pub use world::{Overlay, World};

#[cfg(test)]
pub(crate) mod tests;
