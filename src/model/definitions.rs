//! Everything that a flags.toml defines.

use indexmap::IndexMap;

use super::bucketing::Bucketing;
use super::experiment::Experiment;
use super::flag::Flag;
use super::name::{ExperimentName, FlagName, SegmentName};
use super::segment::Segment;

/// The flags, experiments and segments of one file, in file order. Names agree with their keys, references
/// (prerequisites, gates, segments) name something that exists, and there is no cycle.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Definitions {
    /// The flags.
    pub flags: IndexMap<FlagName, Flag>,
    /// The experiments.
    pub experiments: IndexMap<ExperimentName, Experiment>,
    /// The segments.
    pub segments: IndexMap<SegmentName, Segment>,
    /// How flags and experiments are bucketed that do not say so themselves.
    pub bucketing: Bucketing,
}
