//! The steps of an evaluation → the trace of the answer.

use crate::bucket::{Algorithm, Purpose};
use crate::eval::{Bucketed, Step};
use crate::layer::Origin;
use crate::model::{VariationName, Weight};
use crate::report::{BucketReport, ClauseReport, StepReport};

use super::words;

/// Collects steps as they are taken.
#[derive(Default)]
pub(super) struct Trace {
    steps: Vec<StepReport>,
    clauses: Vec<ClauseReport>,
}

impl Trace {
    /// Returns the steps with their places: `place` looks up where a rule, a user or an organisation stands.
    pub(super) fn finish(self) -> Vec<StepReport> {
        self.steps
    }

    /// Takes a step in.
    pub(super) fn take(&mut self, step: &Step<'_>, place: &dyn Fn(Place<'_>) -> Option<Origin>) {
        match step {
            Step::Switch { enabled } => {
                let (outcome, detail) = if *enabled {
                    ("passed", "the flag is enabled")
                } else {
                    ("decided", "the flag is switched off: nothing below counts")
                };
                self.push(plain("switch", "enabled", outcome, detail, place(Place::Switch)));
            }
            Step::Prerequisite { flag, wanted, actual, met } => {
                let detail = match actual {
                    Some((served, reason)) => format!("it serves {served} ({})", reason.word()),
                    None => "there is no such flag".to_owned(),
                };
                let subject = format!("prerequisite {flag} = {wanted}");
                let outcome = if *met { "passed" } else { "decided" };
                self.push(plain("prerequisite", &subject, outcome, &detail, None));
            }
            Step::User { key, listed, served } => {
                self.listed("user", *key, *listed, *served, key.and_then(|key| place(Place::User(key))));
            }
            Step::Org { key, listed, served } => {
                self.listed("org", *key, *listed, *served, key.and_then(|key| place(Place::Org(key))));
            }
            Step::Clause { clause, actual, matched, .. } => {
                let (value, text) = words::actual(*actual, clause);
                self.clauses.push(ClauseReport {
                    clause: words::clause(clause),
                    actual: value,
                    actual_text: text,
                    wanted: words::wanted(clause),
                    matched: *matched,
                });
            }
            Step::Rule { rule, name, matched, rollout, split, served } => {
                let number = rule + 1;
                let subject = match name {
                    Some(name) => format!("rule {number} \"{name}\""),
                    None => format!("rule {number}"),
                };
                let bucketed = split.as_ref().or(rollout.as_ref());
                let (outcome, detail) = rule_detail(*matched, *served, rollout.as_ref(), bucketed);
                let clauses = std::mem::take(&mut self.clauses);
                self.push(StepReport {
                    step: "rule",
                    subject,
                    outcome,
                    served: served.cloned(),
                    detail,
                    clauses,
                    bucket: bucketed.map(bucket),
                    origin: place(Place::Rule(*rule)),
                });
            }
            Step::Fallthrough { bucketed, served } => {
                let step = match bucketed {
                    None => "serve",
                    Some(bucketed) => match bucketed.purpose {
                        Purpose::Rollout => "rollout",
                        Purpose::Variant => "split",
                    },
                };
                let detail = match (bucketed, served) {
                    (Some(bucketed), _) => describe(bucketed),
                    (None, Some(served)) => format!("everybody else gets {served}"),
                    (None, None) => String::new(),
                };
                self.push(StepReport {
                    step,
                    subject: "everybody else".to_owned(),
                    outcome: "decided",
                    served: served.cloned(),
                    detail,
                    clauses: Vec::new(),
                    bucket: bucketed.as_ref().map(bucket),
                    origin: place(Place::Fallthrough),
                });
            }
            Step::Gate { flag, actual, open } => {
                let detail = match actual {
                    Some((served, reason)) => format!("it serves {served} ({})", reason.word()),
                    None => "there is no such flag".to_owned(),
                };
                let outcome = if *open { "passed" } else { "decided" };
                self.push(plain("gate", &format!("gate {flag}"), outcome, &detail, None));
            }
        }
    }

    fn push(&mut self, step: StepReport) {
        self.steps.push(step);
    }

    fn listed(
        &mut self,
        kind: &'static str,
        key: Option<&str>,
        listed: usize,
        served: Option<&VariationName>,
        origin: Option<Origin>,
    ) {
        let plural = if listed == 1 { "" } else { "s" };
        let (outcome, detail) = match (key, served) {
            (None, _) => ("missed", format!("the context has no {kind}; {listed} {kind}{plural} listed")),
            (Some(key), None) => ("missed", format!("{key} is not among the {listed} listed")),
            (Some(key), Some(_)) => ("decided", format!("{key} is listed")),
        };
        let subject = if kind == "user" { "single users" } else { "organisations" };
        let step = StepReport { served: served.cloned(), ..plain(kind, subject, outcome, &detail, origin) };
        self.push(step);
    }
}

/// What a trace asks the place of.
#[derive(Clone, Copy)]
pub(super) enum Place<'a> {
    /// The switch that counts.
    Switch,
    /// A user's entry.
    User(&'a str),
    /// An organisation's entry.
    Org(&'a str),
    /// A rule, from 0.
    Rule(usize),
    /// What everybody else gets.
    Fallthrough,
}

fn plain(
    step: &'static str,
    subject: &str,
    outcome: &'static str,
    detail: &str,
    origin: Option<Origin>,
) -> StepReport {
    StepReport {
        step,
        subject: subject.to_owned(),
        outcome,
        served: None,
        detail: detail.to_owned(),
        clauses: Vec::new(),
        bucket: None,
        origin,
    }
}

fn rule_detail(
    matched: bool,
    served: Option<&VariationName>,
    rollout: Option<&Bucketed<'_>>,
    bucketed: Option<&Bucketed<'_>>,
) -> (&'static str, String) {
    match (matched, served, bucketed) {
        (false, _, _) => ("missed", "does not match".to_owned()),
        (true, Some(_), None) => ("decided", "matches".to_owned()),
        (true, Some(_), Some(bucketed)) => ("decided", format!("matches; {}", describe(bucketed))),
        (true, None, Some(bucketed)) if bucketed.bucket.is_none() => ("decided", describe(bucketed)),
        (true, None, _) => {
            let why = rollout.map_or_else(|| "the rollout is 0%".to_owned(), describe);
            ("missed", format!("matches, but {why}"))
        }
    }
}

/// Says a bucket in words.
fn describe(bucketed: &Bucketed<'_>) -> String {
    let Some(found) = bucketed.bucket else {
        return format!("the context has no {} to bucket by", bucketed.by);
    };
    match bucketed.purpose {
        Purpose::Rollout => {
            let side = if found < bucketed.threshold { "below" } else { "not below" };
            format!("bucket {} is {side} {}", percent(found), percent(bucketed.threshold))
        }
        Purpose::Variant => {
            let last = bucketed.threshold.saturating_sub(1);
            format!("slot {found} of {} is in {}..={last}", bucketed.total, bucketed.from)
        }
    }
}

fn percent(thousandths: u32) -> String {
    Weight::from_thousandths(thousandths).map_or_else(String::new, |weight| weight.to_string())
}

/// Returns a bucket as the answer has it.
pub(super) fn bucket(bucketed: &Bucketed<'_>) -> BucketReport {
    let in_at = match bucketed.purpose {
        Purpose::Rollout => bucketed.bucket.and_then(|bucket| Weight::from_thousandths(bucket + 1)),
        Purpose::Variant => None,
    };
    let input =
        bucketed.unit.as_ref().map(|unit| format!("{}:{}:{unit}", bucketed.purpose.word(), bucketed.key));
    BucketReport {
        bucket: bucketed.bucket,
        total: bucketed.total,
        threshold: bucketed.threshold,
        from: bucketed.from,
        in_at,
        input,
        by: bucketed.by.clone(),
        algorithm: Algorithm::default(),
    }
}
