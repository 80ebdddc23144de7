//! `ffctl get`: the value of flags, for everyone or for one context.

use crate::cli::{FieldWord, GetArguments};
use crate::error::{Error, Kind, Result};
use crate::eval::{Builder, Scratch, State, Step, state_of};
use crate::exit;
use crate::layer::{Resolved, WhatIf};
use crate::model::{Context, Timestamp, Weight};
use crate::output::Format;
use crate::report::{Answer, BucketReport, GetReport, StateWord};

use super::directory::Known;
use super::load::{Definitive, Loaded, Needs};
use super::session::Session;
use super::{bucketing_notes, trace, words};

pub(super) fn run(session: &mut Session, arguments: &GetArguments) -> Result<u8> {
    let context = session.context(&arguments.context)?;
    let at = session.at(&arguments.context.at)?;
    let mut loaded =
        session.load_for(&Needs { live: arguments.exit_status, ..Needs::of(Definitive::Required) })?;
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
    let flag = &resolved.effective;
    let state = state_of(&layers, flag);
    let mut answer = Answer {
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
    };
    if let Some(context) = context {
        evaluate(loaded, context, at, &mut answer);
    }
    answer
}

/// Replaces what everyone gets with what one context gets.
fn evaluate(loaded: &Loaded, context: &Context, at: Timestamp, answer: &mut Answer) {
    let mut builder = Builder::default();
    let Some(flag) = builder.flag(&loaded.layers(), &answer.name) else { return };
    let program = builder.build();
    let mut scratch = Scratch::default();
    let mut bucket: Option<BucketReport> = None;
    let mut watch = |step: Step<'_>| match &step {
        Step::Rule { served: Some(_), rollout, split, .. } => {
            bucket = split.as_ref().or(rollout.as_ref()).map(trace::bucket);
        }
        Step::Fallthrough { bucketed, .. } => bucket = bucketed.as_ref().map(trace::bucket),
        _ => {}
    };
    let result = scratch.subject(&program, context, at).evaluate(flag, &mut watch);
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
