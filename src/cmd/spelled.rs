//! The commands of `set` and `unset` that undo a change, for where no journal number can.

use crate::change::{Plan, PlannedField, PlannedFlag};
use crate::layer::{Field, FieldValue, Source};
use crate::model::Serve;

use super::shell;

/// What brings one flag back: commands in the order in which they go.
#[derive(Debug, Default)]
struct Steps {
    /// `set FLAG WORDS`.
    set: Vec<String>,
    /// Whether the one word of `set` is a value, so that `set FLAG=VALUE` says it too.
    plain: bool,
    /// The options of `unset FLAG`; none for no unset.
    unset: Option<String>,
}

/// Returns the command line that undoes a plan without the journal, each command with `options`; none where `set` and `unset` cannot
/// say it without switching something on in between.
pub(super) fn spelled(plan: &Plan, options: &str) -> Option<String> {
    let mut all: Vec<(&str, Steps)> = Vec::new();
    for flag in plan.flags.iter().filter(|flag| !flag.fields.is_empty()) {
        let steps = match plan.layer {
            Source::Env => steps_of_variable(flag)?,
            layer => steps(layer, flag)?,
        };
        all.push((flag.name.as_str(), steps));
    }
    if all.is_empty() {
        return None;
    }
    if let Some(one) = as_one(&all) {
        return Some(format!("ffctl {one}{options}"));
    }
    let mut commands = Vec::new();
    for (name, steps) in &all {
        commands.extend(steps.set.iter().map(|words| format!("ffctl set {name} {words}{options}")));
        commands.extend(steps.unset.iter().map(|words| format!("ffctl unset {name}{words}{options}")));
    }
    Some(commands.join(" && "))
}

/// Returns the one command for several flags, so that undoing them is all or nothing too.
fn as_one(all: &[(&str, Steps)]) -> Option<String> {
    let [(_, first), _, ..] = all else { return None };
    let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
    if first.unset.is_some()
        && all.iter().all(|(_, steps)| steps.set.is_empty() && steps.unset == first.unset)
    {
        let words = first.unset.as_deref().unwrap_or_default();
        return Some(format!("unset {}{words}", names.join(" ")));
    }
    if all.iter().all(|(_, steps)| steps.plain && steps.set.len() == 1 && steps.unset.is_none()) {
        let pairs: Vec<_> = all.iter().map(|(name, steps)| format!("{name}={}", steps.set[0])).collect();
        return Some(format!("set {}", pairs.join(" ")));
    }
    None
}

/// Returns how to bring back a variable, which holds one value.
fn steps_of_variable(flag: &PlannedFlag) -> Option<Steps> {
    let old = |field| flag.old.get(&field).map(|(value, _)| value.clone());
    let value = old(Field::Rollout).or_else(|| old(Field::Serve)).or_else(|| old(Field::Enabled));
    Some(match value {
        None => Steps { unset: Some(String::new()), ..Steps::default() },
        Some(FieldValue::Serve(Serve::Split(_))) => return None,
        Some(value) => Steps { set: vec![value.to_string()], plain: true, unset: None },
    })
}

fn steps(layer: Source, flag: &PlannedFlag) -> Option<Steps> {
    let (keep, clear): (Vec<&PlannedField>, Vec<&PlannedField>) =
        flag.fields.iter().partition(|field| field.old.is_some());
    let mut steps = Steps::default();
    steps.set.extend(entries(&keep));
    let everybody = keep.iter().find(|field| matches!(field.field, Field::Rollout | Field::Serve));
    if let Some(words) = everybody.and_then(|field| fallthrough(field.old.as_ref())) {
        // A rollout switches on as well; where it was off and is to be off, that must not happen to anybody.
        let live = layer == Source::Admin;
        if live && flag.switched_off && !flag.was_enabled {
            return None;
        }
        steps.set.push(words);
    }
    let switched = flag.fields.iter().any(|field| field.field == Field::Enabled);
    let switch = flag.old.get(&Field::Enabled).map(|(value, _)| value);
    // In a file, the rollout above may have switched on what was off.
    if let Some(FieldValue::Switch(on)) = switch
        && (switched || !on && layer == Source::Default && !steps.set.is_empty())
    {
        steps.set.push(if *on { "on" } else { "off" }.to_owned());
    }
    let only = keep.iter().all(|field| matches!(field.field, Field::Enabled | Field::Rollout | Field::Serve));
    steps.plain = only && !steps.set.iter().any(|words| words.starts_with("--"));
    steps.unset = (!clear.is_empty()).then(|| cleared(&clear));
    Some(steps)
}

/// Returns the commands for single users and organisations, one for each variation.
fn entries(keep: &[&PlannedField]) -> Vec<String> {
    let mut all: Vec<(String, String)> = Vec::new();
    for field in keep {
        let (Some(option), Some(value)) = (entry(&field.field), &field.old) else { continue };
        let value = value.to_string();
        match all.iter_mut().find(|(other, _)| *other == value) {
            Some((_, options)) => options.push_str(&option),
            None => all.push((value, option)),
        }
    }
    all.into_iter().map(|(value, options)| format!("{value}{options}")).collect()
}

fn entry(field: &Field) -> Option<String> {
    match field {
        Field::User(key) => Some(shell::option("--user", key)),
        Field::Org(key) => Some(shell::option("--org", key)),
        Field::Enabled | Field::Rollout | Field::Serve => None,
    }
}

fn fallthrough(old: Option<&FieldValue>) -> Option<String> {
    match old? {
        FieldValue::Serve(Serve::Split(split)) => {
            let pairs = split.pairs().iter().map(|(name, share)| format!("{name}={}", share.get()));
            Some(format!("--split {}", pairs.collect::<Vec<_>>().join(",")))
        }
        value => Some(value.to_string()),
    }
}

/// Returns the options of `unset` that clear exactly these fields.
fn cleared(fields: &[&PlannedField]) -> String {
    let mut names = Vec::new();
    let mut options = String::new();
    for field in fields {
        match entry(&field.field) {
            Some(option) => options.push_str(&option),
            None => names.push(field.field.to_string()),
        }
    }
    if names.is_empty() { options } else { format!(" --field {}{options}", names.join(",")) }
}
