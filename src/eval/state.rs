//! The state of a flag without a context: everyone, nobody, or whom in part.

use std::collections::BTreeSet;
use std::fmt;

use crate::model::{Fallthrough, Flag, Serve, Split, VariationName, Weight};

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

/// Returns the state of an effective flag: what can come out over all possible contexts. A prerequisite is
/// asked for its own state in `world`; whether a rule's clauses can be met at all is not examined.
pub fn state_of(world: &dyn World, flag: &Flag) -> State {
    let mut visiting = vec![flag.name.to_string()];
    let reach = reach(world, flag, &mut visiting);
    match reach.variations.first() {
        Some(only) if reach.variations.len() == 1 => {
            if only == flag.variations.off() {
                State::Off(only.clone())
            } else {
                State::On(only.clone())
            }
        }
        _ => State::Partial(partial(flag, reach.prerequisites)),
    }
}

/// The variations that can come out, and how many prerequisites are met for some only.
struct Reach {
    variations: BTreeSet<VariationName>,
    prerequisites: usize,
}

fn reach(world: &dyn World, flag: &Flag, visiting: &mut Vec<String>) -> Reach {
    let off = flag.variations.off();
    let nobody = || Reach { variations: BTreeSet::from([off.clone()]), prerequisites: 0 };
    if !flag.enabled {
        return nobody();
    }
    let mut prerequisites = 0;
    for prerequisite in &flag.prerequisites {
        let name = prerequisite.flag.as_str();
        let Some(other) = world.flag(name).filter(|_| !visiting.iter().any(|seen| seen == name)) else {
            return nobody();
        };
        visiting.push(name.to_owned());
        let other = reach(world, &other, visiting).variations;
        visiting.pop();
        if !other.contains(&prerequisite.variation) {
            return nobody();
        }
        prerequisites += usize::from(other.len() > 1);
    }
    let mut variations: BTreeSet<VariationName> =
        flag.users.values().chain(flag.orgs.values()).cloned().collect();
    if prerequisites > 0 {
        variations.insert(off.clone());
    }
    for rule in flag.rules.iter().filter(|rule| rule.rollout > Weight::NONE) {
        variations.extend(served(&rule.serve));
    }
    match &flag.fallthrough {
        Fallthrough::Serve(serve) => variations.extend(served(serve)),
        Fallthrough::Rollout(weight) => {
            if *weight > Weight::NONE {
                variations.extend(flag.variations.find(crate::model::ON).cloned());
            }
            if *weight < Weight::ALL {
                variations.insert(off.clone());
            }
        }
    }
    Reach { variations, prerequisites }
}

fn served(serve: &Serve) -> Vec<VariationName> {
    match serve {
        Serve::Variation(variation) => vec![variation.clone()],
        Serve::Split(split) => split.pairs().iter().map(|(variation, _)| variation.clone()).collect(),
    }
}

fn partial(flag: &Flag, prerequisites: usize) -> Partial {
    let off = flag.variations.off();
    let everyone_else = match &flag.fallthrough {
        Fallthrough::Rollout(Weight::ALL) => flag.variations.find(crate::model::ON),
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
    Partial {
        fallthrough: flag.fallthrough.clone(),
        users: listed(&flag.users),
        orgs: listed(&flag.orgs),
        rules: flag.rules.iter().filter(|rule| rule.rollout > Weight::NONE && differs(&rule.serve)).count(),
        prerequisites,
    }
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
                let sign = match (text.is_empty(), sign) {
                    (true, "+") => String::new(),
                    (true, sign) => sign.to_owned(),
                    (false, sign) => format!(" {sign} "),
                };
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
