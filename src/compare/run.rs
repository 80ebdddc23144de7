//! All definitions of two sides.

use std::collections::HashSet;

use crate::eval::state_of;
use crate::flagfile::FlagFile;
use crate::layer::Layers;
use crate::model::Definitions;

use super::difference::{Change, Comparison, Difference, FieldDifference, Side, Subject};
use super::experiment::{ExperimentSide, compare_experiments};
use super::flag::{FlagSide, compare_flags, is_bucketed};
use super::rename::{Alone, renames};
use super::segment::{SegmentSide, compare_segments, flags_that_ask};

/// Compares everything whose name is wanted. A definition that was renamed is wanted by either name.
pub fn compare(before: &Layers<'_>, after: &Layers<'_>, wanted: &dyn Fn(&str) -> bool) -> Comparison {
    let mut all = Comparison::default();
    flags(before, after, wanted, &mut all);
    experiments(before.file, after.file, wanted, &mut all);
    segments(before.file, after.file, wanted, &mut all);
    all
}

/// Names of both sides paired: both the same, one alone, or two of which one became the other.
fn pairs<'a>(
    old: &[Alone<'a>],
    new: &[Alone<'a>],
    wanted: &dyn Fn(&str) -> bool,
) -> Vec<(Option<&'a str>, Option<&'a str>)> {
    let (old_names, new_names): (HashSet<&str>, HashSet<&str>) =
        (old.iter().map(|one| one.name).collect(), new.iter().map(|one| one.name).collect());
    let only = |all: &[Alone<'a>], others: &HashSet<&str>| -> Vec<Alone<'a>> {
        let alone = all.iter().filter(|one| !others.contains(one.name));
        alone.map(|one| Alone { name: one.name, hash_key: one.hash_key }).collect()
    };
    let (removed, added) = (only(old, &new_names), only(new, &old_names));
    let renamed = renames(&removed, &added);
    let was = |name: &'a str| match renamed.iter().find(|(_, new)| *new == name) {
        Some((old, _)) => Some(*old),
        None => old_names.contains(name).then_some(name),
    };
    let mut pairs: Vec<(Option<&str>, Option<&str>)> =
        new.iter().map(|one| (was(one.name), Some(one.name))).collect();
    let gone = removed.iter().filter(|one| !renamed.iter().any(|(old, _)| *old == one.name));
    pairs.extend(gone.map(|one| (Some(one.name), None)));
    pairs.retain(|(old, new)| old.is_some_and(wanted) || new.is_some_and(wanted));
    pairs
}

fn change_of(old: Option<&str>, new: Option<&str>) -> Change {
    match (old, new) {
        (None, _) => Change::Added,
        (_, None) => Change::Removed,
        (Some(old), Some(new)) if old != new => Change::Renamed(old.to_owned()),
        _ => Change::Changed,
    }
}

fn flags(before: &Layers<'_>, after: &Layers<'_>, wanted: &dyn Fn(&str) -> bool, all: &mut Comparison) {
    let (old_names, new_names) = (flag_names(before), flag_names(after));
    let pairs = pairs(&old_names, &new_names, wanted);
    all.compared += pairs.len();
    let first = all.differences.len();
    for (old, new) in pairs {
        let old_side = old.and_then(|name| FlagSide::of(before, name));
        let new_side = new.and_then(|name| FlagSide::of(after, name));
        let change = change_of(old, new);
        let fields = compare_flags(old_side.as_ref(), new_side.as_ref());
        let odd = |side: &Option<FlagSide<'_>>| {
            side.as_ref().is_some_and(|side| {
                !side.resolved.problems.is_empty() || !side.flag().prerequisites.is_empty()
            })
        };
        if change == Change::Changed && fields.is_empty() && !odd(&old_side) && !odd(&new_side) {
            continue;
        }
        let difference = Difference {
            subject: Subject::Flag,
            name: new.or(old).unwrap_or_default().to_owned(),
            before: old_side.as_ref().map(|side| flag_side(before, side)),
            after: new_side.as_ref().map(|side| flag_side(after, side)),
            change,
            fields,
            used_by: Vec::new(),
            resembles: None,
        };
        let said =
            |side: &Option<Side>| side.as_ref().and_then(|side| side.state.as_ref()).map(ToString::to_string);
        let broken = |side: &Option<Side>| side.as_ref().is_some_and(|side| !side.problems.is_empty());
        // What cannot be read is never "the same".
        let nothing = difference.change == Change::Changed
            && difference.fields.is_empty()
            && said(&difference.before) == said(&difference.after)
            && !broken(&difference.before)
            && !broken(&difference.after);
        if !nothing {
            all.differences.push(difference);
        }
    }
    resemblances(before, after, &mut all.differences[first..]);
}

/// Returns the names of a side's flags with what they put into the hash.
fn flag_names<'a>(layers: &Layers<'a>) -> Vec<Alone<'a>> {
    let declared = layers.file.into_iter().flat_map(|file| file.definitions().flags.values());
    let declared = declared.map(|flag| Alone { name: flag.name.as_str(), hash_key: flag.hash_key() });
    let undeclared = layers.undeclared().into_iter().map(|name| Alone { name, hash_key: name });
    declared.chain(undeclared).collect()
}

fn flag_side(layers: &Layers<'_>, side: &FlagSide<'_>) -> Side {
    Side {
        state: Some(state_of(layers, side.flag())),
        place: side.resolved.declared_at.clone(),
        problems: side.resolved.problems.iter().map(|one| format!("{one}; {}", one.fix)).collect(),
    }
}

/// Marks added flags that are a removed one in everything but the hash: renamed without its salt, which deals
/// everybody anew.
fn resemblances(before: &Layers<'_>, after: &Layers<'_>, differences: &mut [Difference]) {
    let removed: Vec<String> =
        differences.iter().filter(|one| one.change == Change::Removed).map(|one| one.name.clone()).collect();
    for added in differences.iter_mut().filter(|one| one.change == Change::Added) {
        let Some(new) = FlagSide::of(after, &added.name).filter(|side| is_bucketed(side.flag())) else {
            continue;
        };
        added.resembles = removed.iter().find_map(|name| {
            let old = FlagSide::of(before, name)?;
            let same = compare_flags(Some(&old), Some(&new)).iter().all(|field| field.field == "salt");
            (same && old.flag().description.is_some()).then(|| name.clone())
        });
    }
}

fn experiments(
    before: Option<&FlagFile>,
    after: Option<&FlagFile>,
    wanted: &dyn Fn(&str) -> bool,
    all: &mut Comparison,
) {
    let names = |file: Option<&'_ FlagFile>| -> Vec<(String, String)> {
        let experiments = file.into_iter().flat_map(|file| file.definitions().experiments.values());
        experiments.map(|one| (one.name.to_string(), one.hash_key().to_owned())).collect()
    };
    let (old_names, new_names) = (names(before), names(after));
    for (old, new) in pairs(&alone(&old_names), &alone(&new_names), wanted) {
        let old_side = old.and_then(|name| ExperimentSide::of(before, name));
        let new_side = new.and_then(|name| ExperimentSide::of(after, name));
        let fields = compare_experiments(old_side, new_side);
        let sides = (
            old_side.map(|side| without_state(side.place())),
            new_side.map(|side| without_state(side.place())),
        );
        all.take(Subject::Experiment, (old, new), sides, fields, Vec::new());
    }
}

fn segments(
    before: Option<&FlagFile>,
    after: Option<&FlagFile>,
    wanted: &dyn Fn(&str) -> bool,
    all: &mut Comparison,
) {
    let names = |file: Option<&'_ FlagFile>| -> Vec<(String, String)> {
        let segments = file.into_iter().flat_map(|file| file.definitions().segments.keys());
        segments.map(|name| (name.to_string(), name.to_string())).collect()
    };
    let (old_names, new_names) = (names(before), names(after));
    for (old, new) in pairs(&alone(&old_names), &alone(&new_names), wanted) {
        let old_side = old.and_then(|name| SegmentSide::of(before, name));
        let new_side = new.and_then(|name| SegmentSide::of(after, name));
        let fields = compare_segments(old_side, new_side);
        let asked_in = |file: Option<&FlagFile>| {
            let definitions: Option<&Definitions> = file.map(FlagFile::definitions);
            let name = new.or(old).unwrap_or_default();
            definitions.map(|all| flags_that_ask(all, name)).unwrap_or_default()
        };
        let used_by: Vec<String> = if fields.is_empty() {
            Vec::new()
        } else {
            asked_in(before).union(&asked_in(after)).cloned().collect()
        };
        let sides = (
            old_side.map(|side| without_state(side.place())),
            new_side.map(|side| without_state(side.place())),
        );
        all.take(Subject::Segment, (old, new), sides, fields, used_by);
    }
}

fn alone(names: &[(String, String)]) -> Vec<Alone<'_>> {
    names.iter().map(|(name, hash_key)| Alone { name, hash_key }).collect()
}

fn without_state(place: Option<crate::layer::Origin>) -> Side {
    Side { state: None, place, problems: Vec::new() }
}

impl Comparison {
    fn take(
        &mut self,
        subject: Subject,
        (old, new): (Option<&str>, Option<&str>),
        (before, after): (Option<Side>, Option<Side>),
        fields: Vec<FieldDifference>,
        used_by: Vec<String>,
    ) {
        self.compared += 1;
        let change = change_of(old, new);
        if change == Change::Changed && fields.is_empty() {
            return;
        }
        let name = new.or(old).unwrap_or_default().to_owned();
        let difference =
            Difference { subject, name, change, before, after, fields, used_by, resembles: None };
        self.differences.push(difference);
    }
}
