//! What users must pass before a flag's own rules, or an experiment's variants, are asked.

use serde::Serialize;

use crate::model::VariationName;

/// The funnel of one state.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FunnelReport {
    /// What state it is.
    pub label: String,
    /// How many users come in.
    pub users: u64,
    /// What they must pass, in this order; who does not is not asked for what comes after.
    pub steps: Vec<FunnelStep>,
    /// How many are left for the flag's own rules, or the experiment's variants.
    pub left: u64,
}

/// One thing to pass.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FunnelStep {
    /// `switch`, where the flag is off for everyone; `prerequisite`; `gate` of an experiment.
    pub kind: &'static str,
    /// The flag that is asked.
    pub flag: String,
    /// What it must serve; none for a gate, which anything but off opens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variation: Option<VariationName>,
    /// How many pass it, of those that passed all before.
    pub passed: u64,
}
