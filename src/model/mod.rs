//! What everything else talks about, as plain data: flags, rules, clauses, segments, experiments, contexts,
//! weights and shares, each valid by construction.
//!
//! Imports nothing of ours but the algorithms that a flag can be bucketed by, and nothing else may define these
//! words again. No file, no clock, no variable, no
//! output, no decision about a user: deciding is `eval/`, reading files is `flagfile/`.

mod bucketing;
mod clause;
mod context;
mod definitions;
mod experiment;
mod flag;
mod name;
mod reason;
mod segment;
mod share;
mod time;
mod value;
mod weight;

pub use bucketing::Bucketing;
pub use clause::{Clause, Operator};
pub use context::{Context, ContextKind, Part};
pub use definitions::Definitions;
pub use experiment::Experiment;
pub use flag::{BucketBy, Fallthrough, Flag, OFF, ON, Prerequisite, Rule, Serve, Variation, Variations};
pub use name::{ExperimentName, FlagName, NameError, SegmentName, VariationName, variable_of};
pub use reason::{ErrorCode, Reason};
pub use segment::{Segment, SegmentRule};
pub use share::{Share, ShareError, Split};
pub use time::{Date, TimeError, Timestamp};
pub use value::{Number, Value};
pub use weight::{Weight, WeightError};
