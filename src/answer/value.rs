//! The value of one flag, for everyone or for one context → its report.

use crate::eval::{Builder, FlagId, Program, Run, Scratch, State, Step, state_of};
use crate::layer::{Layers, Resolved};
use crate::model::{Context, Timestamp};
use crate::report::{Answer, BucketReport, StateWord};

use super::trace::bucket_report;
use super::words;

/// Returns what everyone gets of a flag, where everyone gets the same.
pub fn value_report(layers: &Layers<'_>, resolved: &Resolved) -> Answer {
    let flag = &resolved.effective;
    let state = state_of(layers, flag);
    Answer {
        name: flag.name.to_string(),
        value: state.everyone().and_then(|variation| flag.variations.value(variation.as_str())).cloned(),
        variation: state.everyone().cloned(),
        state: StateWord::from(&state),
        summary: state.to_string(),
        enabled: Some(flag.enabled),
        source: resolved.enabled.effective().source,
        rollout: words::fallthrough(&flag.fallthrough),
        rollout_source: resolved.fallthrough.effective().source,
        reason: None,
        error_code: None,
        rule: None,
        bucket: None,
        algorithm: flag.bucketing.clone(),
        declared: resolved.is_declared(),
    }
}

/// Replaces what everyone gets with what one context gets; `run` evaluates for it in `program`.
pub fn evaluate_value(program: &Program, flag: FlagId, run: &mut Run<'_, Context>, answer: &mut Answer) {
    let mut bucket: Option<BucketReport> = None;
    let mut watch = |step: Step<'_>| note_bucket(&step, &mut bucket);
    let result = run.evaluate(flag, &mut watch);
    let variation = program.variation(flag, result.variation).clone();
    answer.value = Some(program.value(flag, result.variation).clone());
    let state = if result.variation == program.off(flag) {
        State::Off(variation.clone())
    } else {
        State::On(variation.clone())
    };
    answer.state = StateWord::from(&state);
    answer.summary = state.to_string();
    answer.variation = Some(variation);
    answer.reason = Some(result.reason);
    answer.error_code = result.reason.error_code();
    answer.rule = result.rule.map(|rule| rule + 1);
    answer.bucket = bucket;
}

/// Returns the bucket that decides what a context gets of a flag, or of an experiment where there is no such flag; none
/// if none was asked.
pub fn deciding_bucket(
    layers: &Layers<'_>,
    name: &str,
    context: &Context,
    at: Timestamp,
) -> Option<BucketReport> {
    let mut builder = Builder::default();
    let flag = builder.flag(layers, name);
    let experiment = if flag.is_none() { builder.experiment(layers, name) } else { None };
    let program = builder.build();
    let mut bucket = None;
    let mut watch = |step: Step<'_>| note_bucket(&step, &mut bucket);
    let mut scratch = Scratch::default();
    let mut run = scratch.subject(&program, context, at);
    match (flag, experiment) {
        (Some(flag), _) => drop(run.evaluate(flag, &mut watch)),
        (None, Some(experiment)) => drop(run.assign(experiment, &mut watch)),
        (None, None) => {}
    }
    bucket
}

/// Notes the bucket of a step that decides.
fn note_bucket(step: &Step<'_>, bucket: &mut Option<BucketReport>) {
    match step {
        Step::Rule { served: Some(_), rollout, split, .. } => {
            *bucket = split.as_ref().or(rollout.as_ref()).map(bucket_report);
        }
        Step::Fallthrough { bucketed, .. } => *bucket = bucketed.as_ref().map(bucket_report),
        _ => {}
    }
}
