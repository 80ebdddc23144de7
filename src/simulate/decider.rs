//! What decided about a user: which rule, a list, the default.

use crate::eval::{FlagId, Run, Subject};
use crate::model::{ErrorCode, Reason};

use super::tally::Assigned;

/// What decided, as the evaluation says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decider {
    /// A flag's reason, and its rule by position.
    Flag(FlagId, Reason, Option<usize>),
    /// How the variant of an experiment came about.
    Experiment(Assigned, Option<ErrorCode>),
}

/// What users get that nothing above matched.
const DEFAULT: &str = "default";
/// What stands for an evaluation that ended without a unit.
const NO_UNIT: &str = "no unit to bucket by";
/// What stands for one that ended by a definition that is wrong.
const INVALID: &str = "invalid definition";

impl Decider {
    /// Returns its name; `rules` are the names of the flag's rules.
    pub(super) fn name<S: Subject + ?Sized>(self, run: &Run<'_, S>, rules: &[Option<String>]) -> String {
        let fixed = match self {
            Self::Flag(_, _, Some(at)) => return rule_name(rules, at),
            Self::Flag(flag, Reason::TargetingMatch, None) if run.is_listed_user(flag) => "users",
            Self::Flag(_, Reason::TargetingMatch, None) => "orgs",
            Self::Flag(_, Reason::Disabled, None) => "switched off",
            Self::Flag(_, Reason::PrerequisiteFailed, None) => "prerequisites not met",
            Self::Flag(_, Reason::Error(code), None) | Self::Experiment(_, Some(code)) => match code {
                ErrorCode::TargetingKeyMissing => NO_UNIT,
                ErrorCode::InvalidDefinition => INVALID,
            },
            Self::Flag(_, Reason::Static | Reason::Default | Reason::Split, None) => DEFAULT,
            Self::Experiment(Assigned::Closed, None) => "gate closed",
            Self::Experiment(Assigned::Forced, None) => "forced",
            Self::Experiment(Assigned::Bucketed, None) => "by the bucket",
        };
        fixed.to_owned()
    }
}

fn rule_name(rules: &[Option<String>], at: usize) -> String {
    match rules.get(at).and_then(Option::as_ref) {
        Some(name) => format!("rule {}: {name}", at + 1),
        None => format!("rule {}", at + 1),
    }
}

/// Returns how all rules are called: those that decide about nobody are worth a line as well.
pub(super) fn rule_names(rules: &[Option<String>]) -> Vec<String> {
    (0..rules.len()).map(|at| rule_name(rules, at)).collect()
}
