//! The state of a flag without a context: everyone, nobody, or whom in part.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::fmt;

use crate::model::{Fallthrough, Flag, ON, Rule, Serve, Split, VariationName, Weight};

use super::order::{DEEPEST, referred_first};
use super::world::World;

/// What a flag means for everybody at once.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// Everyone gets this variation, and it is not the one of a flag that is off.
    On(VariationName),
    /// Everyone gets the variation of a flag that is off.
    Off(VariationName),
    /// Not everyone gets the same.
    Partial(Partial),
}

/// Who gets what where not everyone gets the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Partial {
    /// What those get whom nothing else matches.
    pub fallthrough: Fallthrough,
    /// Users listed with another variation than all others get.
    pub users: Listed,
    /// Organisations listed with another variation than all others get.
    pub orgs: Listed,
    /// How many rules may serve something else.
    pub rules: usize,
    /// How many prerequisites are met for some only.
    pub prerequisites: usize,
}

/// How many entries of a list serve what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// Entries that serve something else than the variation of a flag that is off.
    pub on: usize,
    /// Entries that serve the variation of a flag that is off.
    pub off: usize,
}

impl State {
    /// Returns the word of the state: `on`, `off` or `partial`.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::On(_) => "on",
            Self::Off(_) => "off",
            Self::Partial(_) => "partial",
        }
    }

    /// Returns the variation that everyone gets; none if not everyone gets the same.
    pub const fn everyone(&self) -> Option<&VariationName> {
        match self {
            Self::On(variation) | Self::Off(variation) => Some(variation),
            Self::Partial(_) => None,
        }
    }
}

/// Returns the state of an effective flag: what can come out over all possible contexts, errors aside. A
/// prerequisite is asked for its own state in `world`; whether a rule's clauses can be met at all is not
/// examined. A flag whose definition refers to what is not there is off.
pub fn state_of(world: &dyn World, flag: &Flag) -> State {
    let off = flag.variations.off();
    let reach = reach_of(world, flag);
    let (variations, prerequisites) =
        reach.map_or_else(Default::default, |reach| (reach.variations, reach.prerequisites));
    let mut variations = variations.into_iter();
    match (variations.next(), variations.next()) {
        (None, _) => State::Off(off.clone()),
        (Some(only), None) if only == *off => State::Off(only),
        (Some(only), None) => State::On(only),
        (Some(_), Some(_)) => State::Partial(partial(flag, prerequisites)),
    }
}

/// Returns the variations that can come out of an effective flag over all possible contexts, errors aside; as
/// [`state_of`] sees them.
pub fn variations_of(world: &dyn World, flag: &Flag) -> BTreeSet<VariationName> {
    reach_of(world, flag).map_or_else(BTreeSet::new, |reach| reach.variations)
}

fn reach_of(world: &dyn World, flag: &Flag) -> Option<Reach> {
    let mut reaches: HashMap<String, Reach> = HashMap::new();
    let order = referred_first(flag.name.as_str(), |name| {
        let found = if name == flag.name.as_str() { Some(Cow::Borrowed(flag)) } else { world.flag(name) }?;
        let required = found.prerequisites.iter().map(|other| other.flag.to_string()).collect();
        Some((found, required))
    });
    for referring in order {
        let depth = referring.depth(|name| reaches.get(name).map(|reach| reach.depth));
        let reach = Reach::of(&referring.definition, depth, &reaches);
        reaches.insert(referring.name, reach);
    }
    reaches.remove(flag.name.as_str())
}

/// What can come out of a flag.
struct Reach {
    /// The variations that evaluations without an error serve; none if every evaluation is an error.
    variations: BTreeSet<VariationName>,
    /// Whether an evaluation may end with an error, for want of a unit.
    may_fail: bool,
    /// How many prerequisites are met for some only.
    prerequisites: usize,
    depth: usize,
}

impl Reach {
    /// Returns what can come out of a flag, given the same for those it requires. One that is not there yet
    /// does not exist, or closes a circle.
    fn of(flag: &Flag, depth: usize, others: &HashMap<String, Self>) -> Self {
        let off = flag.variations.off();
        let mut reach = Self { variations: BTreeSet::new(), may_fail: false, prerequisites: 0, depth };
        if depth > DEEPEST || !refers_to_its_own(flag) {
            return reach;
        }
        if !flag.enabled {
            reach.variations.insert(off.clone());
            return reach;
        }
        for prerequisite in &flag.prerequisites {
            let other = others.get(prerequisite.flag.as_str());
            let Some(other) = other.filter(|other| other.variations.contains(&prerequisite.variation)) else {
                reach.variations = BTreeSet::from([off.clone()]);
                reach.prerequisites = 0;
                return reach;
            };
            reach.prerequisites += usize::from(other.may_fail || other.variations.len() > 1);
        }
        if reach.prerequisites > 0 {
            reach.variations.insert(off.clone());
        }
        reach.variations.extend(flag.users.values().chain(flag.orgs.values()).cloned());
        for rule in flag.rules.iter().filter(|rule| rule.rollout > Weight::NONE) {
            reach.may_fail |= rule.rollout < Weight::ALL;
            reach.serve(&rule.serve);
            if is_for_everyone(rule) {
                return reach;
            }
        }
        match &flag.fallthrough {
            Fallthrough::Serve(serve) => reach.serve(serve),
            Fallthrough::Rollout(weight) => {
                reach.may_fail |= *weight > Weight::NONE && *weight < Weight::ALL;
                if *weight > Weight::NONE {
                    reach.variations.extend(flag.variations.find(ON).cloned());
                }
                if *weight < Weight::ALL {
                    reach.variations.insert(off.clone());
                }
            }
        }
        reach
    }

    fn serve(&mut self, serve: &Serve) {
        self.may_fail |= matches!(serve, Serve::Split(split) if split.single().is_none());
        self.variations.extend(served(serve));
    }
}

/// Tells whether a rule leaves nobody for what stands below it.
fn is_for_everyone(rule: &Rule) -> bool {
    rule.when.is_empty() && rule.rollout == Weight::ALL
}

/// Tells whether all variations that a flag serves are its own.
pub(super) fn refers_to_its_own(flag: &Flag) -> bool {
    let own = |name: &VariationName| flag.variations.find(name.as_str()).is_some();
    let fallthrough = match &flag.fallthrough {
        Fallthrough::Serve(serve) => served(serve).iter().all(own),
        Fallthrough::Rollout(_) => flag.variations.find(ON).is_some(),
    };
    fallthrough
        && flag.users.values().chain(flag.orgs.values()).all(own)
        && flag.rules.iter().all(|rule| served(&rule.serve).iter().all(own))
}

fn served(serve: &Serve) -> Vec<VariationName> {
    match serve {
        Serve::Variation(variation) => vec![variation.clone()],
        Serve::Split(split) => split.pairs().iter().map(|(variation, _)| variation.clone()).collect(),
    }
}

fn partial(flag: &Flag, prerequisites: usize) -> Partial {
    let off = flag.variations.off();
    let (rules, fallthrough) = reachable(flag);
    let everyone_else = match &fallthrough {
        Fallthrough::Rollout(Weight::ALL) => flag.variations.find(ON),
        Fallthrough::Rollout(Weight::NONE) => Some(off),
        Fallthrough::Serve(Serve::Variation(variation)) => Some(variation),
        Fallthrough::Serve(Serve::Split(split)) => split.single(),
        Fallthrough::Rollout(_) => None,
    };
    let listed = |entries: &indexmap::IndexMap<String, VariationName>| {
        let mut listed = Listed::default();
        for variation in entries.values().filter(|variation| Some(*variation) != everyone_else) {
            *if variation == off { &mut listed.off } else { &mut listed.on } += 1;
        }
        listed
    };
    let differs = |serve: &Serve| served(serve).iter().any(|variation| Some(variation) != everyone_else);
    let (users, orgs) = (listed(&flag.users), listed(&flag.orgs));
    let rules = rules.iter().filter(|rule| rule.rollout > Weight::NONE && differs(&rule.serve)).count();
    Partial { fallthrough, users, orgs, rules, prerequisites }
}

/// Returns the rules that not everyone matches, and what comes after them: a rule for everyone is a
/// fallthrough by another name.
fn reachable(flag: &Flag) -> (&[Rule], Fallthrough) {
    let Some(at) = flag.rules.iter().position(is_for_everyone) else {
        return (&flag.rules, flag.fallthrough.clone());
    };
    let fallthrough = match &flag.rules[at].serve {
        Serve::Variation(name) if flag.variations.is_boolean() && name.as_str() == ON => {
            Fallthrough::Rollout(Weight::ALL)
        }
        Serve::Variation(name) if flag.variations.is_boolean() && name == flag.variations.off() => {
            Fallthrough::Rollout(Weight::NONE)
        }
        other => Fallthrough::Serve(other.clone()),
    };
    (&flag.rules[..at], fallthrough)
}

/// Writes the state in short: `on`, `off`, `25%`, `25% + 2 orgs`, `100% - 1 user`, `2 orgs`, `v2 90 / v3 10`.
impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::On(_) | Self::Off(_) => f.pad(self.word()),
            Self::Partial(partial) => f.pad(&partial.to_string()),
        }
    }
}

impl fmt::Display for Partial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = match &self.fallthrough {
            Fallthrough::Rollout(Weight::NONE) => String::new(),
            Fallthrough::Rollout(weight) => weight.to_string(),
            Fallthrough::Serve(Serve::Variation(variation)) => variation.to_string(),
            Fallthrough::Serve(Serve::Split(split)) => shares(split),
        };
        let mut add = |sign: &str, count: usize, one: &str| {
            if count > 0 {
                let plural = if count == 1 { "" } else { "s" };
                let sign = if text.is_empty() { String::new() } else { format!(" {sign} ") };
                text.extend([sign.as_str(), &count.to_string(), " ", one, plural]);
            }
        };
        add("+", self.orgs.on, "org");
        add("-", self.orgs.off, "org");
        add("+", self.users.on, "user");
        add("-", self.users.off, "user");
        add("+", self.rules, "rule");
        if self.prerequisites > 0 {
            text.push_str(if text.is_empty() {
                "where prerequisites hold"
            } else {
                ", where prerequisites hold"
            });
        }
        f.pad(&text)
    }
}

fn shares(split: &Split) -> String {
    let pairs = split.pairs().iter().map(|(name, share)| format!("{name} {}", share.get()));
    pairs.collect::<Vec<_>>().join(" / ")
}
