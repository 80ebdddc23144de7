//! What happened between two looks: each journalled change of what is watched, and what else is otherwise now.

use std::collections::BTreeMap;

use crate::admin::{JournalChange, JournalEntry, JournalFilter, Target};
use crate::answer::{Seen, SeenFlags, differing};
use crate::error::Result;
use crate::layer::FieldValue;
use crate::model::Timestamp;
use crate::report::{FieldDifferenceReport, TargetReport, WatchReport, WatchedSide};

/// The most journalled changes that are told one by one.
const MOST: u32 = 1_000;

/// What was seen at one look.
pub(super) struct State {
    /// The flags that are watched.
    pub(super) flags: SeenFlags,
    /// The number of the newest journalled change among all flags, where the target names it.
    pub(super) last: Option<u64>,
}

/// What is the same for everything that is told of a look.
pub(super) struct About<'a> {
    pub(super) target: &'a TargetReport,
    pub(super) at: Timestamp,
    /// Whether it happened while the target was away.
    pub(super) away: bool,
}

/// Returns what happened between two looks, in the order of the journal; what stands in none comes last.
///
/// # Errors
/// When the target was asked too often to tell.
pub(super) fn happened(
    target: &Target,
    (before, now): (&State, &State),
    about: &About<'_>,
    is_wanted: &dyn Fn(&str) -> bool,
) -> Result<Vec<WatchReport>> {
    let (entries, lost) = entries(target, before, now)?;
    let mut told: Vec<WatchReport> = Vec::new();
    let mut of_flag: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for entry in &entries {
        for change in entry.changes.iter().filter(|change| is_wanted(&change.flag)) {
            of_flag.entry(change.flag.clone()).or_default().push(told.len());
            told.push(journalled(about, entry, change));
        }
    }
    for (flag, places) in &of_flag {
        // What lies between two changes nobody has seen.
        if let Some(first) = places.first().and_then(|at| told.get_mut(*at)) {
            first.was = before.flags.get(flag).map(side);
        }
        if let Some(last) = places.last().and_then(|at| told.get_mut(*at)) {
            last.is = now.flags.get(flag).map(side);
        }
    }
    let gone = before.flags.keys().filter(|name| !now.flags.contains_key(*name));
    for name in now.flags.keys().chain(gone).filter(|name| !of_flag.contains_key(*name)) {
        let (old, new) = (before.flags.get(name), now.flags.get(name));
        if same(old, new) {
            continue;
        }
        let event = match (old, new) {
            (None, _) => "added",
            (_, None) => "removed",
            _ => "changed",
        };
        told.push(WatchReport {
            flag: Some(name.clone()),
            was: old.map(side),
            is: new.map(side),
            fields: if event == "changed" { differing(old, new) } else { Vec::new() },
            away: about.away,
            message: lost.clone(),
            ..WatchReport::new(event, about.at, about.target.clone())
        });
    }
    Ok(told)
}

/// Returns the journalled changes between two looks, oldest first, and why there are none where there should be.
fn entries(target: &Target, before: &State, now: &State) -> Result<(Vec<JournalEntry>, Option<String>)> {
    let Some(last) = now.last else { return Ok((Vec::new(), None)) };
    let known = before.last.unwrap_or(0);
    if last <= known {
        return Ok((Vec::new(), None));
    }
    let filter = JournalFilter { after: Some(known), limit: MOST, ..JournalFilter::default() };
    match target.journal(&filter) {
        Ok(mut entries) => {
            // What is newer than the look is told after the next one.
            entries.retain(|entry| entry.number > known && entry.number <= last);
            entries.sort_by_key(|entry| entry.number);
            Ok((entries, None))
        }
        // It will be told when it may be asked again.
        Err(error) if error.wait().is_some() => Err(error),
        Err(error) => Ok((Vec::new(), Some(format!("who changed it cannot be told: {error}")))),
    }
}

fn journalled(about: &About<'_>, entry: &JournalEntry, change: &JournalChange) -> WatchReport {
    WatchReport {
        flag: Some(change.flag.clone()),
        fields: fields(change),
        journal: Some(entry.number),
        changed_at: entry.at,
        by: entry.actor.clone(),
        reason: entry.reason.clone(),
        away: about.away,
        ..WatchReport::new("changed", about.at, about.target.clone())
    }
}

/// Returns what a journalled change did to the fields of the override.
fn fields(change: &JournalChange) -> Vec<FieldDifferenceReport> {
    let words = |value: Option<&FieldValue>| value.map(ToString::to_string);
    let one = |(field, after): (&crate::layer::Field, &Option<FieldValue>)| FieldDifferenceReport {
        field: field.to_string(),
        effect: "behaviour",
        old: words(change.before.get(field).and_then(Option::as_ref)),
        new: words(after.as_ref()),
        old_place: None,
        new_place: None,
    };
    change.after.iter().map(one).collect()
}

/// Tells whether a flag stayed what it was; where its values stand does not matter.
fn same(old: Option<&Seen>, new: Option<&Seen>) -> bool {
    match (old, new) {
        (Some(old), Some(new)) => {
            (old.state, &old.summary) == (new.state, &new.summary)
                && differing(Some(old), Some(new)).is_empty()
        }
        _ => old.is_none() && new.is_none(),
    }
}

fn side(seen: &Seen) -> WatchedSide {
    WatchedSide {
        state: seen.state,
        summary: seen.summary.clone(),
        enabled: seen.enabled,
        source: seen.source.clone(),
    }
}
