//! What to know of a flag's bucketing beside the answer: percentages that its algorithm cannot express, a salt
//! that it lacks.

use crate::bucket::{Algorithm, Purpose};
use crate::model::{Experiment, Fallthrough, Flag, Weight};
use crate::output::short_percent;
use crate::report::Note;

/// Returns the notes of a flag as it is in effect.
pub(super) fn notes(flag: &Flag) -> Vec<Note> {
    let fallthrough = match &flag.fallthrough {
        Fallthrough::Rollout(weight) => Some(*weight),
        Fallthrough::Serve(_) => None,
    };
    let mut weights: Vec<Weight> = flag.rules.iter().map(|rule| rule.rollout).chain(fallthrough).collect();
    weights.sort_unstable();
    weights.dedup();
    weights.retain(|weight| !matches!(*weight, Weight::NONE | Weight::ALL));
    let mut notes: Vec<Note> =
        weights.iter().filter_map(|weight| too_fine(&flag.bucketing, *weight)).collect();
    if !weights.is_empty() {
        notes.extend(unsalted(&flag.bucketing, flag.name.as_str(), flag.salt.as_deref()));
    }
    notes
}

/// Returns the notes of an experiment.
pub(super) fn experiment_notes(experiment: &Experiment) -> Option<Note> {
    unsalted(&experiment.bucketing, experiment.name.as_str(), experiment.salt.as_deref())
}

/// Says what a percentage comes to that falls between two buckets.
pub(super) fn too_fine(algorithm: &Algorithm, weight: Weight) -> Option<Note> {
    let record = algorithm.record(Purpose::Rollout);
    let part = weight.thousandths();
    if record.can_express(part, Weight::TOTAL) {
        return None;
    }
    let buckets = record.buckets(Weight::TOTAL)?;
    let effective = short_percent(record.effective(part, Weight::TOTAL));
    Some(Note::new(format!("`{algorithm}` has {buckets} buckets: {weight} is {effective} in effect")))
}

fn unsalted(algorithm: &Algorithm, name: &str, salt: Option<&str>) -> Option<Note> {
    (algorithm.needs_salt() && salt.is_none()).then(|| {
        Note::new(format!("`{algorithm}` hashes a salt beside the name, and `{name}` has none"))
            .hint("salt = \"…\" in flags.toml, as the system has it")
    })
}
