//! Conditions on what flags are, and the verdict on each: the gate of a deploy.
//!
//! A condition is read from one line of text and judged against the layers by the one evaluator. A verdict says
//! no only where the answer is no; what nobody knows has an outcome of its own. No asking of servers, no waiting
//! and no words on how to ask again: that is `cmd/`.

mod condition;
mod experiment;
mod flag;
mod judge;
mod parse;
mod read;
mod verdict;

pub use condition::{Condition, Test};
pub use judge::{Asked, context_of, judge};
pub use parse::{Mistake, parse, parse_share};
pub use read::read;
pub use verdict::{Decided, Outcome, Verdict};
