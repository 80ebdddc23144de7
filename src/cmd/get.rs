//! `ffctl get`: the value of flags, for everyone or for one context.

use crate::answer::{evaluate_value, value_report};
use crate::cli::{FieldWord, GetArguments};
use crate::error::{Error, Kind, Result};
use crate::eval::{Builder, Scratch};
use crate::exit;
use crate::layer::{Resolved, WhatIf};
use crate::model::{Context, Timestamp, Weight};
use crate::output::Format;
use crate::report::{Answer, GetReport, StateWord};

use super::bucketing_notes;
use super::directory::Known;
use super::load::{Definitive, Fresh, Loaded, Needs};
use super::session::Session;

pub(super) fn run(session: &mut Session, arguments: &GetArguments) -> Result<u8> {
    let context = session.context(&arguments.context)?;
    let at = session.at(&arguments.context.at)?;
    let fresh = if arguments.exit_status { Fresh::Live } else { Fresh::Usual };
    let mut loaded = session.load_for(&Needs { fresh, ..Needs::of(Definitive::Required) })?;
    if let Some(text) = &arguments.rollout {
        set_what_if(&mut loaded, text, &arguments.flags)?;
    }
    let known = session.known(&arguments.context, context, &loaded.choice)?;
    let context = known.as_ref().map(|known| &known.context);
    let mut answers = Vec::new();
    let mut notes = loaded.notes.clone();
    notes.extend(known.iter().flat_map(Known::notes));
    for name in &arguments.flags {
        let resolved = loaded.flag(name)?;
        loaded.check(name)?;
        notes.extend(bucketing_notes::notes(&resolved.effective));
        answers.push(answer(&loaded, &resolved, context, at));
    }
    notes.extend(loaded.drift_notes(arguments.flags.iter().map(String::as_str)));
    let field = arguments.field.map(|field| match field {
        FieldWord::Enabled => "enabled",
        FieldWord::State => "state",
        FieldWord::Source => "source",
        FieldWord::Rollout => "rollout",
    });
    let report = GetReport {
        flags: answers,
        context: known.as_ref().map(|known| known.report(at)),
        target: loaded.target_report(),
        freshness: loaded.freshness(),
        notes,
        field,
    };
    session.notes(&report.notes);
    let alone = report.flags.len() == 1 && session.format == Format::Table;
    let beside = if alone { loaded.not_live() } else { loaded.not_live_beside(session.format) };
    session.notes(beside.as_slice());
    session.emit(&report)?;
    let code = if arguments.exit_status { exit_status(&loaded, &report) } else { exit::DONE };
    loaded.leave();
    Ok(code)
}

/// Returns the exit code that is the answer: drift before no, no before yes.
fn exit_status(loaded: &Loaded, report: &GetReport) -> u8 {
    let drift = loaded.drift_code(report.flags.iter().map(|flag| flag.name.as_str()));
    let all_on = report.flags.iter().all(|flag| flag.state == StateWord::On);
    exit::combined([drift, if all_on { exit::DONE } else { exit::NO }])
}

/// Takes `--rollout` in: what if the rollout were this.
pub(super) fn set_what_if(loaded: &mut Loaded, text: &str, flags: &[String]) -> Result<()> {
    let weight = Weight::parse(text).map_err(|error| {
        Error::new(Kind::Usage, format!("--rollout: {error}")).hint("write a percentage such as 25%")
    })?;
    for name in flags {
        if !loaded.flag(name)?.effective.variations.is_boolean() {
            let message = format!("--rollout: `{name}` has variations and takes a split, not a rollout");
            return Err(Error::new(Kind::Usage, message)
                .hint(format!("ffctl simulate-rollout {name} --split NAME=SHARE,… rehearses a split")));
        }
    }
    loaded.what_if = Some(WhatIf::rollout(flags, weight));
    Ok(())
}

fn answer(loaded: &Loaded, resolved: &Resolved, context: Option<&Context>, at: Timestamp) -> Answer {
    let layers = loaded.layers();
    let mut answer = value_report(&layers, resolved);
    if let Some(context) = context {
        let mut builder = Builder::default();
        if let Some(flag) = builder.flag(&layers, &answer.name) {
            let program = builder.build();
            let mut scratch = Scratch::default();
            evaluate_value(&program, flag, &mut scratch.subject(&program, context, at), &mut answer);
        }
    }
    answer
}
