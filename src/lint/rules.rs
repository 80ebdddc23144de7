//! Every rule with its code: the table that `ffctl lint --rules` prints and that SARIF carries.

use super::finding::Severity;
use super::{mistakes, rule};

/// A rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its stable word.
    pub code: &'static str,
    /// How bad its findings are.
    pub severity: Severity,
    /// What it finds: a lower-case fragment.
    pub finds: &'static str,
    /// Why that matters and what to do about it.
    pub why: &'static str,
}

/// Every rule, the worst first, then by what it looks at.
pub const RULES: [Rule; 36] = [
    mistakes::INVALID_DEFINITION,
    mistakes::FRACTION_AS_PERCENTAGE,
    mistakes::COLLIDING_VARIABLES,
    mistakes::CIRCULAR_REFERENCE,
    mistakes::MISPLACED_SETTING,
    mistakes::INVALID_ENV_FILE,
    rule::unreadable_variable::RULE,
    rule::near_miss_variable::RULE,
    rule::shadowed_variable::RULE,
    rule::duplicate_variable::RULE,
    rule::expired::RULE,
    rule::ownerless::RULE,
    rule::impossible_rule::RULE,
    rule::impossible_segment::RULE,
    rule::shadowed_rule::RULE,
    rule::never_met_prerequisite::RULE,
    rule::closed_gate::RULE,
    rule::duplicate_value::RULE,
    rule::same_people_first::RULE,
    rule::one_draw_for_two::RULE,
    rule::related_buckets::RULE,
    rule::too_fine_percentage::RULE,
    rule::expires_soon::RULE,
    rule::undescribed::RULE,
    rule::ungated_experiment::RULE,
    rule::off_with_targeting::RULE,
    rule::rollout_of_nobody::RULE,
    rule::redundant_rule::RULE,
    rule::redundant_entry::RULE,
    rule::separator_in_key::RULE,
    rule::unserved_variation::RULE,
    rule::unused_segment::RULE,
    rule::empty_segment::RULE,
    rule::empty_variable::RULE,
    rule::redundant_variable::RULE,
    rule::overridden_default::RULE,
];

/// Returns the rule of a code.
pub fn rule_of(code: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_words_and_each_stands_for_one_rule() {
        for (at, rule) in RULES.iter().enumerate() {
            let word = |c: char| c.is_ascii_lowercase() || c == '-';
            assert!(
                rule.code.chars().all(word) && rule.code.contains('-') || rule.code.len() > 5,
                "{}",
                rule.code
            );
            assert!(RULES[..at].iter().all(|other| other.code != rule.code), "{} twice", rule.code);
            assert!(!rule.finds.ends_with('.') && rule.why.ends_with('.'), "{}", rule.code);
        }
        assert!(RULES.is_sorted_by_key(|rule| rule.severity), "the worst first");
    }
}
