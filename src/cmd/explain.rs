//! `ffctl explain`: the layers of every field, and the trace of an evaluation.

use crate::cli::ExplainArguments;
use crate::error::{Kind, Result};
use crate::eval::{Builder, Scratch, Step};
use crate::exit;
use crate::layer::{Layers, Origin, Resolved};
use crate::model::Timestamp;
use crate::report::{EvaluationReport, ExplainReport};

use super::bucketing_notes;
use super::directory::Known;
use super::flag_report::{definition_report, field_reports, flag_report};
use super::get::set_what_if;
use super::load::Definitive;
use super::session::Session;
use super::trace::{Place, Trace};

pub(super) fn run(session: &mut Session, arguments: &ExplainArguments) -> Result<u8> {
    let context = session.context(&arguments.context)?;
    let at = session.at(&arguments.context.at)?;
    let mut loaded = session.load(Definitive::Required)?;
    if let Some(text) = &arguments.rollout {
        set_what_if(&mut loaded, text, std::slice::from_ref(&arguments.flag))?;
    }
    let resolved = loaded.flag(&arguments.flag)?;
    let layers = loaded.layers();
    let known = session.known(&arguments.context, context, &loaded.choice)?;
    let evaluation = match &known {
        // The layers are shown whatever they hold; who gets what is only said where it is known.
        Some(known) => {
            loaded.check(&arguments.flag)?;
            evaluation(&layers, &resolved, known, at)
        }
        None => None,
    };
    let mut notes = loaded.notes.clone();
    notes.extend(known.iter().flat_map(Known::notes));
    notes.extend(bucketing_notes::notes(&resolved.effective));
    let report = ExplainReport {
        flag: flag_report(&layers, &resolved, session.now().date()),
        fields: field_reports(&resolved, session.now()),
        definition: definition_report(&layers, &resolved),
        evaluation,
        target: loaded.target_report(),
        freshness: loaded.freshness(),
        notes,
    };
    session.notes(&report.notes);
    session.notes(loaded.not_live_beside(session.format).as_slice());
    session.emit(&report)?;
    Ok(if resolved.problems.is_empty() { exit::DONE } else { exit::code(Kind::Invalid) })
}

fn evaluation(
    layers: &Layers<'_>,
    resolved: &Resolved,
    known: &Known,
    at: Timestamp,
) -> Option<EvaluationReport> {
    let mut builder = Builder::default();
    let flag = builder.flag(layers, resolved.effective.name.as_str())?;
    let program = builder.build();
    let mut scratch = Scratch::default();
    let mut trace = Trace::default();
    let place = |place: Place<'_>| place_of(layers, resolved, place);
    let mut watch = |step: Step<'_>| trace.take(&step, &place);
    let result = scratch.subject(&program, &known.context, at).evaluate(flag, &mut watch);
    Some(EvaluationReport {
        context: known.report(at),
        value: program.value(flag, result.variation).clone(),
        variation: program.variation(flag, result.variation).clone(),
        on: result.variation != program.off(flag),
        reason: result.reason,
        error_code: result.reason.error_code(),
        trace: trace.finish(),
    })
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
