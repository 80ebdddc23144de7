//! Every rule, to be run one after the other.

use super::{
    closed_gate, duplicate_value, duplicate_variable, empty_segment, empty_variable, expired, expires_soon,
    impossible_rule, impossible_segment, near_miss_variable, never_met_prerequisite, off_with_targeting,
    one_draw_for_two, overridden_default, ownerless, redundant_entry, redundant_rule, redundant_variable,
    related_buckets, rollout_of_nobody, same_people_first, separator_in_key, shadowed_rule,
    shadowed_variable, too_fine_percentage, undescribed, ungated_experiment, unreadable_variable,
    unserved_variation, unused_segment,
};
use crate::lint::scope::Scope;

/// What every rule does.
pub(in crate::lint) const ALL: [fn(&mut Scope<'_>); 30] = [
    closed_gate::find,
    duplicate_value::find,
    duplicate_variable::find,
    empty_segment::find,
    empty_variable::find,
    expired::find,
    expires_soon::find,
    impossible_rule::find,
    impossible_segment::find,
    near_miss_variable::find,
    never_met_prerequisite::find,
    off_with_targeting::find,
    one_draw_for_two::find,
    overridden_default::find,
    ownerless::find,
    redundant_entry::find,
    redundant_rule::find,
    redundant_variable::find,
    related_buckets::find,
    rollout_of_nobody::find,
    same_people_first::find,
    separator_in_key::find,
    shadowed_rule::find,
    shadowed_variable::find,
    too_fine_percentage::find,
    undescribed::find,
    ungated_experiment::find,
    unreadable_variable::find,
    unserved_variation::find,
    unused_segment::find,
];
