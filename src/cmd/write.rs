//! Writing a change, reading it back, and the receipt.

use std::path::{Path, PathBuf};

use crate::admin::{
    ChangeSet, FileChange, FileEdit, FlagChange, IdempotencyKey, LocalStore, Permit, Written,
};
use crate::change::{Plan, read_file, write_file};
use crate::error::{Error, Kind, Result};
use crate::layer::{Ends, Source, Version};
use crate::model::FlagName;
use crate::report::{Note, Receipt};

use super::again::Again;
use super::change::{Change, FileText};
use super::load::Loaded;
use super::prepare::PreparedFile;
use super::session::Session;
use super::spelled::spelled;

/// Returns who makes the change, for the journal.
pub(super) fn actor(session: &Session) -> Option<String> {
    let variables = &session.settings.variables;
    let mut named = ["USER", "LOGNAME", "USERNAME"].into_iter();
    named.find_map(|name| {
        variables.text(name).ok().flatten().filter(|value| !value.is_empty()).map(str::to_owned)
    })
}

/// What came of a write.
pub(super) struct Done {
    pub(super) receipt: Receipt,
    /// What is worth a word.
    pub(super) notes: Vec<Note>,
    /// Whether the target accepted the change and yet says something else.
    pub(super) differs: bool,
}

/// A write that was agreed to.
pub(super) struct Write<'a> {
    pub(super) loaded: &'a Loaded,
    pub(super) change: &'a Change<'a>,
    pub(super) plan: &'a Plan,
    pub(super) again: &'a Again,
    pub(super) permit: Permit,
}

/// Writes to the target.
pub(super) fn write_admin(session: &Session, write: &Write<'_>, key: IdempotencyKey) -> Result<Done> {
    let Write { loaded, change, plan, again, permit } = write;
    let changing = plan.flags.iter().filter(|flag| !flag.fields.is_empty());
    let set = ChangeSet {
        at: session.now(),
        actor: actor(session),
        reason: change.reason.clone(),
        key,
        asked: None,
        changes: changing
            .map(|flag| FlagChange {
                flag: flag.name.to_string(),
                patch: flag.fields.iter().map(|field| (field.field.clone(), field.new.clone())).collect(),
                expect: flag.expect.clone(),
                ends: ends_of(change, &flag.name),
            })
            .collect(),
    };
    let verify = format!("ffctl explain {}{}", set.changes[0].flag, again.ask);
    let written = loaded.target.write(permit, &set).map_err(|error| match error.kind() {
        Kind::OutcomeUnknown => {
            let repeat = match change.key {
                Some(_) => session.command_line.clone(),
                None => format!("{}{} --idempotency-key {}", session.command_line, change.repeat, set.key),
            };
            error
                .hint(format!("see what is there now: {verify}"))
                .hint(format!("or repeat it, which changes nothing twice: {repeat}"))
        }
        Kind::Conflict => error.hint(format!("see what is there now: {verify}")),
        _ => error,
    })?;
    let mut notes: Vec<Note> = written.notes.iter().map(Note::new).collect();
    if let Some(number) = written.number.filter(|_| written.repeated) {
        let message =
            format!("an attempt with this key was made before, journal {number}: nothing was written twice");
        notes.push(Note::new(message));
    }
    let found = read_back(loaded, &set, &written);
    let target = &loaded.admin.target;
    match &found {
        // Whatever the target says of the attempt: a key that was given may be that of an earlier one.
        Ok(Found::ChangedSince(what)) if written.repeated || change.key.is_some() => {
            return Err(overtaken(what, written.number, &set, again));
        }
        Ok(Found::Differs(what)) if written.repeated => {
            return Err(overtaken(what, written.number, &set, again));
        }
        _ => {}
    }
    notes.extend(
        match &found {
            Ok(Found::Written) => None,
            Ok(Found::ChangedSince(what)) => {
                Some(format!("somebody has changed it since: {target:#} has {what} now"))
            }
            Ok(Found::Differs(what)) => Some(format!("{target:#} accepted the change, but has {what} now")),
            Err(error) => Some(format!("the change was accepted, but cannot be read back: {error}")),
        }
        .map(|message| Note::new(message).hint(&*verify)),
    );
    let receipt = Receipt {
        journal: written.number.map(|number| number.to_string()),
        head: written.head.map(|head| head.to_string()),
        read_back: matches!(found, Ok(Found::Written)),
        undo: match written.number {
            Some(number) => Some(format!("ffctl undo {number}{}", again.undo)),
            None => spelled(plan, &again.change),
        },
    };
    Ok(Done { receipt, notes, differs: matches!(found, Ok(Found::Differs(_))) })
}

/// Returns when what is asked of a flag ends.
fn ends_of(change: &Change<'_>, flag: &FlagName) -> Ends {
    change
        .requests
        .iter()
        .find(|request| request.flag == *flag)
        .map(|request| request.ends.clone())
        .unwrap_or_default()
}

/// Returns the error of an attempt whose change was made, perhaps long ago, and then changed again: what was asked is
/// not so, and was not written over.
fn overtaken(what: &str, number: Option<u64>, set: &ChangeSet, again: &Again) -> Error {
    let journal = number.map(|number| format!(", journal {number},")).unwrap_or_default();
    let message = format!(
        "the change of this key was made{journal} and has been changed since: there is {what} now; nothing was written twice"
    );
    Error::new(Kind::Conflict, message)
        .hint(format!("see what is there now: ffctl explain {}{}", set.changes[0].flag, again.ask))
        .hint("to make the change again, repeat it without its key")
}

/// What the target says after a write.
enum Found {
    /// What was written.
    Written,
    /// This instead, in a later version than the one that was written.
    ChangedSince(String),
    /// This instead.
    Differs(String),
}

/// Reads the target again.
fn read_back(loaded: &Loaded, set: &ChangeSet, written: &Written) -> Result<Found> {
    let flags: Vec<&str> = set.changes.iter().map(|change| change.flag.as_str()).collect();
    let now = loaded.target.read_for_change(&flags)?;
    for change in &set.changes {
        let values = now.overrides.get(&change.flag);
        for (field, wanted) in &change.patch {
            let found = values.and_then(|values| values.get(field)).map(|(value, _)| value);
            if found == wanted.as_ref() {
                continue;
            }
            let found = found.map_or("not set".to_owned(), ToString::to_string);
            let what = format!("`{}` with {field} {found}", change.flag);
            let (ours, theirs) = (written.versions.get(&change.flag), now.version(&change.flag));
            let is_later = ours.is_some_and(|ours| {
                *ours != Version::Unknown && theirs != Version::Unknown && *ours != theirs
            });
            return Ok(if is_later { Found::ChangedSince(what) } else { Found::Differs(what) });
        }
    }
    Ok(Found::Written)
}

/// Writes a file.
pub(super) fn write_text(session: &Session, write: &Write<'_>, file: &PreparedFile) -> Result<Done> {
    let Write { change, plan, again, permit, .. } = write;
    let FileText { snapshot, text, .. } = &file.text;
    let entry = file_change(session, change, plan, file);
    // Written down before it is done, so that it stands in the journal whatever happens in between.
    let store = journal_store(session);
    let intent = store.as_ref().ok().and_then(|store| {
        // What keeps it from being written down is said where the journal is written.
        store.intend_file_change(permit, &entry, text).ok()
    });
    if let Err(error) = write_file(permit, snapshot, text) {
        if let (Ok(store), Some(intent)) = (&store, intent) {
            // Where this fails it is forgotten later, since the file never becomes what it was to be.
            let _ = store.forget_file_change(permit, intent);
        }
        return Err(error);
    }
    let mut notes = Vec::new();
    let read_back = read_file(&snapshot.path).is_ok_and(|now| now.text.as_ref() == Some(text));
    if !read_back {
        notes.push(Note::new(format!("`{}` was written, but holds something else now", file.shown)));
    }
    let journal = store.and_then(|store| store.journal_file_change(permit, &entry, text, intent));
    let journal = match journal {
        Ok(number) => Some(format!("L{number}")),
        // The file is written; a journal that cannot be kept must not make that look undone.
        Err(error) => {
            let note = Note::new(format!("the change is not in the local journal: {error}"));
            notes.push(match error.hints().first() {
                Some(hint) => note.hint(hint),
                None => note,
            });
            None
        }
    };
    let undo = match &journal {
        Some(number) => Some(format!("ffctl undo {number}{}", again.undo)),
        None => spelled(plan, &again.change),
    };
    let receipt = Receipt { journal, head: None, read_back, undo };
    Ok(Done { receipt, notes, differs: !read_back })
}

/// Returns what the journal says of a change of a file.
fn file_change(session: &Session, change: &Change<'_>, plan: &Plan, file: &PreparedFile) -> FileChange {
    let layer = plan.layer;
    let edits = plan.flags.iter().flat_map(|flag| {
        flag.fields.iter().map(|field| FileEdit {
            flag: flag.name.to_string(),
            place: format!("flags.{}.{}", flag.name, field.field),
            before: field.old.as_ref().map(ToString::to_string),
            after: field.new.as_ref().map(ToString::to_string),
        })
    });
    FileChange {
        at: session.now(),
        actor: actor(session),
        reason: change.reason.clone(),
        layer,
        file: canonical(&file.text.snapshot.path).display().to_string(),
        edits: if layer == Source::Env { file.variables.clone() } else { edits.collect() },
        hunks: file.text.hunks.clone(),
    }
}

/// Returns the path without links, also of a file that is about to be made.
fn canonical(path: &Path) -> PathBuf {
    let in_folder = || Some(path.parent()?.canonicalize().ok()?.join(path.file_name()?));
    path.canonicalize().ok().or_else(in_folder).unwrap_or_else(|| path.to_owned())
}

/// Returns the local store, which journals changes of files whatever the target is.
pub(super) fn journal_store(session: &Session) -> Result<LocalStore> {
    let path = session.settings.local_store(&session.settings.flag_file()?)?;
    let shown = session.settings.folders.shown(&path);
    Ok(LocalStore::new(path, shown))
}
