//! What the configuration alone says about shares, without any user.

use crate::bucket::{Algorithm, Purpose};
use crate::eval::{World, in_order, state_of};
use crate::model::{Experiment, Fallthrough, Flag, ON, Serve, Split, VariationName, Weight};

/// The shares that a definition promises over many users.
#[derive(Clone, Debug, PartialEq)]
pub struct Expectation {
    /// The share of users that are in, 0.0..=1.0.
    pub share: f64,
    /// The share of each variation or variant, 0.0..=1.0; what is not named has none.
    pub variations: Vec<(VariationName, f64)>,
}

impl Expectation {
    fn new(off: Option<&VariationName>, variations: Vec<(VariationName, f64)>) -> Self {
        let inside = variations.iter().filter(|(name, _)| Some(name) != off);
        let share = inside.map(|(_, share)| *share).sum::<f64>().clamp(0.0, 1.0);
        Self { share, variations }
    }

    /// Returns the share of a variation.
    pub fn of(&self, variation: &VariationName) -> f64 {
        self.variations.iter().find(|(name, _)| name == variation).map_or(0.0, |(_, share)| *share)
    }
}

/// Returns what the definition of a flag promises: where everyone gets the same, or a plain rollout or split
/// decides; none where users, organisations, rules or prerequisites do.
pub fn expectation(world: &dyn World, flag: &Flag) -> Option<Expectation> {
    let off = flag.variations.off();
    if let Some(everyone) = state_of(world, flag).everyone() {
        return Some(Expectation::new(Some(off), vec![(everyone.clone(), 1.0)]));
    }
    if flag.is_targeted() {
        return None;
    }
    let variations = match &flag.fallthrough {
        Fallthrough::Rollout(weight) => {
            let on = flag.variations.find(ON)?.clone();
            let share = match *weight {
                Weight::NONE | Weight::ALL => weight.fraction(),
                // What the algorithm makes of it: not every one has a bucket for each thousandth of a percent.
                part => flag.bucketing.record(Purpose::Rollout).effective(part.thousandths(), Weight::TOTAL),
            };
            vec![(on, share), (off.clone(), 1.0 - share)]
        }
        Fallthrough::Serve(Serve::Variation(only)) => vec![(only.clone(), 1.0)],
        Fallthrough::Serve(Serve::Split(split)) => fractions(&flag.bucketing, split),
    };
    Some(Expectation::new(Some(off), variations))
}

/// Returns what the definition of an experiment promises: none where its gate lets only some in, nobody is
/// bucketed, or users are forced.
pub(super) fn of_experiment(world: &dyn World, experiment: &Experiment) -> Option<Expectation> {
    if !experiment.force.is_empty() {
        return None;
    }
    if let Some(gate) = &experiment.flag {
        let flag = world.flag(gate.as_str())?;
        let everyone = state_of(world, &flag).everyone().cloned()?;
        if everyone == *flag.variations.off() {
            return Some(Expectation { share: 0.0, variations: vec![(experiment.first().clone(), 1.0)] });
        }
    }
    Some(Expectation { share: 1.0, variations: fractions(&experiment.bucketing, &experiment.variants) })
}

/// Returns the share of each variation of a split, in its own order, as the algorithm has buckets for it.
fn fractions(algorithm: &Algorithm, split: &Split) -> Vec<(VariationName, f64)> {
    let pairs = in_order(algorithm, split);
    let shares: Vec<u32> = pairs.iter().map(|(_, share)| share.get()).collect();
    let each = algorithm.record(Purpose::Variant).fractions(&shares);
    let of = |wanted: &VariationName| {
        pairs.iter().zip(&each).find(|((name, _), _)| name == wanted).map_or(0.0, |(_, share)| *share)
    };
    split.pairs().iter().map(|(name, _)| (name.clone(), of(name))).collect()
}
