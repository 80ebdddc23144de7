//! What part of everybody gets a variation, whatever their contexts: at least so much, at most so much.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::HashMap;
use std::fmt;

use crate::bucket::{Algorithm, Purpose};
use crate::model::{Fallthrough, Flag, ON, Serve, VariationName, Weight};

use super::compile::in_order;
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
/// a flag is bucketed by organisation, of the organisations. Rounded outwards.
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
        // A third lies between two thousandths of a percent, and is one part nevertheless.
        let close = Part::FINE / 1_000;
        if self.most.0 - self.least.0 < close {
            return f.pad(&Part::weight((self.least.0 + Part::FINE / 2) / Part::FINE).to_string());
        }
        let least = Part::weight((self.least.0 + close) / Part::FINE);
        let most = Part::weight(self.most.0.saturating_sub(close).div_ceil(Part::FINE));
        f.pad(&format!("{least} to {most}"))
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
    let draws = Draws::of(flag);
    let listed = flag.users.values().chain(flag.orgs.values());
    let ruled = Bounds {
        least: extreme(flag, &draws, variation, false),
        most: extreme(flag, &draws, variation, true),
    };
    listed.fold(ruled, |bounds, served| bounds.or(Bounds::of(served == variation)))
}

/// Returns the least, or the most, that any set of matching rules gives a variation.
///
/// All rollouts of a flag share one draw: a rule decides for those below its rollout whom no rule before it has
/// taken. So all that counts of the rules before is the largest rollout among them; from the last rule to the
/// first, this is worked out for each such beginning.
fn extreme(flag: &Flag, draws: &Draws<'_>, variation: &VariationName, most: bool) -> Part {
    let mut begins: Vec<Part> = flag.rules.iter().map(|rule| draws.end(rule.rollout)).collect();
    begins.push(Part::NONE);
    begins.sort_unstable();
    begins.dedup();
    let share = |serve: &Serve, width: u128| draws.share(serve, variation, Part(width), most);
    let mut best: Vec<Part> = begins
        .iter()
        .map(|from| match &flag.fallthrough {
            Fallthrough::Serve(serve) => share(serve, Part::ALL.0 - from.0),
            Fallthrough::Rollout(weight) => {
                let to = draws.end(*weight).max(*from);
                let (on, off) = (variation.as_str() == ON, variation == flag.variations.off());
                let width = if on { to.0 - from.0 } else { 0 } + if off { to.rest().0 } else { 0 };
                Part(width)
            }
        })
        .collect();
    for rule in flag.rules.iter().rev() {
        let end = draws.end(rule.rollout);
        let Ok(at_end) = begins.binary_search(&end) else { continue };
        let behind = best[at_end];
        for (at, from) in begins.iter().enumerate().filter(|(_, from)| **from < end) {
            let matched = Part(share(&rule.serve, end.0 - from.0).0 + behind.0);
            best[at] = match (rule.when.is_empty(), most) {
                (true, _) => matched,
                (false, true) => best[at].max(matched),
                (false, false) => best[at].min(matched),
            };
        }
    }
    // The beginnings are sorted and hold nobody.
    draws.outwards(best[0], most)
}

/// How large a part the draws of a flag's algorithm really give to rollouts and splits: one that counts a hundred
/// buckets makes 12% of 12.5%.
struct Draws<'f> {
    algorithm: &'f Algorithm,
    /// Whether who is in a rollout says nothing of what a split gives them.
    independent: bool,
    /// Whether anything is known as a float alone.
    rounded: Cell<bool>,
}

impl<'f> Draws<'f> {
    /// How far a share that is known as a float may be off, many times over.
    const SLACK: u128 = 1_000_000;

    fn of(flag: &'f Flag) -> Self {
        let algorithm = &flag.bucketing;
        let input = |purpose| algorithm.input(purpose, flag.hash_names(), "unit");
        // Of FNV-1a, CRC-32 and Java's hash, other inputs need not mean independent numbers.
        let mixes = |purpose| algorithm.record(purpose).hash.is_independent();
        let independent = input(Purpose::Rollout) != input(Purpose::Variant)
            && mixes(Purpose::Rollout)
            && mixes(Purpose::Variant);
        Self { algorithm, independent, rounded: Cell::new(false) }
    }

    /// Returns where a rollout ends.
    fn end(&self, weight: Weight) -> Part {
        let record = self.algorithm.record(Purpose::Rollout);
        let real = match weight {
            Weight::NONE | Weight::ALL => weight.fraction(),
            weight => record.effective(weight.thousandths(), Weight::TOTAL),
        };
        if real.to_bits() == weight.fraction().to_bits() {
            return weight.into();
        }
        self.part_of(real, record.buckets(Weight::TOTAL), false)
    }

    /// Returns how much of a part gets the variation, rounded down or up.
    fn share(&self, serve: &Serve, variation: &VariationName, width: Part, up: bool) -> Part {
        let split = match serve {
            Serve::Variation(served) => return if served == variation { width } else { Part::NONE },
            Serve::Split(split) => split,
        };
        let pairs = in_order(self.algorithm, split);
        let Some(at) = pairs.iter().position(|(name, _)| name == variation) else { return Part::NONE };
        let shares: Vec<u32> = pairs.iter().map(|(_, share)| share.get()).collect();
        let (mine, total) = (shares[at], split.total());
        let record = self.algorithm.record(Purpose::Variant);
        let real = record.fractions(&shares)[at];
        let as_written = real.to_bits() == (f64::from(mine) / f64::from(total)).to_bits();
        let of = |whole: Part| {
            if as_written {
                return divided(whole.0 * u128::from(mine), total.into(), up);
            }
            let part = self.part_of(real, record.buckets(total), up);
            divided(whole.0 * part.0, Part::ALL.0, up)
        };
        match (self.independent, up) {
            (true, _) => of(width),
            // Those inside a rollout may all get one variation, or none of them.
            (false, true) => width.min(of(Part::ALL)),
            (false, false) => width.overlap(of(Part::ALL)),
        }
    }

    /// Returns a part that an algorithm tells as a fraction: so many of its buckets, where it counts them.
    fn part_of(&self, fraction: f64, buckets: Option<u64>, up: bool) -> Part {
        let count = buckets.filter(|count| *count <= 1 << 32).unwrap_or(0);
        let whole = if count == 0 { Part::ALL.0 } else { u128::from(count) };
        #[expect(
            clippy::cast_precision_loss,
            reason = "10^17 needs no more digits than the slack allows for"
        )]
        let units = (fraction.clamp(0.0, 1.0) * whole as f64).round();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "rounded, and from 0 to 10^17"
        )]
        let units = (units as u128).min(whole);
        self.rounded.set(self.rounded.get() || count == 0);
        divided(units * Part::ALL.0, whole, up)
    }

    /// Returns the part widened by what is not known exactly.
    fn outwards(&self, part: Part, most: bool) -> Part {
        let slack = self.slack();
        match part {
            Part::NONE | Part::ALL => part,
            part if slack == 0 => part,
            Part(units) if most => Part((units + slack).min(Part::ALL.0)),
            Part(units) => Part(units.saturating_sub(slack)),
        }
    }

    /// Returns how far a part may be off: what floats have lost, where there were any; and where an algorithm takes
    /// so few bits of a hash that its buckets cannot be of one size, all that they may differ by. What 24 bits leave
    /// is less than what any hash makes of real users.
    fn slack(&self) -> u128 {
        let uneven = |purpose| {
            let record = self.algorithm.record(purpose);
            let buckets = record.buckets(Weight::TOTAL).unwrap_or(1);
            let step = Part::ALL.0 >> record.bits().min(127);
            if record.bits() < 24 { u128::from(buckets) * step } else { 0 }
        };
        let floats = if self.rounded.get() { Self::SLACK } else { 0 };
        floats + Purpose::ALL.into_iter().map(uneven).sum::<u128>()
    }
}

/// Returns a quotient, rounded down or up.
fn divided(units: u128, by: u128, up: bool) -> Part {
    Part(if up { units.div_ceil(by) } else { units / by })
}
