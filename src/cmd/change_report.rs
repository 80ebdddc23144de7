//! A plan → its report.

use crate::change::{InForce, Known, Plan, PlannedField, PlannedFlag};
use crate::layer::{Field, FieldValue, Layers, Origin, Source};
use crate::model::{Serve, variable_of};
use crate::report::{ChangeReport, FieldChange, FlagChange, MaskReport, Note, StateWord, TargetReport};

use super::again::Again;
use super::shell;

/// Returns the report of a plan that has not been carried out.
pub(super) fn change_report(
    plan: &Plan,
    target: TargetReport,
    reason: Option<String>,
    before: &Layers<'_>,
    again: &Again,
) -> ChangeReport {
    ChangeReport {
        target,
        layer: plan.layer,
        outcome: "planned",
        flags: plan.flags.iter().map(|flag| flag_change(plan.layer, flag, before, again)).collect(),
        lines: Vec::new(),
        reason,
        expires_at: None,
        ends: String::new(),
        receipt: None,
        notes: Vec::new(),
        refused_by: Vec::new(),
        shown: false,
    }
}

fn flag_change(layer: Source, flag: &PlannedFlag, before: &Layers<'_>, again: &Again) -> FlagChange {
    let state = |known: &Known| match known {
        Known::State(state) => (StateWord::from(state), state.to_string()),
        Known::Absent => (StateWord::Absent, StateWord::Absent.word().to_owned()),
        Known::Unreadable => (StateWord::Invalid, StateWord::Invalid.word().to_owned()),
    };
    let (was, was_summary) = state(&flag.before);
    let (will, will_summary) = state(&flag.after);
    FlagChange {
        name: flag.name.to_string(),
        fields: flag.fields.iter().map(|field| field_change(flag, field, again)).collect(),
        before: was,
        before_summary: was_summary,
        after: will,
        after_summary: will_summary,
        notes: notes(layer, flag, before, again),
    }
}

fn field_change(flag: &PlannedFlag, field: &PlannedField, again: &Again) -> FieldChange {
    let in_short = |force: &InForce| format!("{} {}", force.source, force.value);
    FieldChange {
        field: field.field.to_string(),
        old: field.old.as_ref().map(ToString::to_string),
        new: field.new.as_ref().map(ToString::to_string),
        old_ends: field.old_ends,
        new_ends: field.new_ends,
        over: field.masked.as_ref().or(field.over.as_ref()).map(in_short),
        masked: field.masked.is_some(),
        masked_by: field.masked.as_ref().map(|mask| MaskReport {
            source: mask.source,
            value: mask.value.clone(),
            place: mask.origin.to_string(),
            fix: without(mask, flag, &field.field, again),
        }),
        then: field.then.as_ref().map(in_short),
    }
}

/// Returns the command that takes away what masks a change.
fn without(mask: &InForce, flag: &PlannedFlag, field: &Field, again: &Again) -> String {
    let name = &flag.name;
    match (&mask.origin, &again.env) {
        (Origin::EnvFile { .. }, Some(env)) => format!("ffctl unset {name}{env}"),
        (Origin::Variable { name } | Origin::EnvFile { name, .. }, _) => format!("unset {name}"),
        _ => format!("ffctl unset {name}{}{}", only(field), again.admin),
    }
}

/// Returns the option with which `unset` means one field.
fn only(field: &Field) -> String {
    match field {
        Field::User(key) => shell::option("--user", key),
        Field::Org(key) => shell::option("--org", key),
        Field::Enabled | Field::Rollout | Field::Serve => format!(" --field {field}"),
    }
}

/// Returns the command that sets a field in the highest layer, where nothing masks it.
fn on_top(flag: &PlannedFlag, field: &PlannedField, again: &Again) -> Option<String> {
    let value = match field.new.as_ref()? {
        FieldValue::Serve(Serve::Split(split)) => {
            let pairs = split.pairs().iter().map(|(name, share)| format!("{name}={}", share.get()));
            format!("--split {}", pairs.collect::<Vec<_>>().join(","))
        }
        value => value.to_string(),
    };
    let entry = match &field.field {
        Field::User(_) | Field::Org(_) => only(&field.field),
        Field::Enabled | Field::Rollout | Field::Serve => String::new(),
    };
    Some(format!("ffctl set {} {value}{entry}{}", flag.name, again.admin))
}

/// Returns what a person should know before saying yes.
fn notes(layer: Source, flag: &PlannedFlag, before: &Layers<'_>, again: &Again) -> Vec<Note> {
    let name = &flag.name;
    let mut notes = Vec::new();
    for field in flag.fields.iter().chain(&flag.hidden) {
        let Some(mask) = &field.masked else { continue };
        let fix = without(mask, flag, &field.field, again);
        notes.push(Note::new(masked(layer, field, mask)).hint(fix));
        // What an override masks is changed there with the same command.
        if let Some(command) = on_top(flag, field, again) {
            let what = match mask.source {
                Source::Admin => "or change the override instead",
                _ => "or override it: nothing is above admin",
            };
            notes.push(Note::new(what).hint(command));
        }
    }
    if let Some(stays) = &flag.stays {
        notes.push(
            Note::new(format!("a rollout of {stays} stays in force: `on` is not everyone"))
                .hint(format!("ffctl set {name} 100%{}", again.change)),
        );
    }
    let others = flag.fields.iter().any(|field| !matches!(field.field, Field::Enabled));
    if flag.switched_off && others && flag.after != Known::Absent {
        let note = Note::new(format!("`{name}` is switched off: nothing else counts until it is on"));
        // Below the admin layer, the switch may be off in a layer above.
        notes.push(match layer {
            Source::Admin => note.hint(format!("ffctl set {name} on{}", again.change)),
            _ => note.hint(format!("ffctl explain {name}{}", again.ask)),
        });
    }
    let undeclared = |resolved: crate::layer::Resolved| !resolved.is_declared();
    if layer == Source::Admin && before.resolve(name.as_str()).is_none_or(undeclared) {
        notes.push(Note::new(format!("`{name}` is not declared in flags.toml here")));
    }
    notes
}

/// Returns what masks a field, where, and what counts after the change.
fn masked(layer: Source, field: &PlannedField, mask: &InForce) -> String {
    let InForce { source, value, origin } = mask;
    let field = &field.field;
    match origin {
        Origin::Variable { name } if layer == Source::Env => {
            format!(
                "{field} has no effect here: {name} is set in this process too and wins over the file, with {value}; \
                 take it away and the change counts"
            )
        }
        _ => format!(
            "{field} has no effect: the {source} layer says {value} ({origin}) and is above {layer}; \
             {value} stays in force until that is taken back"
        ),
    }
}

/// Notes what keeps a variable of the file from counting where no field can tell it: the same variable of the
/// process, with a value that cannot be read.
pub(super) fn note_process(flag: &mut FlagChange, is_set: bool) {
    if is_set && flag.fields.iter().all(|field| !field.masked) {
        let name = variable_of(&flag.name);
        let message = format!("{name} is set in this process too and wins over the file");
        flag.notes.push(Note::new(message).hint(format!("unset {name}")));
    }
}
