//! A plan → its report.

use crate::change::{Plan, PlannedField, PlannedFlag};
use crate::eval::State;
use crate::layer::{Field, Layers, Source};
use crate::report::{ChangeReport, FieldChange, FlagChange, Note, StateWord, TargetReport};

use super::again::Again;

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
        reason,
        receipt: None,
        notes: Vec::new(),
        shown: false,
    }
}

fn flag_change(layer: Source, flag: &PlannedFlag, before: &Layers<'_>, again: &Again) -> FlagChange {
    let state = |state: &Option<State>| match state {
        Some(state) => (StateWord::from(state), state.to_string()),
        None => (StateWord::Invalid, StateWord::Invalid.word().to_owned()),
    };
    let (was, was_summary) = state(&flag.before);
    let (will, will_summary) = state(&flag.after);
    FlagChange {
        name: flag.name.to_string(),
        fields: flag.fields.iter().map(field_change).collect(),
        before: was,
        before_summary: was_summary,
        after: will,
        after_summary: will_summary,
        notes: notes(layer, flag, before, again),
    }
}

fn field_change(field: &PlannedField) -> FieldChange {
    FieldChange {
        field: field.field.to_string(),
        old: field.old.as_ref().map(ToString::to_string),
        new: field.new.as_ref().map(ToString::to_string),
        over: field
            .masked
            .as_ref()
            .or(field.over.as_ref())
            .map(|(source, value)| format!("{source} {value}")),
        masked: field.masked.is_some(),
    }
}

/// Returns what a person should know before saying yes.
fn notes(layer: Source, flag: &PlannedFlag, before: &Layers<'_>, again: &Again) -> Vec<Note> {
    let name = &flag.name;
    let mut notes = Vec::new();
    for field in &flag.fields {
        if let Some((source, value)) = &field.masked {
            let message = format!(
                "{} has no effect: the {source} layer says {value} and is above {layer}",
                field.field
            );
            notes.push(Note::new(message).hint(format!("ffctl explain {name}{}", again.ask)));
        }
    }
    if let Some(stays) = &flag.stays {
        notes.push(
            Note::new(format!("a rollout of {stays} stays in force: `on` is not everyone"))
                .hint(format!("ffctl set {name} 100%{}", again.change)),
        );
    }
    let others = flag.fields.iter().any(|field| !matches!(field.field, Field::Enabled));
    if flag.switched_off && others {
        let note = Note::new(format!("`{name}` is switched off: nothing else counts until it is on"));
        // Below the admin layer, the switch may be off in a layer above.
        notes.push(match layer {
            Source::Admin => note.hint(format!("ffctl set {name} on{}", again.change)),
            _ => note.hint(format!("ffctl explain {name}{}", again.ask)),
        });
    }
    if before.resolve(name.as_str()).is_some_and(|resolved| !resolved.is_declared()) {
        notes.push(Note::new(format!("`{name}` is not declared in flags.toml here")));
    }
    notes
}
