//! `snapshot restore`: one change that makes the overrides what they were.

use crate::admin::{SnapshotFile, SnapshotFlag};
use crate::change::FlagRequest;
use crate::cli::{LayerWord, RestoreSnapshotArguments};
use crate::error::{Error, Kind, Result};
use crate::layer::{Ends, Field, FieldEnds, FieldValue, Patch, TargetLabel, Values};
use crate::model::{FlagName, Timestamp};
use crate::report::{Note, TargetReport};

use super::super::change::{Change, run_change};
use super::super::load::{Definitive, Fresh, Loaded, Needs};
use super::super::session::Session;
use super::super::shell;
use super::super::undo_target::not_brought_back;
use super::super::wanted::Wanted;
use super::words::label_of;

pub(super) fn run(session: &mut Session, arguments: &RestoreSnapshotArguments) -> Result<u8> {
    let snapshot = session.snapshot(&arguments.name)?;
    let wanted = Wanted::of(&arguments.only)?;
    let known: Vec<&str> = snapshot.flags.keys().map(String::as_str).collect();
    wanted.known(&known, "flag", " in the snapshot")?;
    let label = session.target_to_change()?.label_now();
    into_its_target(&snapshot, &label, arguments.saved_from.as_deref())?;
    let restore =
        Restore { snapshot: &snapshot, wanted: &wanted, exact: arguments.exact, now: session.now() };
    // Which flags differ is read first, so that only their versions are asked for.
    let loaded = session.load_for(&Needs { fresh: Fresh::OnlyLive, ..Needs::of(Definitive::IfAny) })?;
    let names: Vec<String> = restore.patches(&loaded).into_iter().map(|(name, _)| name).collect();
    Restore::known_to(&loaded, &names)?;
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut loaded = session.load_for_change(LayerWord::Admin, &names, false)?;
    let patches = restore.patches(&loaded);
    loaded.notes.extend(restore.notes(&loaded));
    let request = |(name, patch): (String, Patch)| {
        let flag = FlagName::try_from(name.as_str()).map_err(|error| {
            Error::new(Kind::Invalid, format!("the snapshot names a flag that cannot be: {error}"))
        })?;
        let ends = Ends::exactly(&patch, &restore.ends(&name), loaded.admin.overrides.get(&name));
        Ok(FlagRequest { flag, patch, ends })
    };
    let requests = patches.into_iter().map(request).collect::<Result<Vec<_>>>()?;
    let said = arguments.change.reason.as_ref().map(|said| format!(": {said}")).unwrap_or_default();
    let reason = format!("restore of snapshot {} of {}{said}", arguments.name, snapshot.saved_at);
    let change = Change {
        key: arguments.repeat.idempotency_key.as_deref(),
        reason: Some(reason),
        ..Change::new(LayerWord::Admin, &arguments.change, requests)
    };
    run_change(session, &loaded, &change)
}

/// Makes sure that a snapshot of another target was meant.
fn into_its_target(snapshot: &SnapshotFile, now: &TargetLabel, said: Option<&str>) -> Result<()> {
    let now_is = TargetReport::from(now);
    let saved = &snapshot.target;
    let same = (saved.kind.as_str(), &saved.address) == (now_is.kind, &now_is.address);
    let name = saved.profile.as_ref().filter(|_| saved.kind != "local").unwrap_or(&saved.address);
    match said {
        Some(said) if said == name || *said == saved.address => Ok(()),
        Some(said) => {
            let message = format!("--saved-from {said}: it was saved from {}", label_of(snapshot));
            Err(Error::new(Kind::Refused, message).hint(format!("--saved-from {}", shell::word(name))))
        }
        None if same => Ok(()),
        None => {
            let message = format!(
                "the snapshot was saved from {}, and the target is {now:#}: nothing was changed",
                label_of(snapshot)
            );
            Err(Error::new(Kind::Refused, message)
                .hint(format!("if that is meant, add --saved-from {}", shell::word(name))))
        }
    }
}

/// What is to be restored.
pub(super) struct Restore<'a> {
    pub(super) snapshot: &'a SnapshotFile,
    pub(super) wanted: &'a Wanted<'a>,
    pub(super) exact: bool,
    pub(super) now: Timestamp,
}

impl Restore<'_> {
    /// Returns what brings each flag that differs back, by name.
    pub(super) fn patches(&self, loaded: &Loaded) -> Vec<(String, Patch)> {
        let nothing = Values::new();
        let overrides = &loaded.admin.overrides;
        let mut all = Vec::new();
        let since = overrides.keys().filter(|name| !self.snapshot.flags.contains_key(*name));
        for name in self.snapshot.flags.keys().chain(since.filter(|_| self.exact)) {
            if !self.wanted.is_wanted(name) {
                continue;
            }
            let was = self.snapshot.flags.get(name).map(|flag| self.still(flag)).unwrap_or_default();
            let now = overrides.get(name).unwrap_or(&nothing);
            let ends =
                now.iter().filter_map(|(field, (_, place))| Some((field.clone(), place.expires_at()?)));
            let patch = patch((now, &ends.collect()), (&was, &self.ends(name)));
            if !patch.is_empty() {
                all.push((name.clone(), patch));
            }
        }
        all
    }

    /// Returns the override of a snapshot without what would have ended by now.
    fn still(&self, flag: &SnapshotFlag) -> Values {
        let ended = |field: &String| flag.ends.get(field).is_some_and(|ends| *ends <= self.now);
        let all = flag.overriding.iter().filter(|(field, _)| !ended(&field.to_string()));
        all.map(|(field, value)| (field.clone(), value.clone())).collect()
    }

    /// Returns when fields of a flag are to end that have not yet.
    fn ends(&self, name: &str) -> FieldEnds {
        let ends = self.snapshot.flags.get(name).map(SnapshotFlag::field_ends).unwrap_or_default();
        ends.into_iter().filter(|(_, ends)| *ends > self.now).collect()
    }

    /// Makes sure that the target knows every flag that is to be overridden.
    fn known_to(loaded: &Loaded, names: &[String]) -> Result<()> {
        let unknown = names.iter().find(|name| loaded.layers().resolve(name).is_none());
        let Some(unknown) = unknown else { return Ok(()) };
        let message = format!(
            "the snapshot overrides `{unknown}`, which {:#} does not know any more: nothing was changed",
            loaded.admin.target
        );
        Err(Error::new(Kind::Unknown, message).hint("--only PATTERN restores the others"))
    }

    /// Returns what a restore leaves out.
    fn notes(&self, loaded: &Loaded) -> Vec<Note> {
        let mut notes = Vec::new();
        let since = loaded.admin.overrides.keys();
        let since: Vec<String> = since
            .filter(|name| !self.snapshot.flags.contains_key(*name) && self.wanted.is_wanted(name))
            .map(|name| format!("`{name}`"))
            .collect();
        if !since.is_empty() && !self.exact {
            let message = format!(
                "the snapshot does not know {}, which {} overridden now and left alone",
                since.join(", "),
                if since.len() == 1 { "is" } else { "are" }
            );
            notes.push(Note::new(message).hint("--exact takes these overrides back too"));
        }
        for (name, flag) in &self.snapshot.flags {
            if !self.wanted.is_wanted(name) {
                continue;
            }
            let over = flag.ends.iter().filter(|(_, ends)| **ends <= self.now);
            notes.extend(over.map(|(field, ends)| not_brought_back(field, name, *ends, self.now)));
        }
        notes
    }
}

/// Returns the patch that makes an override another one, each with the ends of its fields.
pub(super) fn patch(now: (&Values, &FieldEnds), was: (&Values, &FieldEnds)) -> Patch {
    let value = |values: &Values, field: &Field| -> Option<FieldValue> {
        values.get(field).map(|(value, _)| value.clone())
    };
    let gone = now.0.keys().filter(|field| !was.0.contains_key(*field));
    was.0
        .keys()
        .chain(gone)
        .filter(|field| value(now.0, field) != value(was.0, field) || now.1.get(*field) != was.1.get(*field))
        .map(|field| (field.clone(), value(was.0, field)))
        .collect()
}
