//! What draws a bucket: rollouts and splits of flags, and experiments; held against each other with made-up users.

use crate::bucket::{Algorithm, Draw, Line, Names, Order, Purpose, Record};
use crate::flagfile::{Span, Step};
use crate::model::{BucketBy, Experiment, Fallthrough, Flag, Serve, Split, Weight};

use super::scope::Scope;

/// How many users are made up: a share is known to a percent, a correlation of chance is below 0.05.
const USERS: usize = 10_000;

/// A rollout that is neither nobody nor everybody, or a split.
pub(super) struct Drawn<'a> {
    /// The flag or experiment.
    pub(super) name: &'a str,
    /// Its gate, of an experiment.
    pub(super) gate: Option<&'a str>,
    pub(super) purpose: Purpose,
    pub(super) names: Names<'a>,
    pub(super) by: &'a BucketBy,
    pub(super) algorithm: &'a Algorithm,
    /// What is inside: `25%`, or the variation that is drawn first.
    pub(super) inside: String,
    /// Whether who is inside comes to the split behind: past a gate, and of a rule that splits; a rollout that serves one
    /// variation leaves the split to everybody else.
    pub(super) passes: bool,
    /// Where to say another algorithm.
    pub(super) place: Span,
    /// What draws, as if all shares had one sum: those that are equal draw the same.
    pub(super) same: Line,
    line: Line,
    limit: Draw,
    /// How much is asked to be inside, of what sum.
    asked: (u32, u32),
}

impl<'a> Drawn<'a> {
    pub(super) fn record(&self) -> &'a Record {
        self.algorithm.record(self.purpose)
    }

    /// Tells for every made-up user whether it is inside.
    pub(super) fn users(&self) -> Vec<bool> {
        (0..USERS).map(|user| self.line.draw(&format!("user-{user}")) < self.limit).collect()
    }

    /// Returns how much of all is inside in effect, 0..=1: as near to what is asked as the buckets come.
    pub(super) fn share(&self) -> f64 {
        let (part, total) = self.asked;
        self.record().effective(part, total)
    }

    /// Returns what [`Self::users`] depends on.
    pub(super) fn inner(&self) -> (&Line, Draw) {
        (&self.line, self.limit)
    }

    fn rollout(flag: &'a Flag, weight: Weight, place: Span) -> Self {
        let (names, part) = (flag.hash_names(), weight.thousandths());
        let (purpose, total) = (Purpose::Rollout, Weight::TOTAL);
        let line = Line::new(&flag.bucketing, purpose, names, total);
        Self {
            name: flag.name.as_str(),
            gate: None,
            purpose,
            names,
            by: &flag.bucket_by,
            algorithm: &flag.bucketing,
            inside: weight.to_string(),
            passes: flag
                .rules
                .iter()
                .any(|rule| rule.rollout == weight && matches!(rule.serve, Serve::Split(_))),
            place,
            same: line.clone(),
            line,
            limit: flag.bucketing.record(purpose).limit(part, total),
            asked: (part, total),
        }
    }

    fn split(of: &Splits<'a>, split: &Split, place: Span) -> Self {
        let Splits { name, gate, names, by, algorithm } = *of;
        let mut pairs: Vec<(&str, u32)> =
            split.pairs().iter().map(|(name, share)| (name.as_str(), share.get())).collect();
        if algorithm.order() == Order::NameDescending {
            pairs.sort_by(|a, b| b.0.cmp(a.0));
        }
        let (first, part) = pairs[0];
        let purpose = Purpose::Variant;
        Self {
            name,
            gate,
            purpose,
            names,
            by,
            algorithm,
            inside: format!("`{first}`"),
            passes: true,
            place,
            same: Line::new(algorithm, purpose, names, Weight::TOTAL),
            line: Line::new(algorithm, purpose, names, split.total()),
            limit: algorithm.record(purpose).limit(part, split.total()),
            asked: (part, split.total()),
        }
    }
}

/// What splits.
struct Splits<'a> {
    name: &'a str,
    gate: Option<&'a str>,
    names: Names<'a>,
    by: &'a BucketBy,
    algorithm: &'a Algorithm,
}

/// Returns everything that draws, in the order of the file: of a flag its largest rollout and its last split.
pub(super) fn drawn<'a>(scope: &Scope<'a>) -> Vec<Drawn<'a>> {
    let mut all = Vec::new();
    for (flag, places) in scope.flags() {
        let place = place(scope, "flags", flag.name.as_str(), places.key);
        all.extend(rollout(flag).map(|weight| Drawn::rollout(flag, weight, place)));
        all.extend(split(flag).map(|split| {
            let (name, names) = (flag.name.as_str(), flag.hash_names());
            let of = Splits { name, gate: None, names, by: &flag.bucket_by, algorithm: &flag.bucketing };
            Drawn::split(&of, split, place)
        }));
    }
    for experiment in scope.definitions().experiments.values() {
        let Some(key) = scope.subject.file.experiment_place(&experiment.name) else { continue };
        let Experiment { bucket_by: by, bucketing: algorithm, .. } = experiment;
        if experiment.variants.single().is_some() {
            continue;
        }
        let name = experiment.name.as_str();
        let gate = experiment.flag.as_ref().map(crate::model::FlagName::as_str);
        let of = Splits { name, gate, names: experiment.hash_names(), by, algorithm };
        all.push(Drawn::split(&of, &experiment.variants, place(scope, "experiments", name, key)));
    }
    all
}

/// Returns where the algorithm of a flag or experiment is said.
fn place(scope: &Scope<'_>, table: &str, name: &str, key: Span) -> Span {
    scope.value_at(&[Step::Key(table), Step::Key(name), Step::Key("bucketing")], key)
}

/// Returns the rollouts of a flag that are neither nobody nor everybody.
fn rollout(flag: &Flag) -> Option<Weight> {
    let fallthrough = match &flag.fallthrough {
        Fallthrough::Rollout(weight) => Some(*weight),
        Fallthrough::Serve(_) => None,
    };
    let all = flag.rules.iter().map(|rule| rule.rollout).chain(fallthrough);
    all.filter(|weight| !matches!(*weight, Weight::NONE | Weight::ALL)).max()
}

fn split(flag: &Flag) -> Option<&Split> {
    let fallthrough = match &flag.fallthrough {
        Fallthrough::Serve(serve) => Some(serve),
        Fallthrough::Rollout(_) => None,
    };
    let splits = flag.rules.iter().map(|rule| &rule.serve).chain(fallthrough);
    let mut splits = splits.filter_map(|serve| match serve {
        Serve::Split(split) => Some(split),
        Serve::Variation(_) => None,
    });
    splits.rfind(|split| split.single().is_none())
}

/// Returns the share of some users that are among others as well; none of nobody.
pub(super) fn among(some: &[bool], others: &[bool]) -> Option<f64> {
    let inside = some.iter().filter(|inside| **inside).count();
    let both = some.iter().zip(others).filter(|(a, b)| **a && **b).count();
    (inside > 0).then(|| number(both) / number(inside))
}

/// Returns a share (0..=1) as a percentage, with three digits after the point at most.
pub(super) fn percent(share: f64) -> String {
    let text = format!("{:.3}", share * 100.0);
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}

/// Returns the correlation of two yes-or-no questions, -1..=1: 0 where they are independent.
pub(super) fn correlation(a: &[bool], b: &[bool]) -> f64 {
    let count =
        |wanted: fn(bool, bool) -> bool| number(a.iter().zip(b).filter(|(a, b)| wanted(**a, **b)).count());
    let (both, only_a, only_b) = (count(|a, b| a && b), count(|a, b| a && !b), count(|a, b| b && !a));
    let neither = number(a.len()) - both - only_a - only_b;
    let spread = (both + only_a) * (only_b + neither) * (both + only_b) * (only_a + neither);
    if spread > 0.0 { (both * neither - only_a * only_b) / spread.sqrt() } else { 0.0 }
}

#[expect(clippy::cast_precision_loss, reason = "some thousand users")]
fn number(count: usize) -> f64 {
    count as f64
}
