//! Rehearsing: the real evaluator over real or made-up users, and what the counts mean.
//!
//! A [`Plan`] holds a flag or an experiment in several stages, now and after each step of a change; [`forecast`]
//! runs a [`Population`] through it and says who joins, leaves, switches and stays; [`assign`] streams which
//! user gets which variant. Populations are streamed: many threads, ordered results, flat memory, the same
//! answer for any number of threads. Users of whom only the id is known are counted in bulk where their draws alone
//! decide (`eval`'s cells), and rows with columns are where single cells do (`eval`'s questions), to the same answer.
//!
//! Decides nothing about a user (`eval/`), knows no bucketing (`bucket/`), looks for no file and prints nothing: a
//! reader comes in, plain data goes out.

mod assign;
mod change;
mod condition;
mod configuration;
mod decider;
mod dimension;
mod engine;
mod error;
mod expectation;
mod forecast;
mod funnel;
mod group;
mod guarantee;
mod job;
mod orgs;
mod overlap;
mod plan;
mod population;
mod quick;
mod sql;
mod statistics;
mod table;
mod tally;
mod times;
mod ways;

#[cfg(test)]
mod tests;

pub use assign::{Assigned, Render, assign};
pub use change::{Change, Counts, Keeps};
pub use condition::{Comparison, Condition, ConditionError, Metric, Threshold};
pub use configuration::{
    Configuration, Layout, LayoutChange, LayoutGroup, Offer, OfferKind, Piece, Redrawn, Several, Transition,
    Whom, configuration,
};
pub use dimension::Dimension;
pub use engine::Watch;
pub use error::SimulateError;
pub use expectation::{Expectation, expectation};
pub use forecast::{ExperimentCounts, Forecast, Stage, TakeJoin, VariationCount, forecast, unpopulated};
pub use funnel::{Hurdle, HurdleKind};
pub use group::{Group, GroupKey, Groups};
pub use guarantee::keeps_everyone;
pub use orgs::{Org, Orgs};
pub use overlap::Overlap;
pub use plan::{Detail, Moments, Plan, Thing};
pub use population::{
    Format, Input, InputRead, Intake, Options, Population, QueryError, QueryFault, READS_PARQUET,
    UnreadTimes, WrongRow, other_form, query_rows, synthetic_id, uncompressed,
};
pub use sql::{Dialect, SqlError, SqlQuery, UserTable, sql_query};
pub use statistics::{
    Association, Interval, Power, PowerComparison, SampleRatio, SequentialRatio, association,
    clopper_pearson, design_effect, effective_size, failure_bound, normal_quantile, normal_survival,
    rule_of_three, sample_ratio, sequential_ratio, sequential_ratio_of_groups, survival, wilson,
};
pub use times::{TimeCounts, Times};
pub use ways::Way;
