//! The rules, one a file: its entry in the table, and what it looks for.
//!
//! A rule that could be wrong about somebody's intention is a note; one that could be wrong about what happens is none.

mod all;
pub(super) mod closed_gate;
pub(super) mod duplicate_value;
pub(super) mod duplicate_variable;
pub(super) mod empty_segment;
pub(super) mod empty_variable;
pub(super) mod expired;
pub(super) mod expires_soon;
pub(super) mod impossible_rule;
pub(super) mod impossible_segment;
pub(super) mod near_miss_variable;
pub(super) mod never_met_prerequisite;
pub(super) mod off_with_targeting;
pub(super) mod one_draw_for_two;
pub(super) mod overridden_default;
pub(super) mod ownerless;
pub(super) mod redundant_entry;
pub(super) mod redundant_rule;
pub(super) mod redundant_variable;
pub(super) mod related_buckets;
pub(super) mod rollout_of_nobody;
pub(super) mod same_people_first;
pub(super) mod separator_in_key;
pub(super) mod shadowed_rule;
pub(super) mod shadowed_variable;
pub(super) mod too_fine_percentage;
pub(super) mod undescribed;
pub(super) mod ungated_experiment;
pub(super) mod unreadable_variable;
pub(super) mod unserved_variation;
pub(super) mod unused_segment;

pub(super) use all::ALL;
