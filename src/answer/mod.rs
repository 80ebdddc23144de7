//! From what the layers resolve to and the evaluator decides to reports: what the command line and the server answer
//! with.
//!
//! Pure: the layers and the time come in, plain data goes out. What reports look like is `output/`'s business, what
//! is asked for `cmd/`'s and `server/`'s.

mod definition;
mod drift;
mod evaluation;
mod flag;
mod seen;
mod trace;
mod value;
pub mod words;

pub use definition::definition_mark;
pub use drift::drifting;
pub use evaluation::{context_report, evaluation, traced};
pub use flag::{definition_report, field_reports, flag_report, override_ends};
pub use seen::{Seen, SeenFlags, Whose, compare_seen, differing};
pub use trace::{Place, Trace, bucket_report};
pub use value::{deciding_bucket, evaluate_value, value_report};
