//! Experiments: gate, then forced variants, then the bucket.

use crate::model::{ErrorCode, Reason};

use super::evaluate::Run;
use super::observer::{NoObserver, Observer, Step};
use super::program::ExperimentId;
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
    /// Why: `disabled` behind a closed gate, `targeting_match` if forced, `split` by the bucket.
    pub reason: Reason,
    /// Whether the gate let the subject in.
    pub gate: Gate,
    /// The slot among the shares, 0..total; none where no bucket was asked.
    pub bucket: Option<u32>,
}

impl<S: Subject + ?Sized> Run<'_, S> {
    /// Assigns a variant. Total: always ends with a variant of the experiment and a reason.
    pub fn assign<O: Observer>(&mut self, experiment: ExperimentId, observer: &mut O) -> Assignment {
        let program = self.program;
        let compiled = &program.experiments[experiment.0];
        let mut gate = Gate::None;
        if let Some(asked) = &compiled.gate {
            let result = asked.flag.map(|id| (id, self.evaluate(id, &mut NoObserver)));
            let open = result.is_some_and(|(id, result)| result.variation != program.off(id));
            gate = if open { Gate::Open } else { Gate::Closed };
            if O::LISTENS {
                let actual =
                    result.map(|(id, result)| (program.variation(id, result.variation), result.reason));
                observer.step(Step::Gate { flag: &asked.name, actual, open });
            }
            if !open {
                return Assignment { variant: 0, reason: Reason::Disabled, gate, bucket: None };
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
        let shares = &compiled.split;
        if shares.upper.len() == 1 {
            return Assignment { variant: 0, reason: Reason::Static, gate, bucket: None };
        }
        let point = self.point(compiled.hash);
        let place = point.map(|point| shares.position(point.bucket(shares.total)));
        if O::LISTENS {
            let (from, to) = place.map_or((0, 0), |place| shares.range(place));
            let bucketed = self.bucketed(compiled.hash, point, shares.total, from, to);
            let served = place.map(|place| &compiled.variants[shares.upper[place].1]);
            observer.step(Step::Fallthrough { bucketed: Some(bucketed), served });
        }
        let Some((point, place)) = point.zip(place) else {
            let reason = Reason::Error(ErrorCode::TargetingKeyMissing);
            return Assignment { variant: 0, reason, gate, bucket: None };
        };
        let bucket = Some(point.bucket(shares.total));
        Assignment { variant: shares.upper[place].1, reason: Reason::Split, gate, bucket }
    }
}
