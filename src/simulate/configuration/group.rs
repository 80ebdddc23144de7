//! Users that the definitions treat alike but for where they draw.

use crate::eval::{Overlay, World};
use crate::model::{BucketBy, Clause, Definitions, Experiment, Fallthrough, Flag, Weight};

use super::cuts::{self, Cut, Drawing};
use super::layout::Several;

/// Of whom something is said: users who are in this position in every state that is compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Whom {
    /// They meet the prerequisites, of which there are some.
    pub prerequisites: bool,
    /// The gate of the experiment lets them in.
    pub gate: Option<String>,
    /// They are not named by themselves or by their organisation, while others are.
    pub unlisted: bool,
    /// Whether there are rules with clauses.
    pub rules: bool,
    /// The only rule with clauses that matches them: its position from 1 in the first state that has it, and its name.
    pub rule: Option<(usize, Option<String>)>,
    /// The other rules with clauses that match them, where several do.
    pub also: Vec<(usize, Option<String>)>,
}

/// A group, with what decides for it in each state.
pub(super) type Grouped = (Whom, Vec<Reduced>);

/// The groups of a definition.
pub(super) struct Known {
    /// Those that no rule matches, then those whom one rule alone matches, each with what decides in each state.
    pub(super) groups: Vec<Grouped>,
    /// How many rules with clauses there are.
    pub(super) rules: usize,
    /// Whether those who are named one by one are the same in every state; none where nobody is.
    pub(super) same_lists: Option<bool>,
    /// Those whom several rules match, and who come to nothing that is known already; none with fewer than two rules.
    pub(super) combined: Option<(Vec<Grouped>, Several)>,
}

/// The definition of one state, with nothing left but what decides for a group.
#[derive(Clone)]
pub(super) enum Reduced {
    Flag(Flag),
    Experiment(Experiment),
}

impl Reduced {
    /// Returns its cuts.
    pub(super) fn cuts(&self) -> Vec<Cut> {
        match self {
            Self::Flag(flag) => cuts::of_flag(flag),
            Self::Experiment(experiment) => {
                let mut cuts = Vec::new();
                Drawing::of_experiment(experiment).split(&experiment.variants, &mut cuts);
                cuts
            }
        }
    }

    pub(super) fn drawing(&self) -> Drawing<'_> {
        match self {
            Self::Flag(flag) => Drawing::of_flag(flag),
            Self::Experiment(experiment) => Drawing::of_experiment(experiment),
        }
    }

    /// Returns the flag with nothing behind the first rule that takes everybody; none for an experiment.
    fn decisive(&self) -> Option<Flag> {
        let Self::Flag(flag) = self else { return None };
        let mut flag = flag.clone();
        for rule in &mut flag.rules {
            rule.name = None;
        }
        if let Some(last) = flag.rules.iter().position(|rule| rule.rollout == Weight::ALL) {
            flag.rules.truncate(last + 1);
            flag.fallthrough = Fallthrough::Rollout(Weight::NONE);
        }
        Some(flag)
    }

    pub(super) fn by(&self) -> &BucketBy {
        self.drawing().by
    }

    /// Puts it into a world of its own.
    pub(super) fn world<'w>(&self, nothing: &'w Definitions) -> Overlay<'w> {
        match self {
            Self::Flag(flag) => Overlay::new(nothing).with_flag(flag.clone()),
            Self::Experiment(experiment) => Overlay::new(nothing).with_experiment(experiment.clone()),
        }
    }
}

/// The most rules of which each is looked at by itself.
pub(super) const MOST_RULES: usize = 20;
/// The most rules of which every combination is looked at.
const MOST_COMBINED: usize = 8;
/// The most groups of which everything is said.
pub(super) const MOST_GROUPS: usize = 40;

/// Returns the groups of a flag, those that no rule matches first, each with what decides in each state.
pub(super) fn of_flag(flags: &[Flag]) -> Known {
    let any = |holds: fn(&Flag) -> bool| flags.iter().any(holds);
    let whom = Whom {
        prerequisites: any(|flag| !flag.prerequisites.is_empty()),
        gate: None,
        unlisted: any(|flag| !flag.users.is_empty() || !flag.orgs.is_empty()),
        rules: any(|flag| flag.rules.iter().any(|rule| !rule.when.is_empty())),
        rule: None,
        also: Vec::new(),
    };
    let mut clauses: Vec<(&[Clause], Whom)> = Vec::new();
    for (at, rule) in flags.iter().flat_map(|flag| flag.rules.iter().enumerate()) {
        if !rule.when.is_empty() && !clauses.iter().any(|(known, _)| *known == rule.when.as_slice()) {
            let rule_of = Some((at + 1, rule.name.clone()));
            clauses.push((&rule.when, Whom { rule: rule_of, ..whom.clone() }));
        }
    }
    let matched = |whens: &[&[Clause]]| flags.iter().map(|flag| reduced(flag, whens)).collect::<Vec<_>>();
    let default = (whom.clone(), matched(&[]));
    let ruled = clauses.iter().take(MOST_RULES).map(|(when, whom)| (whom.clone(), matched(&[*when])));
    let groups: Vec<_> = std::iter::once(default).chain(ruled).collect();
    let combined = (clauses.len() > 1).then(|| combined(&clauses, &groups, matched));
    let same = flags.windows(2).all(|pair| pair[0].users == pair[1].users && pair[0].orgs == pair[1].orgs);
    Known { groups, rules: clauses.len(), same_lists: whom.unlisted.then_some(same), combined }
}

/// Returns the groups whom several rules match, fewer rules first: but for those for whom the same decides in every state
/// as for a group before.
fn combined(
    clauses: &[(&[Clause], Whom)],
    known: &[Grouped],
    matched: impl Fn(&[&[Clause]]) -> Vec<Reduced>,
) -> (Vec<Grouped>, Several) {
    let all = 1_usize.checked_shl(u32::try_from(clauses.len()).unwrap_or(u32::MAX)).unwrap_or(usize::MAX);
    let combinations = all.saturating_sub(clauses.len() + 1);
    let mut several = Several { combinations, ..Several::default() };
    if clauses.len() > MOST_COMBINED {
        several.left_out = combinations;
        return (Vec::new(), several);
    }
    let decisive = |states: &[Reduced]| states.iter().map(Reduced::decisive).collect::<Vec<_>>();
    let mut seen: Vec<Vec<Option<Flag>>> = known.iter().map(|(_, states)| decisive(states)).collect();
    let mut sets: Vec<usize> = (0..all).filter(|set| set.count_ones() > 1).collect();
    sets.sort_by_key(|set| set.count_ones());
    let mut found = Vec::new();
    for set in sets {
        let chosen = clauses.iter().enumerate().filter(|(at, _)| set >> at & 1 == 1).map(|(_, one)| one);
        let chosen: Vec<&(&[Clause], Whom)> = chosen.collect();
        let states = matched(&chosen.iter().map(|(when, _)| *when).collect::<Vec<_>>());
        let decides = decisive(&states);
        if seen.contains(&decides) {
            several.same += 1;
            continue;
        }
        seen.push(decides);
        let mut rules = chosen.iter().filter_map(|(_, whom)| whom.rule.clone());
        let Some((first, (_, whom))) = rules.next().zip(chosen.first()) else { continue };
        found.push((Whom { rule: Some(first), also: rules.collect(), ..whom.clone() }, states));
    }
    (found, several)
}

/// Returns what decides for those whom these clauses match, and no others.
fn reduced(flag: &Flag, whens: &[&[Clause]]) -> Reduced {
    let mut flag = flag.clone();
    flag.prerequisites.clear();
    flag.users.clear();
    flag.orgs.clear();
    flag.rules.retain(|rule| rule.when.is_empty() || whens.contains(&rule.when.as_slice()));
    for rule in &mut flag.rules {
        rule.when.clear();
    }
    Reduced::Flag(flag)
}

/// Returns the one group of an experiment: whom its gate lets in, but for those with a forced variant.
pub(super) fn of_experiment(experiments: &[Experiment]) -> (Whom, Vec<Reduced>) {
    let gate = experiments.iter().find_map(|experiment| experiment.flag.as_ref().map(ToString::to_string));
    let unlisted = experiments.iter().any(|experiment| !experiment.force.is_empty());
    let alone = |experiment: &Experiment| {
        let mut experiment = experiment.clone();
        experiment.flag = None;
        experiment.force.clear();
        Reduced::Experiment(experiment)
    };
    (Whom { gate, unlisted, ..Whom::default() }, experiments.iter().map(alone).collect())
}

/// Returns the groups of the flag or the experiment in every world; none where one has it not.
pub(super) fn definitions(name: &str, worlds: &[(&str, &dyn World)]) -> Option<Known> {
    let is_flag = worlds.first().is_some_and(|(_, world)| world.flag(name).is_some());
    if is_flag {
        let flags = worlds.iter().map(|(_, world)| world.flag(name).map(std::borrow::Cow::into_owned));
        return Some(of_flag(&flags.collect::<Option<Vec<_>>>()?));
    }
    let all = worlds.iter().map(|(_, world)| world.experiment(name).map(std::borrow::Cow::into_owned));
    let all: Vec<Experiment> = all.collect::<Option<_>>()?;
    let same = all.windows(2).all(|pair| pair[0].force == pair[1].force);
    let group = of_experiment(&all);
    let same_lists = group.0.unlisted.then_some(same);
    Some(Known { groups: vec![group], rules: 0, same_lists, combined: None })
}
