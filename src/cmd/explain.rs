//! `ffctl explain`: the layers of every field, and the trace of an evaluation.

use crate::answer::{definition_report, evaluation, field_reports, flag_report};
use crate::cli::ExplainArguments;
use crate::error::{Kind, Result};
use crate::exit;
use crate::report::{EvaluationReport, ExplainReport};

use super::bucketing_notes;
use super::directory::Known;
use super::get::set_what_if;
use super::load::Definitive;
use super::session::Session;

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
            evaluation(&layers, &resolved, &known.context, at)
                .map(|evaluation| EvaluationReport { context: known.report(at), ..evaluation })
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
