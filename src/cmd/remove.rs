//! `ffctl remove`: flags out of flags.toml, unless something still names them.

use crate::change::{FlagRequest, hunk, read_file};
use crate::cli::{LayerWord, RemoveArguments};
use crate::error::{Error, Kind, Result};
use crate::flagfile::{FlagFile, remove};
use crate::layer::{Origin, Patch};
use crate::model::{FlagName, variable_of};
use crate::report::Note;

use super::again::Again;
use super::change::{Change, FileText, run_change};
use super::load::Loaded;
use super::session::Session;

pub(super) fn run(session: &mut Session, arguments: &RemoveArguments) -> Result<u8> {
    let names: Vec<&str> = arguments.flags.iter().map(String::as_str).collect();
    let condition = arguments.condition.only_if.as_deref();
    let mut loaded = session.load_for_change(LayerWord::Default, &names, condition.is_some())?;
    let found = session.settings.flag_file()?;
    let (path, shown) = found.required()?;
    let snapshot = read_file(path)?;
    let file = loaded.file.as_ref().ok_or_else(|| Error::new(Kind::Bug, "flags.toml was not read"))?;
    let mut flags: Vec<FlagName> = Vec::new();
    for name in &names {
        let resolved = loaded.flag(name)?;
        if !resolved.is_declared() {
            return Err(Error::new(Kind::Unknown, format!("`{name}` is not declared in {shown}")));
        }
        if flags.contains(&resolved.effective.name) {
            return Err(Error::new(Kind::Usage, format!("`{name}` stands twice in one command")));
        }
        flags.push(resolved.effective.name);
    }
    check_nobody_needs(file, &flags)?;
    let flags = needing_first(file, flags);
    let mut hunks = Vec::new();
    let mut rest = file.clone();
    for flag in &flags {
        let text = remove(&rest, flag).map_err(|error| {
            Error::new(Kind::Invalid, format!("cannot take `{flag}` out of {shown}: {error}"))
                .hint("edit the file by hand; nothing was written")
        })?;
        hunks.extend(hunk(flag.as_str(), rest.text(), &text));
        rest = FlagFile::parse(shown, text).map_err(|mistakes| Error::in_file(shown, mistakes))?;
    }
    let again = Again::of(session, &loaded, LayerWord::Default)?;
    let left = flags.iter().flat_map(|flag| left_behind(&loaded, flag, &again)).collect::<Vec<_>>();
    loaded.notes.extend(left);
    let request = |flag| FlagRequest::new(flag, Patch::new());
    let change = Change {
        only_if: condition,
        text: Some(FileText { snapshot, text: rest.into_parts().1, hunks }),
        ..Change::new(LayerWord::Default, &arguments.change, flags.into_iter().map(request).collect())
    };
    run_change(session, &loaded, &change)
}

/// Returns the flags so that each goes before those it needs: the file is sound after every step.
fn needing_first(file: &FlagFile, mut flags: Vec<FlagName>) -> Vec<FlagName> {
    let needs = |one: &FlagName, other: &FlagName| {
        let flag = file.definitions().flags.get(one.as_str());
        flag.is_some_and(|flag| flag.prerequisites.iter().any(|prerequisite| prerequisite.flag == *other))
    };
    let mut ordered = Vec::new();
    while !flags.is_empty() {
        // Prerequisites form no circle, so that there always is one.
        let free = flags.iter().position(|flag| !flags.iter().any(|other| needs(other, flag)));
        ordered.push(flags.remove(free.unwrap_or(0)));
    }
    ordered
}

/// Makes sure that nothing that stays names one of the flags.
fn check_nobody_needs(file: &FlagFile, flags: &[FlagName]) -> Result<()> {
    let definitions = file.definitions();
    let place = |offset: Option<usize>| match offset.map(|offset| file.position(offset).line) {
        Some(line) => format!("{}:{line}", file.name()),
        None => file.name().to_owned(),
    };
    let mut named = Vec::new();
    let mut needed: Vec<&FlagName> = Vec::new();
    for other in definitions.flags.values().filter(|other| !flags.contains(&other.name)) {
        for (at, prerequisite) in other.prerequisites.iter().enumerate() {
            if let Some(flag) = flags.iter().find(|flag| **flag == prerequisite.flag) {
                let places = file.flag_places(&other.name);
                let span = places.and_then(|places| places.prerequisites.get(at));
                let at = place(span.map(|span| span.start));
                named.push(format!("{at}: `{}` has the prerequisite `{flag}`", other.name));
                needed.push(flag);
            }
        }
    }
    for experiment in definitions.experiments.values() {
        if let Some(flag) = experiment.flag.as_ref().filter(|flag| flags.contains(flag)) {
            let at = place(file.experiment_place(&experiment.name).map(|span| span.start));
            named.push(format!("{at}: the experiment `{}` has the gate `{flag}`", experiment.name));
            needed.push(flag);
        }
    }
    needed.dedup();
    let Some(first) = needed.first() else { return Ok(()) };
    let verb = if named.len() == 1 { "needs" } else { "need" };
    let count = crate::output::counted(u64::try_from(named.len()).unwrap_or(u64::MAX), "definition");
    let which = match needed.len() {
        1 => format!("`{first}`"),
        _ => needed.iter().map(|flag| format!("`{flag}`")).collect::<Vec<_>>().join(", "),
    };
    let message = format!("{count} still {verb} {which}; nothing was changed");
    Err(named.into_iter().fold(Error::new(Kind::Refused, message), Error::hint))
}

/// Notes what the layers above still say of a flag, which nothing declares any more then.
fn left_behind(loaded: &Loaded, flag: &FlagName, again: &Again) -> Vec<Note> {
    let mut notes = Vec::new();
    if let Some(values) = loaded.admin.overrides.get(flag.as_str()) {
        let fields: Vec<String> =
            values.iter().map(|(field, (value, _))| format!("{field} {value}")).collect();
        let message =
            format!("the override of `{flag}` stays behind: {} ({})", fields.join(", "), loaded.admin.target);
        notes.push(Note::new(message).hint(format!("ffctl unset {flag}{}", again.admin)));
    }
    let name = variable_of(flag.as_str());
    for variable in loaded.variables.iter().filter(|variable| variable.name == name) {
        let note = if let (Origin::EnvFile { file, line, .. }, Some(env)) = (&variable.origin, &again.env) {
            Note::new(format!("{file}:{line} {name} stays behind and will set nothing; take it out first"))
                .hint(format!("ffctl unset {flag}{env}"))
        } else {
            Note::new(format!("{name} is set in this process, stays behind and will set nothing"))
                .hint(format!("unset {name}"))
        };
        notes.push(note);
    }
    notes
}
