//! One evaluation of one flag, with its trace → its report.

use crate::eval::{Builder, Evaluation, FlagId, Run, Scratch, Step};
use crate::layer::{Layers, Origin, Resolved};
use crate::model::{Context, Timestamp};
use crate::report::{ContextReport, EvaluationReport, StepReport};

use super::trace::{Place, Trace};
use super::words;

/// Returns the report of a context.
pub fn context_report(context: &Context, at: Timestamp) -> ContextReport {
    ContextReport {
        context: words::context_json(context),
        at: at.to_string(),
        summary: words::context(context),
        directory: None,
    }
}

/// Evaluates a flag for one context and tells every step; none if there is no such flag.
pub fn evaluation(
    layers: &Layers<'_>,
    resolved: &Resolved,
    context: &Context,
    at: Timestamp,
) -> Option<EvaluationReport> {
    let mut builder = Builder::default();
    let flag = builder.flag(layers, resolved.effective.name.as_str())?;
    let program = builder.build();
    let run = &mut Scratch::default();
    let mut run = run.subject(&program, context, at);
    let (result, trace) = traced(layers, resolved, flag, &mut run);
    Some(EvaluationReport {
        context: context_report(context, at),
        value: program.value(flag, result.variation).clone(),
        variation: program.variation(flag, result.variation).clone(),
        on: result.variation != program.off(flag),
        reason: result.reason,
        error_code: result.reason.error_code(),
        trace,
    })
}

/// Evaluates a flag of a program that these layers were compiled to, and tells every step.
pub fn traced(
    layers: &Layers<'_>,
    resolved: &Resolved,
    flag: FlagId,
    run: &mut Run<'_, Context>,
) -> (Evaluation, Vec<StepReport>) {
    let mut trace = Trace::default();
    let place = |place: Place<'_>| place_of(layers, resolved, place);
    let mut watch = |step: Step<'_>| trace.take(&step, &place);
    let result = run.evaluate(flag, &mut watch);
    (result, trace.finish())
}

/// Returns where the value that a step went by stands.
fn place_of(layers: &Layers<'_>, resolved: &Resolved, place: Place<'_>) -> Option<Origin> {
    match place {
        Place::Switch => Some(resolved.enabled.effective().origin.clone()),
        Place::User(key) => resolved.users.get(key).map(|stack| stack.effective().origin.clone()),
        Place::Org(key) => resolved.orgs.get(key).map(|stack| stack.effective().origin.clone()),
        Place::Rule(rule) => layers.rule_origin(resolved.effective.name.as_str(), rule),
        Place::Fallthrough => Some(resolved.fallthrough.effective().origin.clone()),
    }
}
