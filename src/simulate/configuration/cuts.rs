//! Where a definition cuts the draws of its lines, as shares of all.

use crate::bucket::{Algorithm, Draw, Line, Names, Purpose};
use crate::eval::in_order;
use crate::model::{BucketBy, Experiment, Fallthrough, Flag, Serve, Split, Weight};

/// One cut.
pub(super) struct Cut {
    /// What is drawn.
    pub(super) line: Line,
    /// For which unit.
    pub(super) by: BucketBy,
    /// What is hashed.
    input: String,
    limit: Draw,
    /// How large the share of all draws below the limit is.
    at: f64,
}

/// Who draws: a flag or an experiment.
#[derive(Clone, Copy)]
pub(super) struct Drawing<'a> {
    pub(super) algorithm: &'a Algorithm,
    pub(super) names: Names<'a>,
    pub(super) by: &'a BucketBy,
}

impl<'a> Drawing<'a> {
    pub(super) fn of_flag(flag: &'a Flag) -> Self {
        Self { algorithm: &flag.bucketing, names: flag.hash_names(), by: &flag.bucket_by }
    }

    pub(super) fn of_experiment(experiment: &'a Experiment) -> Self {
        let names = experiment.hash_names();
        Self { algorithm: &experiment.bucketing, names, by: &experiment.bucket_by }
    }

    fn cut(&self, purpose: Purpose, total: u32, limit: Draw, at: f64) -> Cut {
        Cut {
            line: Line::new(self.algorithm, purpose, self.names, total),
            by: self.by.clone(),
            input: self.algorithm.input(purpose, self.names, "unit"),
            limit,
            at,
        }
    }

    fn rollout(&self, weight: Weight, cuts: &mut Vec<Cut>) {
        if !matches!(weight, Weight::NONE | Weight::ALL) {
            let record = self.algorithm.record(Purpose::Rollout);
            let part = weight.thousandths();
            let limit = record.limit(part, Weight::TOTAL);
            // What the algorithm makes of it: not every one has a bucket for each thousandth of a percent.
            let at = record.effective(part, Weight::TOTAL);
            cuts.push(self.cut(Purpose::Rollout, Weight::TOTAL, limit, at));
        }
    }

    pub(super) fn split(&self, split: &Split, cuts: &mut Vec<Cut>) {
        let shares: Vec<u32> = in_order(self.algorithm, split).iter().map(|(_, share)| share.get()).collect();
        let record = self.algorithm.record(Purpose::Variant);
        let limits = record.limits(&shares);
        let mut at = 0.0;
        let ends = record.fractions(&shares).into_iter().map(|share| {
            at += share;
            at
        });
        // Whatever lies beyond the last limit is the last's.
        for (limit, at) in limits.into_iter().zip(ends).take(shares.len() - 1) {
            cuts.push(self.cut(Purpose::Variant, split.total(), limit, at));
        }
    }

    fn serve(&self, serve: &Serve, cuts: &mut Vec<Cut>) {
        if let Serve::Split(split) = serve {
            self.split(split, cuts);
        }
    }
}

/// Returns the cuts of a flag.
pub(super) fn of_flag(flag: &Flag) -> Vec<Cut> {
    let (drawing, mut cuts) = (Drawing::of_flag(flag), Vec::new());
    for rule in &flag.rules {
        drawing.rollout(rule.rollout, &mut cuts);
        drawing.serve(&rule.serve, &mut cuts);
    }
    match &flag.fallthrough {
        Fallthrough::Rollout(weight) => drawing.rollout(*weight, &mut cuts),
        Fallthrough::Serve(serve) => drawing.serve(serve, &mut cuts),
    }
    cuts
}

/// Returns the share of all draws of a line that lies below a limit.
pub(super) fn below(cuts: &[&Cut], line: &Line, limit: Draw) -> Option<f64> {
    cuts.iter().find(|cut| cut.limit == limit && cut.line == *line).map(|cut| cut.at)
}

/// Tells whether two different lines hash the same text of one unit: then the one number says something of the other,
/// and no product of shares holds.
pub(super) fn entangled(cuts: &[&Cut]) -> bool {
    cuts.iter().any(|one| {
        cuts.iter().any(|other| one.line != other.line && one.input == other.input && one.by == other.by)
    })
}

/// Tells whether every line and unit of the one is among those of the other.
pub(super) fn within(cuts: &[Cut], others: &[Cut]) -> bool {
    cuts.iter().all(|cut| others.iter().any(|other| cut.line == other.line && cut.by == other.by))
}
