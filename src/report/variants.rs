//! The answer of `variant-for-user`.

use serde::Serialize;

use crate::bucket::{Algorithm, Number};
use crate::model::{Reason, Split, VariationName};

use super::common::{FreshnessReport, Note, Report, TargetReport};
use super::directory::DirectoryReport;

/// The variants of one user.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct VariantsReport {
    /// One answer an experiment.
    pub variants: Vec<VariantReport>,
    /// What came of looking the user up, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub directory: Option<DirectoryReport>,
    /// What the admin layer was read from.
    pub target: TargetReport,
    /// How old its answer is.
    pub freshness: FreshnessReport,
    /// What is worth a word.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

impl Report for VariantsReport {
    const SCHEMA: &'static str = "ffctl.variants/1";
}

/// The variant of one user in one experiment. In a stream (`-o jsonl`) each is an object of its own.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct VariantReport {
    /// The user's key; null where a record has none.
    pub user: Option<String>,
    /// The experiment.
    pub experiment: String,
    /// The variant.
    pub variant: VariationName,
    /// The slot among the shares, as the algorithm counts it; null where no bucket was asked.
    pub bucket: Option<Number>,
    /// Why.
    pub reason: Reason,
    /// What kept the assignment from being finished.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_code: Option<&'static str>,
    /// The gate: `open`, `closed`, or null where the experiment has none.
    pub gate: Option<&'static str>,
    /// The gate's flag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flag: Option<String>,
    /// Whether the variant is forced for this user.
    pub forced: bool,
    /// The variants and their shares; left out of streams.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shares: Option<Split>,
    /// The slots of the variant, first and first beyond, where a bucket was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slots: Option<(Number, Number)>,
    /// How many slots there are, or what stands for everyone where they are not counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<Number>,
    /// The bucketing algorithm.
    pub algorithm: Algorithm,
}
