//! States and steps of a group, in shares.

use crate::bucket::Purpose;
use crate::eval::World;
use crate::model::{BucketBy, VariationName};

use super::super::tally::Move;
use super::cuts::{Cut, entangled, within};
use super::group::{MOST_GROUPS, MOST_RULES, Reduced, Whom, definitions};
use super::offer::{Offer, Offers, offers};
use super::walk::{Walk, walk};

/// What the definitions alone say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Configuration {
    /// The groups; none where something cannot be said at all.
    pub groups: Vec<LayoutGroup>,
    /// Groups of which nothing can be said: one hash is taken in several ways, or there are too many pieces.
    pub unknown: Vec<Whom>,
    /// How many more rules there are, each with users of its own.
    pub more_rules: usize,
    /// What is known of users whom several rules match; none with fewer than two rules, or without a step.
    pub several: Option<Several>,
    /// Whether users and organisations that are named one by one are the same in every state; none where nobody is.
    pub same_lists: Option<bool>,
}

/// Users whom several rules with clauses match, by which rules these are. Every combination is looked at, whether or not
/// there is anybody whom all its rules match.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Several {
    /// How many combinations there are.
    pub combinations: usize,
    /// How many of them come to the same as one rule alone, the default or a combination before.
    pub same: usize,
    /// How many others move nobody who is in.
    pub quiet: usize,
    /// How many were not looked at.
    pub left_out: usize,
}

/// Users that the definitions treat alike but for where they draw. All shares are of their units, 0.0..=1.0.
#[derive(Clone, Debug, PartialEq)]
pub struct LayoutGroup {
    /// Who they are.
    pub whom: Whom,
    /// What is bucketed by in the last state.
    pub by: BucketBy,
    /// The states.
    pub states: Vec<Layout>,
    /// Each state against the one before.
    pub steps: Vec<LayoutChange>,
    /// Other ways to lay the shares out.
    pub offers: Vec<Offer>,
    /// Where more are moved than must be, and no order of the same shares moves fewer: how many any must move.
    pub no_better: Option<f64>,
}

/// Who gets what in one state.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// The share that is in.
    pub inside: f64,
    /// The share that is in here or at a state before; none where that is not known.
    pub exposed: Option<f64>,
    /// The pieces in the order of the draws; empty where two lines decide.
    pub pieces: Vec<Piece>,
    /// The share of each variation that anybody gets.
    pub variations: Vec<(VariationName, f64)>,
}

/// A piece of all draws.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    /// What it gets.
    pub variation: VariationName,
    /// Where it begins and ends.
    pub part: (f64, f64),
}

/// What one step does.
#[derive(Clone, Debug, PartialEq)]
pub struct LayoutChange {
    /// What makes the draws of the two states independent; empty where the shares are exact.
    pub redrawn: Vec<Redrawn>,
    /// Out before, in after.
    pub joins: f64,
    /// In before, out after.
    pub leaves: f64,
    /// In before and after, with another variation.
    pub switches: f64,
    /// In before and after, with the same variation.
    pub stays_in: f64,
    /// Out before and after.
    pub stays_out: f64,
    /// Every way that anybody goes, also to where they are.
    pub transitions: Vec<Transition>,
}

/// From one variation to another.
#[derive(Clone, Debug, PartialEq)]
pub struct Transition {
    /// The variation before.
    pub before: VariationName,
    /// The variation after.
    pub after: VariationName,
    /// The share that goes this way.
    pub share: f64,
    /// What that does.
    pub inside: (bool, bool),
}

/// What makes everyone draw anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redrawn {
    /// Another algorithm.
    Algorithm,
    /// Another salt.
    Salt,
    /// Another unit.
    BucketBy,
    /// A rollout in the one state and a split in the other.
    Purpose,
    /// The hash of the algorithm gives no independent numbers for a rollout and a split.
    Hash,
}

impl Redrawn {
    /// Returns the word in every output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Algorithm => "algorithm",
            Self::Salt => "salt",
            Self::BucketBy => "bucket_by",
            Self::Purpose => "purpose",
            Self::Hash => "hash",
        }
    }
}

/// Returns what the definitions alone say of a flag or an experiment in these worlds, the first being now; nothing
/// where one of them has it not.
pub fn configuration(name: &str, worlds: &[(&str, &dyn World)]) -> Configuration {
    let mut all = Configuration::default();
    let Some(known) = definitions(name, worlds) else { return all };
    all.same_lists = known.same_lists.filter(|_| worlds.len() > 1);
    all.more_rules = known.rules.saturating_sub(MOST_RULES);
    for (whom, states) in known.groups {
        match group(name, &whom, &states) {
            Some(group) => all.groups.push(group),
            None => all.unknown.push(whom),
        }
    }
    let Some((combined, mut several)) = known.combined.filter(|_| worlds.len() > 1) else { return all };
    for (whom, states) in combined {
        match group(name, &whom, &states) {
            Some(group) if moves_nobody(&group) => several.quiet += 1,
            Some(group) if all.groups.len() < MOST_GROUPS => all.groups.push(group),
            Some(_) => several.left_out += 1,
            None => all.unknown.push(whom),
        }
    }
    all.several = Some(several);
    all
}

/// Tells whether nobody leaves or switches, for certain.
fn moves_nobody(group: &LayoutGroup) -> bool {
    group.steps.iter().all(|step| step.redrawn.is_empty() && step.leaves + step.switches <= 0.0)
}

fn group(name: &str, whom: &Whom, states: &[Reduced]) -> Option<LayoutGroup> {
    let cuts: Vec<Vec<Cut>> = states.iter().map(Reduced::cuts).collect();
    if entangled(&cuts.iter().flatten().collect::<Vec<_>>()) {
        return None;
    }
    let together = walk(name, &states.iter().collect::<Vec<_>>());
    let mut layouts = Vec::with_capacity(states.len());
    for (at, state) in states.iter().enumerate() {
        let exposed = together.as_ref().map(|walk| {
            let ever = walk.steps.iter().filter(|step| step.outcomes[..=at].iter().any(|one| one.inside));
            rounded(ever.map(|step| step.share).sum())
        });
        layouts.push(layout(&walk(name, &[state])?, exposed));
    }
    // Where everyone gets the same, nothing is drawn.
    let drawn: Vec<&[Cut]> = cuts
        .iter()
        .zip(&layouts)
        .map(|(cuts, layout)| if layout.variations.len() > 1 { cuts.as_slice() } else { &[] })
        .collect();
    let steps = states.windows(2).zip(drawn.windows(2)).map(|(pair, cuts)| {
        let walk = walk(name, &[&pair[0], &pair[1]])?;
        Some(change(&walk, redrawn((&pair[0], cuts[0]), (&pair[1], cuts[1]))))
    });
    let steps: Vec<LayoutChange> = steps.collect::<Option<_>>()?;
    let exact = steps.iter().all(|step| step.redrawn.is_empty());
    let several = !whom.also.is_empty();
    let offers = if exact && !several { offers(states, whom.rule.is_some()) } else { Offers::default() };
    let by = states.last()?.by().clone();
    let Offers { all, no_better } = offers;
    Some(LayoutGroup { whom: whom.clone(), by, states: layouts, steps, offers: all, no_better })
}

fn layout(walk: &Walk, exposed: Option<f64>) -> Layout {
    let mut variations: Vec<(VariationName, f64)> = Vec::new();
    let (mut pieces, mut inside, mut from): (Vec<Piece>, f64, f64) = (Vec::new(), 0.0, 0.0);
    for step in &walk.steps {
        let [outcome] = step.outcomes.as_slice() else { continue };
        let name = &walk.variations[outcome.variation];
        match variations.iter_mut().find(|(known, _)| known == name) {
            Some((_, share)) => *share += step.share,
            None => variations.push((name.clone(), step.share)),
        }
        inside += if outcome.inside { step.share } else { 0.0 };
        let to = from + step.share;
        match pieces.last_mut().filter(|last| last.variation == *name) {
            Some(last) => last.part.1 = rounded(to),
            None => pieces.push(Piece { variation: name.clone(), part: (rounded(from), rounded(to)) }),
        }
        from = to;
    }
    if walk.lines > 1 {
        pieces.clear();
    }
    for (_, share) in &mut variations {
        *share = rounded(*share);
    }
    Layout { inside: rounded(inside), exposed, pieces, variations }
}

fn change(walk: &Walk, redrawn: Vec<Redrawn>) -> LayoutChange {
    let mut change = LayoutChange {
        redrawn,
        joins: 0.0,
        leaves: 0.0,
        switches: 0.0,
        stays_in: 0.0,
        stays_out: 0.0,
        transitions: Vec::new(),
    };
    for step in &walk.steps {
        let [before, after] = step.outcomes.as_slice() else { continue };
        *match Move::of(*before, *after) {
            Move::Joins => &mut change.joins,
            Move::Leaves => &mut change.leaves,
            Move::Switches => &mut change.switches,
            Move::StaysIn => &mut change.stays_in,
            Move::StaysOut | Move::Error => &mut change.stays_out,
        } += step.share;
        let (from, to) = (&walk.variations[before.variation], &walk.variations[after.variation]);
        match change.transitions.iter_mut().find(|way| way.before == *from && way.after == *to) {
            Some(way) => way.share += step.share,
            None => change.transitions.push(Transition {
                before: from.clone(),
                after: to.clone(),
                share: step.share,
                inside: (before.inside, after.inside),
            }),
        }
    }
    for share in [
        &mut change.joins,
        &mut change.leaves,
        &mut change.switches,
        &mut change.stays_in,
        &mut change.stays_out,
    ] {
        *share = rounded(*share);
    }
    for way in &mut change.transitions {
        way.share = rounded(way.share);
    }
    change.transitions.retain(|way| way.share > 0.0);
    change
}

/// Returns why the draws of two states say nothing to each other; nothing where those of the one are all among those of
/// the other, so that one number decides in both.
fn redrawn((now, cuts): (&Reduced, &[Cut]), (then, later): (&Reduced, &[Cut])) -> Vec<Redrawn> {
    let (a, b) = (now.drawing(), then.drawing());
    let mut why = Vec::new();
    if !within(cuts, later) && !within(later, cuts) {
        if a.algorithm != b.algorithm {
            why.push(Redrawn::Algorithm);
        }
        if a.names.salt.unwrap_or(a.names.key) != b.names.salt.unwrap_or(b.names.key) {
            why.push(Redrawn::Salt);
        }
        if a.by != b.by {
            why.push(Redrawn::BucketBy);
        }
        if why.is_empty() {
            why.push(Redrawn::Purpose);
        }
    }
    let mut lines: Vec<&Cut> = Vec::new();
    for cut in cuts.iter().chain(later) {
        if !lines.iter().any(|known| known.line == cut.line) {
            lines.push(cut);
        }
    }
    let mixes = |of: &super::cuts::Drawing<'_>| {
        Purpose::ALL.into_iter().all(|purpose| of.algorithm.record(purpose).hash.is_independent())
    };
    if lines.len() > 1 && !(mixes(&a) && mixes(&b)) {
        why.push(Redrawn::Hash);
    }
    why
}

/// Returns a share without what sums of floats leave.
pub(super) fn rounded(share: f64) -> f64 {
    // Nothing is not less than nothing: a sum of none is -0.0.
    ((share * 1e9).round() / 1e9).clamp(0.0, 1.0) + 0.0
}
