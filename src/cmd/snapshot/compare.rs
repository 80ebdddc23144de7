//! `snapshot diff`: what a restore would change, or what differs between two snapshots.

use std::time::Duration;

use crate::admin::{SnapshotFile, SnapshotFlag};
use crate::cli::DiffSnapshotArguments;
use crate::error::{Error, Kind, Result};
use crate::exit;
use crate::layer::{Field, FieldEnds, FieldValue, Freshness, TargetKind, Values};
use crate::report::{
    ComparedReport, DiffCount, DiffReport, DifferenceReport, FieldDifferenceReport, FreshnessReport, Note,
    SideReport, StateWord,
};

use super::super::again;
use super::super::load::{Definitive, Fresh, Needs};
use super::super::session::Session;
use super::keep::snapshot as of_now;
use super::restore::patch;
use super::words::{OF_TARGETS, target_of};

pub(super) fn run(session: &mut Session, arguments: &DiffSnapshotArguments) -> Result<u8> {
    let first = session.snapshot(&arguments.name)?;
    let Some(other) = &arguments.other else { return against_now(session, &arguments.name, first) };
    session.has_no_use_for("a comparison of two snapshots", &OF_TARGETS)?;
    let second = session.snapshot(other)?;
    let (before, after) = (side(session, &arguments.name, first), side(session, other, second));
    answer(session, before, after, None, Vec::new())
}

/// Compares what is now with a snapshot: what a restore would change.
fn against_now(session: &mut Session, name: &str, snapshot: SnapshotFile) -> Result<u8> {
    session.states = true;
    let loaded = session.load_for(&Needs { fresh: Fresh::Live, ..Needs::of(Definitive::IfAny) })?;
    if loaded.admin.freshness == Freshness::NotAsked {
        let message = format!("{}: it was not asked", loaded.admin.target);
        return Err(Error::new(Kind::Unreachable, message).hint("leave out --offline"));
    }
    let compared = ComparedReport {
        target: Some(loaded.target_report()),
        freshness: Some(loaded.freshness()),
        ..ComparedReport::new("now", None)
    };
    let again = match (&loaded.admin.target.profile, loaded.admin.target.kind) {
        (Some(profile), TargetKind::Server) => format!("snapshot:{name} profile:{profile}"),
        _ => format!("snapshot:{name} admin{}", again::target(&loaded)),
    };
    let (now, after) = (of_now(session, &loaded, None), side(session, name, snapshot));
    let note = elsewhere(&now, &after.1, &again);
    answer(session, (compared, now), after, note, loaded.notes.clone())
}

/// One of the two states.
type Side = (ComparedReport, SnapshotFile);

fn answer(
    session: &mut Session,
    before: Side,
    after: Side,
    note: Option<Note>,
    mut notes: Vec<Note>,
) -> Result<u8> {
    let (differences, count) = differences(&before.1, &after.1);
    notes.extend(note);
    let none = count.differing == 0;
    let report = DiffReport::of((before.0, after.0), differences, count, notes);
    session.notes(&report.notes);
    session.emit(&report)?;
    Ok(if none { exit::DONE } else { exit::NO })
}

fn side(session: &Session, word: &str, snapshot: SnapshotFile) -> Side {
    let age = session.now().millis().saturating_sub(snapshot.saved_at.millis());
    let age = Duration::from_millis(u64::try_from(age).unwrap_or_default());
    let compared = ComparedReport {
        target: Some(target_of(&snapshot)),
        freshness: Some(FreshnessReport::from(Freshness::Cached(age))),
        ..ComparedReport::new(&format!("snapshot:{word}"), None)
    };
    (compared, snapshot)
}

/// Returns the flags whose overrides differ.
fn differences(before: &SnapshotFile, after: &SnapshotFile) -> (Vec<DifferenceReport>, DiffCount) {
    let (mut all, mut count) = (Vec::new(), DiffCount::default());
    let gone = before.flags.keys().filter(|name| !after.flags.contains_key(*name));
    for name in after.flags.keys().chain(gone) {
        count.compared += 1;
        let (old, new) = (before.flags.get(name), after.flags.get(name));
        let fields = fields(old, new);
        // A flag that one side does not know and nobody overrides is nothing that could be restored.
        if fields.is_empty() {
            continue;
        }
        let (change, counted) = match (old, new) {
            (None, _) => ("added", &mut count.added),
            (_, None) => ("removed", &mut count.removed),
            _ => ("changed", &mut count.changed),
        };
        *counted += 1;
        count.differing += 1;
        all.push(DifferenceReport {
            kind: "flag",
            name: name.clone(),
            change,
            was: None,
            before: old.map(state),
            after: new.map(state),
            moves_people: false,
            fields,
            used_by: Vec::new(),
            resembles: None,
        });
    }
    (all, count)
}

fn state(flag: &SnapshotFlag) -> SideReport {
    SideReport {
        state: Some(StateWord::parse(&flag.state).unwrap_or(StateWord::Invalid)),
        summary: Some(flag.summary.clone()),
        place: None,
        problems: Vec::new(),
    }
}

/// Returns the fields of the override that differ.
fn fields(old: Option<&SnapshotFlag>, new: Option<&SnapshotFlag>) -> Vec<FieldDifferenceReport> {
    let nothing = Values::new();
    let ends = |flag: Option<&SnapshotFlag>| flag.map(SnapshotFlag::field_ends).unwrap_or_default();
    let (old_ends, new_ends) = (ends(old), ends(new));
    let (old, new) =
        (old.map_or(&nothing, |flag| &flag.overriding), new.map_or(&nothing, |flag| &flag.overriding));
    let words = |value: &FieldValue, field: &Field, ends: &FieldEnds| match ends.get(field) {
        Some(ends) => format!("{value} until {ends}"),
        None => value.to_string(),
    };
    let one = |(field, value): (Field, Option<FieldValue>)| FieldDifferenceReport {
        effect: "behaviour",
        old: old.get(&field).map(|(value, _)| words(value, &field, &old_ends)),
        new: value.map(|value| words(&value, &field, &new_ends)),
        field: field.to_string(),
        old_place: None,
        new_place: None,
    };
    patch((old, &old_ends), (new, &new_ends)).into_iter().map(one).collect()
}

/// Returns what is worth a word of flags that are otherwise now although their overrides are the same.
fn elsewhere(now: &SnapshotFile, then: &SnapshotFile, states: &str) -> Option<Note> {
    let differs = |(name, flag): (&String, &SnapshotFlag)| {
        let other = then.flags.get(name);
        let same = other.is_some_and(|other| (&flag.state, &flag.summary) == (&other.state, &other.summary));
        !same && fields(Some(flag), other).is_empty()
    };
    let count = now.flags.iter().filter(|one| differs(*one)).count();
    if count == 0 {
        return None;
    }
    let (noun, verb) = if count == 1 { ("flag", "is") } else { ("flags", "are") };
    let message = format!(
        "{count} {noun} {verb} otherwise than the snapshot says for another reason than overrides: a restore changes nothing of that"
    );
    Some(Note::new(message).hint(format!("ffctl diff {states}")))
}
