//! The one evaluator: flag × subject → variation and reason.

use crate::bucket::Draw;
use crate::model::{ErrorCode, Reason};

use super::observer::{Bucketed, NoObserver, Observer, Step};
use super::program::{CompiledFlag, CompiledPrerequisite, CompiledRollout, CompiledServe, FlagId};
use super::run::{NoUnit, Run};
use super::subject::Subject;

/// What came out for one subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evaluation {
    /// The index of the variation served, see [`super::Program::variation`].
    pub variation: usize,
    /// Why.
    pub reason: Reason,
    /// The rule that decided, from 0.
    pub rule: Option<usize>,
    /// The draw that decided, of the rollout or the split; as a bucket in [`super::Program::bucket`].
    pub bucket: Option<Draw>,
}

/// The buckets that a rule asked for, where an observer listens.
#[derive(Default)]
struct Watched<'a> {
    rollout: Option<Bucketed<'a>>,
    split: Option<Bucketed<'a>>,
}

impl<'a, S: Subject + ?Sized> Run<'a, S> {
    /// Evaluates a flag. Total: always ends with a variation of the flag and a reason.
    #[inline]
    pub fn evaluate<O: Observer>(&mut self, flag: FlagId, observer: &mut O) -> Evaluation {
        let compiled = &self.program.flags[flag.0];
        self.try_evaluate(compiled, observer)
            .unwrap_or_else(|NoUnit| ended(compiled.off, Reason::Error(ErrorCode::TargetingKeyMissing)))
    }

    /// Evaluates a flag that something else refers to, at most once a subject.
    pub(super) fn evaluate_referred(&mut self, flag: FlagId) -> Evaluation {
        let (generation, known) = self.scratch.flags[flag.0];
        if generation == self.scratch.moment {
            return known;
        }
        let result = self.evaluate(flag, &mut NoObserver);
        self.scratch.flags[flag.0] = (self.scratch.moment, result);
        result
    }

    fn try_evaluate<O: Observer>(
        &mut self,
        flag: &'a CompiledFlag,
        observer: &mut O,
    ) -> Result<Evaluation, NoUnit> {
        if flag.invalid {
            return Ok(ended(flag.off, Reason::Error(ErrorCode::InvalidDefinition)));
        }
        if O::LISTENS {
            observer.step(Step::Switch { enabled: flag.enabled });
        }
        if !flag.enabled {
            return Ok(ended(flag.off, Reason::Disabled));
        }
        if !self.prerequisites_met(flag, observer) {
            return Ok(ended(flag.off, Reason::PrerequisiteFailed));
        }
        if let Some(served) = self.listed(flag, observer) {
            return Ok(ended(served, Reason::TargetingMatch));
        }
        for at in 0..flag.rules.len() {
            if let Some(decided) = self.rule(flag, at, observer)? {
                return Ok(decided);
            }
        }
        self.fallthrough(flag, observer)
    }

    /// Tells whether all prerequisites serve what they must. One that ended with an error does not, even if
    /// what it serves then is what it must serve.
    fn prerequisites_met<O: Observer>(&mut self, flag: &'a CompiledFlag, observer: &mut O) -> bool {
        let mut all = true;
        for prerequisite in &flag.prerequisites {
            let (other, met) = self.asked(prerequisite);
            if O::LISTENS {
                let actual =
                    other.map(|(id, other)| (self.program.variation(id, other.variation), other.reason));
                let (flag, wanted) = (prerequisite.name.as_str(), prerequisite.wanted.as_str());
                observer.step(Step::Prerequisite { flag, wanted, actual, met });
            }
            all &= met;
            if !all && !O::LISTENS {
                return false;
            }
        }
        all
    }

    /// Returns what a prerequisite serves, and whether that is what it must serve.
    fn asked(&mut self, prerequisite: &CompiledPrerequisite) -> (Option<(FlagId, Evaluation)>, bool) {
        let other = prerequisite.flag.map(|id| (id, self.evaluate_referred(id)));
        let met = other.is_some_and(|(_, other)| {
            prerequisite.variation == Some(other.variation) && !matches!(other.reason, Reason::Error(_))
        });
        (other, met)
    }

    /// Tells whether the flag's prerequisite at this position, from 0, is met; true where there is none.
    pub fn meets(&mut self, flag: FlagId, prerequisite: usize) -> bool {
        let asked = self.program.flags[flag.0].prerequisites.get(prerequisite);
        asked.is_none_or(|asked| self.asked(asked).1)
    }

    /// Returns the variation of a listed user, else of a listed organisation.
    fn listed<O: Observer>(&mut self, flag: &'a CompiledFlag, observer: &mut O) -> Option<usize> {
        if !flag.users.is_empty() {
            let key = self.subject.key(&self.program.user);
            let served = key.and_then(|key| flag.users.get(key)).copied();
            if O::LISTENS {
                let served = served.map(|at| &flag.variations[at].0);
                observer.step(Step::User { key, listed: flag.users.len(), served });
            }
            if served.is_some() {
                return served;
            }
        }
        if !flag.orgs.is_empty() {
            let key = self.subject.key(&self.program.org);
            let served = key.and_then(|key| flag.orgs.get(key)).copied();
            if O::LISTENS {
                let served = served.map(|at| &flag.variations[at].0);
                observer.step(Step::Org { key, listed: flag.orgs.len(), served });
            }
            return served;
        }
        None
    }

    /// Tells whether the flag lists the user, who then needs no organisation, rule or bucket.
    pub fn is_listed_user(&self, flag: FlagId) -> bool {
        let key = self.subject.key(&self.program.user);
        key.is_some_and(|key| self.program.flags[flag.0].users.contains_key(key))
    }

    fn rule<O: Observer>(
        &mut self,
        flag: &'a CompiledFlag,
        at: usize,
        observer: &mut O,
    ) -> Result<Option<Evaluation>, NoUnit> {
        let rule = &flag.rules[at];
        let mut matched = true;
        for clause in &rule.clauses {
            let (actual, holds) = self.clause(clause);
            if O::LISTENS {
                observer.step(Step::Clause { rule: at, clause: &clause.source, actual, matched: holds });
            }
            matched &= holds;
            if !matched && !O::LISTENS {
                return Ok(None);
            }
        }
        let mut watched = Watched::default();
        let decided = if matched { self.rule_serves::<O>(flag, at, &mut watched) } else { Ok(None) };
        if O::LISTENS {
            let served = decided.as_ref().ok().and_then(Option::as_ref);
            let served = served.map(|decided| &flag.variations[decided.variation].0);
            let Watched { rollout, split } = watched;
            let name = rule.name.as_deref();
            observer.step(Step::Rule { rule: at, name, matched, rollout, split, served });
        }
        decided
    }

    /// Returns what a rule serves whose clauses match; none if the rollout of the rule misses.
    fn rule_serves<O: Observer>(
        &mut self,
        flag: &'a CompiledFlag,
        at: usize,
        watched: &mut Watched<'a>,
    ) -> Result<Option<Evaluation>, NoUnit> {
        let rule = &flag.rules[at];
        let bucket = match rule.rollout {
            CompiledRollout::Nobody => return Ok(None),
            CompiledRollout::Everyone => None,
            CompiledRollout::Part { hash, limit, weight } => {
                match self.draw::<O>(&flag.hashing, hash, weight, &mut watched.rollout)? {
                    draw if draw < limit => Some(draw),
                    _ => return Ok(None),
                }
            }
        };
        let (variation, bucket) = match &rule.serve {
            CompiledServe::Variation(variation) => (*variation, bucket),
            CompiledServe::Split(shares) => {
                let (variation, slot) = self.slot::<O>(&flag.hashing, shares, &mut watched.split)?;
                (variation, Some(slot))
            }
        };
        Ok(Some(Evaluation { variation, reason: Reason::TargetingMatch, rule: Some(at), bucket }))
    }

    fn fallthrough<O: Observer>(
        &mut self,
        flag: &'a CompiledFlag,
        observer: &mut O,
    ) -> Result<Evaluation, NoUnit> {
        let plain = if flag.targeted { Reason::Default } else { Reason::Static };
        let by_bucket = |variation, bucket| Evaluation {
            variation,
            reason: Reason::Split,
            rule: None,
            bucket: Some(bucket),
        };
        let mut bucketed = None;
        let result = match &flag.fallthrough {
            CompiledServe::Variation(variation) => match flag.rollout {
                CompiledRollout::Nobody => Ok(ended(flag.off, plain)),
                CompiledRollout::Everyone => Ok(ended(*variation, plain)),
                CompiledRollout::Part { hash, limit, weight } => self
                    .draw::<O>(&flag.hashing, hash, weight, &mut bucketed)
                    .map(|draw| by_bucket(if draw < limit { *variation } else { flag.off }, draw)),
            },
            CompiledServe::Split(shares) => self
                .slot::<O>(&flag.hashing, shares, &mut bucketed)
                .map(|(variation, slot)| by_bucket(variation, slot)),
        };
        if O::LISTENS {
            let served = result.as_ref().ok().map(|result| &flag.variations[result.variation].0);
            observer.step(Step::Fallthrough { bucketed, served });
        }
        result
    }
}

const fn ended(variation: usize, reason: Reason) -> Evaluation {
    Evaluation { variation, reason, rule: None, bucket: None }
}
