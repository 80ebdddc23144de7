//! Statistics of a forecast → their reports.

use crate::report::FailureBound;
use crate::simulate::{Change, failure_bound, rule_of_three};

/// How sure a bound of the failure rate is.
const CONFIDENCE: f64 = 0.95;

/// Returns what a step says of the failure rate if none of those whom it exposes fails; none where it exposes nobody.
pub(super) fn bound_of(change: &Change) -> Option<FailureBound> {
    let users = change.counts.joins + change.counts.switches;
    (users > 0).then(|| FailureBound {
        users,
        rate: failure_bound(users, CONFIDENCE),
        rule_of_three: rule_of_three(users),
        confidence: CONFIDENCE,
    })
}
