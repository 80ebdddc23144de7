//! `snapshot save` and `snapshot list`.

use std::io::ErrorKind;
use std::path::Path;

use crate::admin::{SnapshotFile, SnapshotFlag, SnapshotTarget, save_snapshot};
use crate::answer::{Seen, Whose, override_ends, words::when};
use crate::cli::SaveSnapshotArguments;
use crate::error::{Error, Kind, Result};
use crate::exit;
use crate::layer::{Layers, TargetKind};
use crate::report::{Note, SnapshotContent, SnapshotReport, SnapshotsReport, TargetReport};

use super::super::load::{Definitive, Fresh, Loaded, Needs};
use super::super::session::Session;
use super::super::write::actor;
use super::words::{OF_TARGETS, read, snapshot_names, target_of};

/// The program that saves.
const TOOL: &str = concat!("ffctl ", env!("CARGO_PKG_VERSION"));

pub(super) fn save(session: &mut Session, arguments: &SaveSnapshotArguments) -> Result<u8> {
    // A snapshot holds what is, not what was answered once.
    session.has_no_use_for("`ffctl snapshot save`", &["--offline", "--max-age"])?;
    let (path, _) = session.snapshot_path(&arguments.name)?;
    session.states = true;
    let loaded = session.load_for(&Needs { fresh: Fresh::OnlyLive, ..Needs::of(Definitive::IfAny) })?;
    let mut snapshot = snapshot(session, &loaded, arguments.comment.clone());
    let text = snapshot.encode();
    save_snapshot(&path, &text, arguments.replace).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => {
            Error::new(Kind::Refused, format!("there is a snapshot `{}` already", arguments.name))
                .hint("another name, or --replace")
        }
        _ => Error::new(Kind::Local, format!("cannot write `{}`", path.display())).caused_by(error),
    })?;
    let report = SnapshotsReport {
        outcome: "saved",
        snapshots: vec![of_snapshot(session, &arguments.name, &path, &snapshot)],
        folder: folder(session)?,
        notes: loaded.notes.clone(),
    };
    session.notes(&loaded.notes);
    session.emit(&report)?;
    loaded.leave();
    Ok(exit::DONE)
}

pub(super) fn list(session: &mut Session) -> Result<u8> {
    session.has_no_use_for("`ffctl snapshot list`", &OF_TARGETS)?;
    let mut snapshots = Vec::new();
    for name in snapshot_names(&session.settings) {
        let (path, _) = session.snapshot_path(&name)?;
        snapshots.push(match read(&path) {
            Ok(snapshot) => of_snapshot(session, &name, &path, &snapshot),
            Err(error) => {
                let file = path.display().to_string();
                SnapshotReport { name, file, content: None, problem: Some(error.message().to_owned()) }
            }
        });
    }
    let saved_at = |one: &SnapshotReport| one.content.as_ref().map(|content| content.saved_at);
    snapshots.sort_by_key(|one| std::cmp::Reverse(saved_at(one)));
    let notes: Vec<Note> = session.settings.notes().into_iter().map(Note::new).collect();
    session.notes(&notes);
    let damaged = snapshots.iter().any(|one| one.problem.is_some());
    let folder = folder(session)?;
    session.emit(&SnapshotsReport { outcome: "listed", snapshots, folder, notes })?;
    Ok(if damaged { exit::code(Kind::Invalid) } else { exit::DONE })
}

fn folder(session: &Session) -> Result<Option<String>> {
    Ok(session.settings.snapshot_folder()?.map(|folder| folder.display().to_string()))
}

fn of_snapshot(session: &Session, name: &str, path: &Path, snapshot: &SnapshotFile) -> SnapshotReport {
    let content = SnapshotContent {
        saved_at: snapshot.saved_at,
        ago: when(snapshot.saved_at, session.now()),
        by: snapshot.by.clone(),
        comment: snapshot.comment.clone(),
        target: target_of(snapshot),
        journal: snapshot.journal,
        flags: snapshot.flags.len(),
        overrides: snapshot.overrides(),
        sha256: snapshot.sha256.clone(),
    };
    let file = path.display().to_string();
    SnapshotReport { name: name.to_owned(), file, content: Some(content), problem: None }
}

/// Returns what the target is now.
pub(super) fn snapshot(session: &Session, loaded: &Loaded, comment: Option<String>) -> SnapshotFile {
    let target = TargetReport::from(&loaded.admin.target);
    let layers = loaded.layers();
    SnapshotFile {
        saved_at: session.now(),
        by: actor(session),
        comment,
        tool: TOOL.to_owned(),
        target: SnapshotTarget {
            kind: target.kind.to_owned(),
            profile: target.profile,
            address: target.address,
        },
        journal: loaded.last_change(),
        flags: flags(loaded, &layers),
        sha256: String::new(),
    }
}

fn flags(loaded: &Loaded, layers: &Layers<'_>) -> std::collections::BTreeMap<String, SnapshotFlag> {
    let whose = match loaded.admin.target.kind {
        TargetKind::Local | TargetKind::Database => Whose::Checkout,
        TargetKind::Server => Whose::Server,
    };
    // What a server does not know has no override that could be restored there.
    let all = Seen::all(layers, whose).into_iter();
    let one = |(name, seen): (String, Seen)| {
        let overriding = loaded.admin.overrides.get(&name).cloned().unwrap_or_default();
        let flag = SnapshotFlag {
            state: seen.state.word().to_owned(),
            summary: seen.summary,
            enabled: seen.enabled,
            source: seen.source,
            declared: seen.declared,
            fields: seen.fields.map(|fields| fields.into_iter().collect()),
            ends: override_ends(&overriding),
            overriding,
        };
        (name, flag)
    };
    all.map(one).collect()
}
