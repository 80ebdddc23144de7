//! Collecting the fields that differ.

use indexmap::IndexMap;

use crate::bucket::{Algorithm, Purpose};
use crate::flagfile::{FlagFile, Span};
use crate::layer::Origin;
use crate::model::{Split, VariationName};

use super::difference::{Effect, FieldDifference};

/// The fields found to differ so far.
#[derive(Default)]
pub(super) struct Fields {
    all: Vec<FieldDifference>,
}

/// A value of one side and where it stands.
pub(super) struct Said<T> {
    pub(super) value: T,
    pub(super) place: Option<Origin>,
}

impl<T> Said<T> {
    pub(super) fn at(value: T, place: Option<Origin>) -> Self {
        Self { value, place }
    }
}

impl Fields {
    /// Takes a field in if its two values are not the same.
    pub(super) fn compare<T>(
        &mut self,
        field: impl Into<String>,
        effect: Effect,
        (old, new): (Option<Said<T>>, Option<Said<T>>),
        same: impl Fn(&T, &T) -> bool,
        text: impl Fn(&T) -> String,
    ) {
        let is_same = match (&old, &new) {
            (None, None) => true,
            (Some(old), Some(new)) => same(&old.value, &new.value),
            _ => false,
        };
        if is_same {
            return;
        }
        let parts = |said: Option<Said<T>>| match said {
            Some(said) => (Some(text(&said.value)), said.place),
            None => (None, None),
        };
        let ((old, old_place), (new, new_place)) = (parts(old), parts(new));
        self.all.push(FieldDifference { field: field.into(), effect, old, new, old_place, new_place });
    }

    /// Takes in texts for people that differ.
    pub(super) fn metadata(&mut self, field: &str, old: Option<Said<String>>, new: Option<Said<String>>) {
        self.compare(field, Effect::Metadata, (old, new), |a, b| a == b, Clone::clone);
    }

    /// Takes in the entries of a list by key that differ, whatever their order.
    pub(super) fn entries(
        &mut self,
        noun: &str,
        old: &IndexMap<String, Said<VariationName>>,
        new: &IndexMap<String, Said<VariationName>>,
    ) {
        let gone = old.keys().filter(|key| !new.contains_key(*key));
        for key in new.keys().chain(gone) {
            let of = |side: &IndexMap<String, Said<VariationName>>| {
                side.get(key).map(|said| Said::at(said.value.clone(), said.place.clone()))
            };
            let pair = (of(old), of(new));
            self.compare(
                format!("{noun} {key}"),
                Effect::Behaviour,
                pair,
                |a, b| a == b,
                ToString::to_string,
            );
        }
    }

    /// Returns what was taken in, metadata last.
    pub(super) fn finish(mut self) -> Vec<FieldDifference> {
        self.all.sort_by_key(|field| field.effect == Effect::Metadata);
        self.all
    }
}

/// Returns a span of a file as a place.
pub(super) fn place(file: &FlagFile, span: Span) -> Origin {
    let position = file.position(span.start);
    Origin::File { file: file.name().into(), line: position.line, column: position.column }
}

/// Tells whether two algorithms deal everybody alike, whatever is said about them.
pub(super) fn same_algorithm(a: &Algorithm, b: &Algorithm) -> bool {
    let record =
        |of: &Algorithm| [Purpose::Rollout, Purpose::Variant].map(|purpose| of.record(purpose).clone());
    a == b || (a.name(), a.order(), a.seed(), record(a)) == (b.name(), b.order(), b.seed(), record(b))
}

/// Returns the name of an algorithm, with its seed.
pub(super) fn algorithm_in_words(algorithm: &Algorithm) -> String {
    match algorithm.seed() {
        Some(seed) => format!("{algorithm}, seed {seed}"),
        None => algorithm.to_string(),
    }
}

/// Tells whether two splits give everybody the same: the same order and the same ratio.
pub(super) fn same_split(a: &Split, b: &Split) -> bool {
    let ratio = |of: &Split| {
        let divisor = of.pairs().iter().fold(0, |divisor, (_, share)| greatest_divisor(share.get(), divisor));
        of.pairs().iter().map(|(name, share)| (name.clone(), share.get() / divisor)).collect::<Vec<_>>()
    };
    ratio(a) == ratio(b)
}

/// Tells whether two splits give the same shares in another order, so that people move and no share changes.
pub(super) fn is_reordered(a: &Split, b: &Split) -> bool {
    let sorted = |of: &Split| {
        let mut pairs = of.pairs().to_vec();
        pairs.sort_by(|(a, _), (b, _)| a.as_str().cmp(b.as_str()));
        Split::new(pairs)
    };
    !same_split(a, b) && matches!((sorted(a), sorted(b)), (Ok(a), Ok(b)) if same_split(&a, &b))
}

fn greatest_divisor(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { greatest_divisor(b, a % b) }
}
