//! Other ways to lay shares out: in an order that moves fewer, with what grows beside what is free, or with what is free
//! between. Only what a split can hold is offered: each variation has one piece, and the pieces stand in a row.

use crate::bucket::Order;
use crate::model::{Fallthrough, Serve, Split, VariationName, Weight};

use super::group::Reduced;
use super::layout::rounded;
use super::orders::{ALL_KEPT, best};

/// Another way to lay shares out.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// What it changes.
    pub kind: OfferKind,
    /// The shares of the state before, where that would be another too.
    pub from: Option<Vec<(VariationName, u32)>>,
    /// The shares after each step.
    pub splits: Vec<Vec<(VariationName, u32)>>,
    /// The share that leaves or switches then, over all steps.
    pub moved: f64,
}

/// What an offer changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfferKind {
    /// The order of the pairs alone.
    Order,
    /// The shares too: only what stands beside the free piece grows, and as many are in.
    Beside,
    /// The state before too: two variations with what is free between them, which both can grow into.
    Between,
}

/// Ordered shares with the variation that stands for off, if there is one.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Shares {
    pub(super) pairs: Vec<(VariationName, u32)>,
    off: Option<VariationName>,
}

impl Shares {
    /// Returns the same shares in other pairs.
    pub(super) fn with(&self, pairs: Vec<(VariationName, u32)>) -> Self {
        Self { pairs, off: self.off.clone() }
    }

    fn total(&self) -> u64 {
        self.pairs.iter().map(|(_, share)| u64::from(*share)).sum()
    }

    fn is_off(&self, name: &VariationName) -> bool {
        self.off.as_ref() == Some(name)
    }

    /// Returns where each variation begins and ends.
    fn pieces(&self) -> impl Iterator<Item = (&VariationName, f64, f64)> {
        let total = self.total();
        let mut end: u64 = 0;
        self.pairs.iter().map(move |(name, share)| {
            let from = fraction(end, total);
            end += u64::from(*share);
            (name, from, fraction(end, total))
        })
    }

    /// Returns the share that is in here and leaves or switches on the way to other shares.
    pub(super) fn moved_to(&self, then: &Self) -> f64 {
        let mut kept = 0.0;
        let mut inside = 0.0;
        for (name, from, to) in self.pieces().filter(|(name, ..)| !self.is_off(name)) {
            inside += to - from;
            if let Some((_, start, end)) = then.pieces().find(|(other, ..)| *other == name) {
                kept += (to.min(end) - from.max(start)).max(0.0);
            }
        }
        (inside - kept).max(0.0)
    }

    /// Returns the least that any layout moves: what each variation loses of its share.
    fn must_move(&self, then: &Self) -> f64 {
        let of = |shares: &Self, name: &VariationName| {
            shares.pieces().find(|(other, ..)| *other == name).map_or(0.0, |(_, from, to)| to - from)
        };
        let inside = self.pieces().filter(|(name, ..)| !self.is_off(name));
        inside.map(|(name, from, to)| (to - from - of(then, name)).max(0.0)).sum()
    }

    /// Returns shares with as many in as `then` has, where nothing grows but the piece before the free one, or the one
    /// behind it where there is none before; none where nothing is free, fewer are in, or the numbers become too large.
    fn grown_beside(&self, then: &Self) -> Option<Self> {
        let free = self.pairs.iter().position(|(name, _)| self.is_off(name))?;
        let grows = if free > 0 { free - 1 } else { free + 1 };
        self.pairs.get(grows)?;
        let (mine, theirs) = (self.total(), then.total());
        let inside = |shares: &Self| -> u64 {
            shares
                .pairs
                .iter()
                .filter(|(name, _)| !shares.is_off(name))
                .map(|(_, share)| u64::from(*share))
                .sum()
        };
        let more = (inside(then) * mine).checked_sub(inside(self) * theirs).filter(|more| *more > 0)?;
        let mut wide: Vec<u64> = self.pairs.iter().map(|(_, share)| u64::from(*share) * theirs).collect();
        wide[grows] += more;
        wide[free] = wide[free].checked_sub(more)?;
        let divisor = wide.iter().copied().fold(0, greatest_common_divisor);
        // As large as the shares that were asked for, where that is whole.
        let sum: u64 = wide.iter().map(|share| share / divisor).sum();
        let scale = if theirs.is_multiple_of(sum) { theirs / sum } else { 1 };
        let narrow: Option<Vec<u32>> =
            wide.iter().map(|share| u32::try_from(share / divisor * scale).ok()).collect();
        let pairs = self.pairs.iter().zip(narrow?).map(|((name, _), share)| (name.clone(), share));
        let pairs: Vec<_> = pairs.filter(|(_, share)| *share > 0).collect();
        let shares = self.with(pairs);
        (shares.total() <= u64::from(Split::LARGEST_TOTAL)).then_some(shares)
    }

    /// Returns two variations with the free piece between them; none where there are more, fewer, or nothing free.
    fn between(&self) -> Option<Self> {
        let free = self.pairs.iter().find(|(name, _)| self.is_off(name))?;
        let others: Vec<_> = self.pairs.iter().filter(|(name, _)| !self.is_off(name)).collect();
        let [first, second] = others.as_slice() else { return None };
        Some(self.with(vec![(*first).clone(), free.clone(), (*second).clone()]))
    }
}

/// What else could be done.
#[derive(Default)]
pub(super) struct Offers {
    /// The best first; nothing where no more are moved than must be.
    pub(super) all: Vec<Offer>,
    /// Where more are moved than must be, and no order of the same shares moves fewer: how many any must move.
    pub(super) no_better: Option<f64>,
}

/// Returns what else could be done: with the default's shares, or with those of a rule.
pub(super) fn offers(states: &[Reduced], of_rule: bool) -> Offers {
    let nothing = Offers::default();
    let Some(shares) = states.iter().map(|state| shares_of(state, of_rule)).collect::<Option<Vec<_>>>()
    else {
        return nothing;
    };
    let Some((first, then)) = shares.split_first() else { return nothing };
    let moved: f64 = shares.windows(2).map(|pair| pair[0].moved_to(&pair[1])).sum();
    let least: f64 = shares.windows(2).map(|pair| pair[0].must_move(&pair[1])).sum();
    if moved - least < 1e-9 {
        return nothing;
    }
    let offer = |kind, from: Option<&Shares>, splits: &[Shares], moved: f64| Offer {
        kind,
        from: from.map(|from| from.pairs.clone()),
        splits: splits.iter().map(|shares| shares.pairs.clone()).collect(),
        moved: rounded(moved),
    };
    let mut all = Vec::new();
    let exhaustive = then.iter().all(|shares| shares.pairs.len() <= ALL_KEPT);
    let best = best(first, then).filter(|(fewer, _)| moved - fewer > 1e-9);
    let no_better = (best.is_none() && exhaustive).then(|| rounded(least));
    let still = best.as_ref().map_or(moved, |(fewer, _)| *fewer);
    all.extend(best.map(|(fewer, splits)| offer(OfferKind::Order, None, &splits, fewer)));
    if still - least < 1e-9 {
        return Offers { all, no_better };
    }
    let mut beside: Vec<Shares> = Vec::new();
    for asked in then {
        let Some(grown) = beside.last().unwrap_or(first).grown_beside(asked) else { break };
        beside.push(grown);
    }
    if beside.len() == then.len() {
        all.push(offer(OfferKind::Beside, None, &beside, 0.0));
    }
    if let Some(laid_out) = shares.iter().map(Shares::between).collect::<Option<Vec<_>>>() {
        let fewer: f64 = laid_out.windows(2).map(|pair| pair[0].moved_to(&pair[1])).sum();
        if still - fewer > 1e-9 {
            all.push(offer(OfferKind::Between, laid_out.first(), &laid_out[1..], fewer));
        }
    }
    Offers { all, no_better }
}

/// Returns the ordered shares of a state, or of the rule that decides first; none where that is no plain split whose order
/// can be chosen.
fn shares_of(state: &Reduced, of_rule: bool) -> Option<Shares> {
    if state.drawing().algorithm.order() != Order::Written {
        return None;
    }
    let (serve, off) = match state {
        Reduced::Experiment(experiment) => (Serve::Split(experiment.variants.clone()), None),
        Reduced::Flag(flag) if flag.enabled => {
            let serve = match (flag.rules.first(), &flag.fallthrough) {
                // Whom a rule matches as a whole gets nothing else.
                (Some(rule), _) if of_rule && rule.rollout == Weight::ALL => rule.serve.clone(),
                (None, Fallthrough::Serve(serve)) if !of_rule => serve.clone(),
                _ => return None,
            };
            (serve, Some(flag.variations.off().clone()))
        }
        Reduced::Flag(_) => return None,
    };
    let pairs = match serve {
        Serve::Variation(only) => vec![(only, 1)],
        Serve::Split(split) => {
            split.pairs().iter().map(|(name, share)| (name.clone(), share.get())).collect()
        }
    };
    Some(Shares { pairs, off })
}

#[expect(clippy::cast_precision_loss, reason = "sums of shares are below 2^31")]
fn fraction(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

const fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}
