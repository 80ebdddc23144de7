//! Writing a change, reading it back, and the receipt.

use std::path::PathBuf;

use crate::admin::{ChangeSet, FileChange, FileEdit, FlagChange, IdempotencyKey, LocalStore, Permit};
use crate::change::{Plan, read_file, write_file};
use crate::error::{Kind, Result};
use crate::layer::Source;
use crate::model::variable_of;
use crate::report::Receipt;
use crate::settings::{ChosenBy, TargetPlace, store_path};

use super::change::Change;
use super::change_report::undo_command;
use super::load::Loaded;
use super::prepare::PreparedFile;
use super::session::Session;

/// Returns who makes the change, for the journal.
fn actor(session: &Session) -> Option<String> {
    let variables = &session.settings.variables;
    let mut named = ["USER", "LOGNAME", "USERNAME"].into_iter();
    named.find_map(|name| {
        variables.text(name).ok().flatten().filter(|value| !value.is_empty()).map(str::to_owned)
    })
}

/// Writes to the target.
pub(super) fn write_admin(
    session: &Session,
    loaded: &Loaded,
    change: &Change<'_>,
    plan: &Plan,
    permit: Permit,
) -> Result<Receipt> {
    let changing = plan.flags.iter().filter(|flag| !flag.fields.is_empty());
    let set = ChangeSet {
        at: session.now(),
        actor: actor(session),
        reason: change.arguments.reason.clone(),
        key: IdempotencyKey::random(),
        changes: changing
            .map(|flag| FlagChange {
                flag: flag.name.to_string(),
                patch: flag.fields.iter().map(|field| (field.field.clone(), field.new.clone())).collect(),
                expect: flag.expect.clone(),
            })
            .collect(),
    };
    let names: Vec<&str> = set.changes.iter().map(|change| change.flag.as_str()).collect();
    let written = loaded.target.write(&permit, &set).map_err(|error| match error.kind() {
        Kind::OutcomeUnknown => {
            error.hint(format!("see what is there now: ffctl explain {}{}", names[0], option_of(loaded)))
        }
        _ => error,
    })?;
    let read_back = loaded.target.read().is_ok_and(|now| {
        set.changes.iter().all(|change| {
            let values = now.overrides.get(&change.flag);
            change.patch.iter().all(|(field, wanted)| {
                values.and_then(|values| values.get(field)).map(|(value, _)| value) == wanted.as_ref()
            })
        })
    });
    Ok(Receipt {
        journal: written.number.map(|number| number.to_string()),
        read_back,
        undo: undo_command(plan, &option_of(loaded)),
    })
}

/// Returns the option that names the target, with a blank in front; nothing where none is needed.
fn option_of(loaded: &Loaded) -> String {
    match &loaded.choice.place {
        TargetPlace::Local { store, .. } => match loaded.choice.chosen_by {
            ChosenBy::Option("--store") => format!(" --store {}", store.display()),
            _ => String::new(),
        },
        TargetPlace::Server { profile: Some(name), .. } => format!(" --profile {name}"),
        TargetPlace::Server { profile: None, .. } => String::new(),
    }
}

/// Writes a file.
pub(super) fn write_text(
    session: &Session,
    change: &Change<'_>,
    plan: &Plan,
    file: &PreparedFile,
    permit: Permit,
) -> Result<Receipt> {
    write_file(&permit, &file.snapshot, &file.text)?;
    let read_back = read_file(&file.snapshot.path)?.text.as_deref() == Some(&file.text);
    let layer = plan.layer;
    let edits = plan.flags.iter().flat_map(|flag| {
        flag.fields.iter().map(|field| FileEdit {
            flag: flag.name.to_string(),
            place: match layer {
                Source::Env => variable_of(flag.name.as_str()),
                _ => format!("flags.{}.{}", flag.name, field.field),
            },
            before: field.old.as_ref().map(ToString::to_string),
            after: field.new.as_ref().map(ToString::to_string),
        })
    });
    let entry = FileChange {
        at: session.now(),
        actor: actor(session),
        reason: change.arguments.reason.clone(),
        layer,
        file: file.snapshot.path.display().to_string(),
        edits: edits.collect(),
    };
    let journal = local_store(session).and_then(|path| {
        let shown = path.display().to_string();
        LocalStore::new(path, shown).journal_file_change(&permit, &entry)
    });
    let option = match layer {
        Source::Env => format!(" --layer env --env-file {}", file.shown),
        _ => " --layer default".to_owned(),
    };
    Ok(Receipt {
        // The file is written; a journal that cannot be kept must not make that look undone.
        journal: journal.ok().map(|number| format!("L{number}")),
        read_back,
        undo: undo_command(plan, &option),
    })
}

/// Returns the local store that journals changes of files.
fn local_store(session: &Session) -> Result<PathBuf> {
    let settings = &session.settings;
    if let Some(store) = &settings.options.store {
        return Ok(settings.folders.absolute(store));
    }
    let found = settings.flag_file()?;
    store_path(found.required()?.0, &settings.variables, &settings.folders)
}
