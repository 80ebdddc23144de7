//! What part of everybody gets a variation, whatever their contexts: at least so much, at most so much.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use crate::bucket::{Algorithm, Purpose};
use crate::model::{Fallthrough, Flag, ON, Rule, Serve, VariationName, Weight};

use super::order::{DEEPEST, referred_first};
use super::state::refers_to_its_own;
use super::world::World;

/// A part of everybody, from nobody to everyone, finer than a percentage so that a third is not rounded up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part(u128);

impl Part {
    /// Nobody.
    pub const NONE: Self = Self(0);
    /// Everyone.
    pub const ALL: Self = Self(Weight::TOTAL as u128 * Self::FINE);
    /// How many units make a thousandth of a percent.
    const FINE: u128 = 1_000_000_000_000;

    /// Returns what the other part leaves.
    const fn rest(self) -> Self {
        Self(Self::ALL.0 - self.0)
    }

    /// Returns how much two parts overlap at least, whoever is in them.
    const fn overlap(self, other: Self) -> Self {
        Self((self.0 + other.0).saturating_sub(Self::ALL.0))
    }

    /// Returns the part as a percentage rounded down to a thousandth.
    fn rounded_down(self) -> Weight {
        Self::weight(self.0 / Self::FINE)
    }

    /// Returns so many thousandths of a percent.
    const fn from_thousandths(thousandths: u32) -> Self {
        Self(thousandths as u128 * Self::FINE)
    }

    fn weight(thousandths: u128) -> Weight {
        u32::try_from(thousandths).ok().and_then(Weight::from_thousandths).unwrap_or(Weight::ALL)
    }
}

impl From<Weight> for Part {
    fn from(weight: Weight) -> Self {
        Self(u128::from(weight.thousandths()) * Self::FINE)
    }
}

/// The part of everybody that gets something: the least and the most of any group of contexts. Where all
/// groups get the same, the two are equal.
///
/// A group is everybody whom the same entries of `users` and `orgs` and the same rules match; which groups there
/// are, and how large they are, nobody knows without the users at hand. That the clauses of rules may exclude
/// each other is not examined, and neither are contexts without a unit to bucket by. Parts are of the units: where
/// a flag is bucketed by organisation, of the organisations. Rounded outwards, and wider where the algorithm of
/// the flag has few buckets, or may draw a rollout and a split alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// No group has less.
    pub least: Part,
    /// No group has more.
    pub most: Part,
}

impl Bounds {
    const NONE: Self = Self { least: Part::NONE, most: Part::NONE };
    const ALL: Self = Self { least: Part::ALL, most: Part::ALL };

    const fn of(everyone: bool) -> Self {
        if everyone { Self::ALL } else { Self::NONE }
    }

    /// Returns the bounds of those who do not get it.
    const fn rest(self) -> Self {
        Self { least: self.most.rest(), most: self.least.rest() }
    }

    /// Returns the bounds of those who are in both.
    fn and(self, other: Self) -> Self {
        Self { least: self.least.overlap(other.least), most: self.most.min(other.most) }
    }

    /// Returns the bounds where a group may also be in this one.
    fn or(self, other: Self) -> Self {
        Self { least: self.least.min(other.least), most: self.most.max(other.most) }
    }
}

/// Writes the bounds in percent: `25%`, `0% to 100%`.
impl fmt::Display for Bounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let least = self.least.rounded_down();
        let most = Part::weight(self.most.0.div_ceil(Part::FINE));
        // A third lies between two thousandths of a percent, and is one part nevertheless.
        if least == most || self.most.0 - self.least.0 < Part::FINE / 1_000 {
            f.pad(&least.to_string())
        } else {
            f.pad(&format!("{least} to {most}"))
        }
    }
}

/// Returns what part of everybody is on: gets something else than the variation of a flag that is off. Of a
/// prerequisite only those are counted on whom it certainly is met, since who that is need not be independent.
/// A flag whose definition refers to what is not there is on for nobody.
pub fn on_bounds(world: &dyn World, flag: &Flag) -> Bounds {
    let mut known: HashMap<String, (usize, Served)> = HashMap::new();
    let order = referred_first(flag.name.as_str(), |name| {
        let found = if name == flag.name.as_str() { Some(Cow::Borrowed(flag)) } else { world.flag(name) }?;
        let required = found.prerequisites.iter().map(|other| other.flag.to_string()).collect();
        Some((found, required))
    });
    for referring in order {
        let depth = referring.depth(|name| known.get(name).map(|(depth, _)| *depth));
        let served = served(&referring.definition, depth, &known);
        known.insert(referring.name, (depth, served));
    }
    let off = flag.variations.off();
    let of_off = known.get(flag.name.as_str()).and_then(|(_, served)| served.get(off));
    of_off.map_or(Bounds::NONE, |off| off.rest())
}

/// The bounds of each variation that a flag serves; empty where its evaluation is an error.
type Served = HashMap<VariationName, Bounds>;

/// Returns what a flag serves, given the same for those it requires.
fn served(flag: &Flag, depth: usize, others: &HashMap<String, (usize, Served)>) -> Served {
    if depth > DEEPEST || !refers_to_its_own(flag) {
        return Served::new();
    }
    let off = flag.variations.off();
    let met = flag.prerequisites.iter().fold(Bounds::ALL, |all, prerequisite| {
        let other = others.get(prerequisite.flag.as_str());
        let met = other.and_then(|(_, served)| served.get(&prerequisite.variation));
        all.and(met.copied().unwrap_or(Bounds::NONE))
    });
    let all = flag.variations.iter().map(|variation| {
        let name = variation.name;
        let bounds = if !flag.enabled {
            Bounds::of(name == off)
        } else if name == off {
            met.and(targeted(flag, name).rest()).rest()
        } else {
            met.and(targeted(flag, name))
        };
        (name.clone(), bounds)
    });
    all.collect()
}

/// Returns who gets a variation of those who meet the prerequisites.
fn targeted(flag: &Flag, variation: &VariationName) -> Bounds {
    let listed = flag.users.values().chain(flag.orgs.values());
    let slack = slack(flag);
    let ruled = Bounds {
        least: widened(extreme(flag, variation, false), slack, false),
        most: widened(extreme(flag, variation, true), slack, true),
    };
    listed.fold(ruled, |bounds, served| bounds.or(Bounds::of(served == variation)))
}

/// Returns by how much the buckets of an algorithm may miss what is written: one bucket, and one step of the digest,
/// for each border between what is served. `ffctl/1` keeps what is written to one part in 2^32.
fn slack(flag: &Flag) -> u128 {
    if flag.bucketing == Algorithm::default() {
        return 0;
    }
    let step = |purpose: Purpose, total: u32| {
        let record = flag.bucketing.record(purpose);
        let buckets = record.buckets(total).map_or(0, |buckets| Part::ALL.0 / u128::from(buckets.max(1)) + 1);
        buckets + Part::ALL.0.checked_shr(record.bits()).unwrap_or(0) + 1
    };
    let of_split = |serve: &Serve| match serve {
        Serve::Split(split) => split.pairs().len() as u128 * step(Purpose::Variant, split.total()),
        Serve::Variation(_) => 0,
    };
    let fallthrough = match &flag.fallthrough {
        Fallthrough::Serve(serve) => of_split(serve),
        Fallthrough::Rollout(_) => 0,
    };
    let rollouts = (flag.rules.len() as u128 + 1) * step(Purpose::Rollout, Weight::TOTAL);
    flag.rules.iter().map(|rule| of_split(&rule.serve)).sum::<u128>() + fallthrough + rollouts
}

/// Returns a part with `slack` more or less; nobody and everyone are the same by every algorithm.
fn widened(part: Part, slack: u128, up: bool) -> Part {
    match part {
        Part::NONE | Part::ALL => part,
        Part(units) if up => Part(units + slack).min(Part::ALL),
        Part(units) => Part(units.saturating_sub(slack)),
    }
}

/// Returns the least, or the most, that any set of matching rules gives a variation.
///
/// All rollouts of a flag share one bucket: a rule decides for the buckets below its rollout that no rule before
/// it has taken. So all that counts of the rules before is the largest rollout among them; from the last rule
/// to the first, this is worked out for each such beginning.
fn extreme(flag: &Flag, variation: &VariationName, most: bool) -> Part {
    let mut begins: Vec<u32> = flag.rules.iter().map(|rule| rule.rollout.thousandths()).collect();
    begins.push(0);
    begins.sort_unstable();
    begins.dedup();
    let whole = Weight::TOTAL;
    // Other algorithms may draw rollout and split from one number, or from numbers that go together: of those
    // whom a rollout lets in, anything from nobody to all of them gets a variation of the split.
    let together = flag.bucketing != Algorithm::default();
    let share = |serve: &Serve, width: u32| match serve {
        Serve::Split(split) if together && width < whole => {
            let has = split.pairs().iter().any(|(name, share)| name == variation && share.get() > 0);
            let all = split.pairs().iter().all(|(name, share)| name == variation || share.get() == 0);
            if all || (has && most) { Part::from_thousandths(width) } else { Part::NONE }
        }
        _ => share_of(serve, variation, width, most),
    };
    let mut best: Vec<Part> = begins
        .iter()
        .map(|from| match &flag.fallthrough {
            Fallthrough::Serve(serve) => share(serve, whole - from),
            Fallthrough::Rollout(weight) => {
                let to = weight.thousandths().max(*from);
                let (on, off) = (variation.as_str() == ON, variation == flag.variations.off());
                let width = if on { to - from } else { 0 } + if off { whole - to } else { 0 };
                Part(u128::from(width) * Part::FINE)
            }
        })
        .collect();
    for rule in flag.rules.iter().rev() {
        let end = rule.rollout.thousandths();
        let Ok(at_end) = begins.binary_search(&end) else { continue };
        let behind = best[at_end];
        for (at, from) in begins.iter().enumerate().filter(|(_, from)| **from < end) {
            let matched = Part(share(&rule.serve, end - from).0 + behind.0);
            best[at] = match (is_for_all(rule), most) {
                (true, _) => matched,
                (false, true) => best[at].max(matched),
                (false, false) => best[at].min(matched),
            };
        }
    }
    // The beginnings are sorted and hold 0.
    best[0].min(Part::ALL)
}

const fn is_for_all(rule: &Rule) -> bool {
    rule.when.is_empty()
}

/// Returns how much of `width` thousandths of a percent gets the variation, rounded down or up.
fn share_of(serve: &Serve, variation: &VariationName, width: u32, up: bool) -> Part {
    let whole = u128::from(width) * Part::FINE;
    match serve {
        Serve::Variation(served) => Part(if served == variation { whole } else { 0 }),
        Serve::Split(split) => {
            let share = split.pairs().iter().find(|(name, _)| name == variation);
            let parts = whole * share.map_or(0, |(_, share)| u128::from(share.get()));
            let total = u128::from(split.total());
            Part(if up { parts.div_ceil(total) } else { parts / total })
        }
    }
}
