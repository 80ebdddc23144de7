//! The steps of an evaluation → the trace of the answer.

use std::cmp::Ordering;

use crate::bucket::{Compare, Number, Purpose};
use crate::eval::{Bucketed, Step};
use crate::layer::Origin;
use crate::model::{VariationName, Weight};
use crate::report::{BucketReport, ClauseReport, StepReport};

use super::words;

/// Collects steps as they are taken.
#[derive(Default)]
pub struct Trace {
    steps: Vec<StepReport>,
    clauses: Vec<ClauseReport>,
}

impl Trace {
    /// Returns the steps with their places: `place` looks up where a rule, a user or an organisation stands.
    pub fn finish(self) -> Vec<StepReport> {
        self.steps
    }

    /// Takes a step in.
    pub fn take(&mut self, step: &Step<'_>, place: &dyn Fn(Place<'_>) -> Option<Origin>) {
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
                    bucket: bucketed.map(bucket_report),
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
                    bucket: bucketed.as_ref().map(bucket_report),
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
pub enum Place<'a> {
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
            let compare = bucketed.algorithm.record(Purpose::Rollout).compare;
            let side = match (compare, found.partial_cmp(&bucketed.threshold)) {
                (Compare::Below, Some(Ordering::Less)) => "below",
                (Compare::Below, _) => "not below",
                (Compare::AtMost, Some(Ordering::Greater)) => "above",
                (Compare::AtMost, _) => "at most",
            };
            let total = bucketed.total;
            format!("bucket {} is {side} {}", in_rollout(found, total), in_rollout(bucketed.threshold, total))
        }
        Purpose::Variant => match bucketed.threshold {
            Number::Whole(beyond) => {
                let last = beyond.saturating_sub(1);
                format!("slot {found} of {} is in {}..={last}", bucketed.total, bucketed.from)
            }
            beyond @ Number::Fraction(_) => {
                format!("bucket {} is in {}..{}", rounded(found), rounded(bucketed.from), rounded(beyond))
            }
        },
    }
}

/// Returns a bucket of a rollout: as a percentage where buckets are thousandths of one, else as it is counted.
fn in_rollout(number: Number, total: Number) -> String {
    match (number, total) {
        (Number::Whole(bucket), Number::Whole(100_000)) => {
            let weight = u32::try_from(bucket).ok().and_then(Weight::from_thousandths);
            weight.map_or_else(|| number.to_string(), |weight| weight.to_string())
        }
        (Number::Whole(bucket), total) => format!("{bucket} of {total}"),
        _ => rounded(number),
    }
}

/// Writes a bucket to six digits after the point.
fn rounded(number: Number) -> String {
    match number {
        Number::Whole(number) => number.to_string(),
        Number::Fraction(number) => {
            let text = format!("{number:.6}");
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
    }
}

/// Returns a bucket as the answer has it.
pub fn bucket_report(bucketed: &Bucketed<'_>) -> BucketReport {
    BucketReport {
        bucket: bucketed.bucket,
        total: bucketed.total,
        threshold: bucketed.threshold,
        from: bucketed.from,
        compare: bucketed.algorithm.record(bucketed.purpose).compare.sign(),
        in_at: bucketed.in_at,
        input: bucketed.input.clone(),
        by: bucketed.by.clone(),
        algorithm: bucketed.algorithm.clone(),
    }
}
