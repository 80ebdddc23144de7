//! Users that the definitions treat alike but for where they draw.

use crate::eval::{Overlay, World};
use crate::model::{BucketBy, Clause, Definitions, Experiment, Flag};

use super::cuts::{self, Cut, Drawing};

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

/// Returns the groups of a flag, those that no rule matches first, each with what decides in each state.
pub(super) fn of_flag(flags: &[Flag]) -> Vec<(Whom, Vec<Reduced>)> {
    let any = |holds: fn(&Flag) -> bool| flags.iter().any(holds);
    let whom = Whom {
        prerequisites: any(|flag| !flag.prerequisites.is_empty()),
        gate: None,
        unlisted: any(|flag| !flag.users.is_empty() || !flag.orgs.is_empty()),
        rules: any(|flag| flag.rules.iter().any(|rule| !rule.when.is_empty())),
        rule: None,
    };
    let mut clauses: Vec<(&[Clause], Whom)> = Vec::new();
    for (at, rule) in flags.iter().flat_map(|flag| flag.rules.iter().enumerate()) {
        if !rule.when.is_empty() && !clauses.iter().any(|(known, _)| *known == rule.when.as_slice()) {
            let rule_of = Some((at + 1, rule.name.clone()));
            clauses.push((&rule.when, Whom { rule: rule_of, ..whom.clone() }));
        }
    }
    let matched = |when: &[Clause]| flags.iter().map(|flag| reduced(flag, when)).collect();
    let default = (whom.clone(), matched(&[]));
    let ruled = clauses.into_iter().take(MOST_RULES).map(|(when, whom)| (whom, matched(when)));
    std::iter::once(default).chain(ruled).collect()
}

/// Returns what decides for those whom these clauses match, and no others.
fn reduced(flag: &Flag, when: &[Clause]) -> Reduced {
    let mut flag = flag.clone();
    flag.prerequisites.clear();
    flag.users.clear();
    flag.orgs.clear();
    flag.rules.retain(|rule| rule.when.is_empty() || rule.when == when);
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

/// Returns the flag or the experiment in every world; none where one has it not.
pub(super) fn definitions(name: &str, worlds: &[(&str, &dyn World)]) -> Option<Vec<(Whom, Vec<Reduced>)>> {
    let is_flag = worlds.first().is_some_and(|(_, world)| world.flag(name).is_some());
    if is_flag {
        let flags = worlds.iter().map(|(_, world)| world.flag(name).map(std::borrow::Cow::into_owned));
        return Some(of_flag(&flags.collect::<Option<Vec<_>>>()?));
    }
    let all = worlds.iter().map(|(_, world)| world.experiment(name).map(std::borrow::Cow::into_owned));
    Some(vec![of_experiment(&all.collect::<Option<Vec<_>>>()?)])
}
