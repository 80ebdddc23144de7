//! What users must pass before a flag's own rules, or an experiment's variants, are asked.

use crate::eval::{Run, Subject};
use crate::model::{Experiment, Flag, VariationName};

use super::plan::Target;
use super::tally::{Assigned, Outcome};

/// One thing to pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hurdle {
    /// What kind it is.
    pub kind: HurdleKind,
    /// The flag that is asked.
    pub flag: String,
    /// What it must serve; none where anything but off will do.
    pub variation: Option<VariationName>,
}

/// What kind of thing is to be passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HurdleKind {
    /// The flag's own switch, which is off: nobody passes.
    Switch,
    /// The prerequisite at this position, from 0.
    Prerequisite(usize),
    /// The gate of the experiment.
    Gate,
}

impl HurdleKind {
    /// Returns the word in every output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Switch => "switch",
            Self::Prerequisite(_) => "prerequisite",
            Self::Gate => "gate",
        }
    }
}

/// Returns what the users of a flag must pass: nothing where it has no prerequisites.
pub(super) fn hurdles(flag: &Flag) -> Vec<Hurdle> {
    if flag.prerequisites.is_empty() {
        return Vec::new();
    }
    let switch = Hurdle { kind: HurdleKind::Switch, flag: flag.name.to_string(), variation: None };
    let asked = flag.prerequisites.iter().enumerate().map(|(at, prerequisite)| Hurdle {
        kind: HurdleKind::Prerequisite(at),
        flag: prerequisite.flag.to_string(),
        variation: Some(prerequisite.variation.clone()),
    });
    (!flag.enabled).then_some(switch).into_iter().chain(asked).collect()
}

/// Returns what the users of an experiment must pass: its gate, if it has one.
pub(super) fn gate(experiment: &Experiment) -> Vec<Hurdle> {
    let gate = experiment.flag.iter();
    gate.map(|flag| Hurdle { kind: HurdleKind::Gate, flag: flag.to_string(), variation: None }).collect()
}

/// Returns how many hurdles of a funnel a row passes before the first that it does not.
pub(super) fn passed<S: Subject + ?Sized>(
    funnel: &[Hurdle],
    target: Target,
    outcome: Outcome,
    run: &mut Run<'_, S>,
) -> usize {
    let mut passes = |hurdle: &&Hurdle| match (hurdle.kind, target) {
        (HurdleKind::Switch, _) => false,
        (HurdleKind::Prerequisite(at), Target::Flag(id, _)) => run.meets(id, at),
        (HurdleKind::Gate, _) => outcome.assigned != Assigned::Closed,
        (HurdleKind::Prerequisite(_), Target::Experiment(_)) => true,
    };
    funnel.iter().take_while(|hurdle| passes(hurdle)).count()
}
