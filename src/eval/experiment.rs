//! Experiments: gate, then forced variants, then the bucket.

use crate::bucket::Draw;
use crate::model::{ErrorCode, Reason};

use super::observer::{Observer, Step};
use super::program::ExperimentId;
use super::run::{NoUnit, Run};
use super::subject::Subject;

/// Whether an experiment's gate lets a subject in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Gate {
    /// The experiment has none.
    None,
    /// The flag is on for the subject.
    Open,
    /// The flag is not on: the subject gets the first variant.
    Closed,
}

/// Which variant a subject gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The index of the variant, see [`super::Program::variants`].
    pub variant: usize,
    /// Why: `disabled` behind a closed gate, `targeting_match` if forced, `split` by the bucket, `static` or
    /// `default` where there is but one variant.
    pub reason: Reason,
    /// Whether the gate let the subject in.
    pub gate: Gate,
    /// The draw, as a bucket in [`super::Program::slot`]; none where no bucket was asked.
    pub bucket: Option<Draw>,
}

impl<S: Subject + ?Sized> Run<'_, S> {
    /// Assigns a variant. Total: always ends with a variant of the experiment and a reason. Where the gate
    /// ended with an error, or there is no such flag, the reason is that error.
    pub fn assign<O: Observer>(&mut self, experiment: ExperimentId, observer: &mut O) -> Assignment {
        let program = self.program;
        let compiled = &program.experiments[experiment.0];
        let first = |reason, gate| Assignment { variant: 0, reason, gate, bucket: None };
        if compiled.invalid {
            return first(Reason::Error(ErrorCode::InvalidDefinition), Gate::Closed);
        }
        let mut gate = Gate::None;
        if let Some(asked) = &compiled.gate {
            let result = asked.flag.map(|id| (id, self.evaluate_referred(id)));
            let open = result.is_some_and(|(id, result)| result.variation != program.off(id));
            gate = if open { Gate::Open } else { Gate::Closed };
            if O::LISTENS {
                let actual =
                    result.map(|(id, result)| (program.variation(id, result.variation), result.reason));
                observer.step(Step::Gate { flag: &asked.name, actual, open });
            }
            if !open {
                let reason = match result.map(|(_, result)| result.reason) {
                    Some(Reason::Error(code)) => Reason::Error(code),
                    Some(_) => Reason::Disabled,
                    None => Reason::Error(ErrorCode::InvalidDefinition),
                };
                return first(reason, gate);
            }
        }
        if !compiled.force.is_empty() {
            let key = self.subject.key(&program.user);
            let forced = key.and_then(|key| compiled.force.get(key)).copied();
            if O::LISTENS {
                let served = forced.map(|at| &compiled.variants[at]);
                observer.step(Step::User { key, listed: compiled.force.len(), served });
            }
            if let Some(variant) = forced {
                return Assignment { variant, reason: Reason::TargetingMatch, gate, bucket: None };
            }
        }
        let mut bucketed = None;
        let assigned = match compiled.variants.as_slice() {
            [_] => {
                let plain = compiled.gate.is_none() && compiled.force.is_empty();
                first(if plain { Reason::Static } else { Reason::Default }, gate)
            }
            _ => match self.slot::<O>(&compiled.hashing, &compiled.split, &mut bucketed) {
                Ok((variant, slot)) => {
                    Assignment { variant, reason: Reason::Split, gate, bucket: Some(slot) }
                }
                Err(NoUnit) => first(Reason::Error(ErrorCode::TargetingKeyMissing), gate),
            },
        };
        if O::LISTENS {
            let served = match assigned.reason {
                Reason::Error(_) => None,
                _ => Some(&compiled.variants[assigned.variant]),
            };
            observer.step(Step::Fallthrough { bucketed, served });
        }
        assigned
    }
}
