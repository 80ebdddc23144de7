//! What `ffctl profile` changes in config.toml, which a person wrote: only the lines that are named.

use std::path::Path;

use toml::Value;

use crate::admin::Permit;
use crate::change::{FileSnapshot, hunk, read_file, remove_private_file, write_file};
use crate::cli::{AddProfileArguments, RemoveProfileArguments, UseProfileArguments};
use crate::error::{Error, Kind, Result};
use crate::flagfile::{DocumentEdit, edit_document};
use crate::report::{Note, ProfilesReport};
use crate::settings::{AdminUrl, Config, FreezeWindow, check_profile_name, parse_step};

use super::change::lines_changes;
use super::profile::{profile_report, report, used};
use super::session::Session;

const DEFAULT: &str = "default_profile";
const PROFILES: &str = "profiles";

/// Adds a profile.
pub(super) fn add(
    session: &mut Session,
    config: &Config,
    arguments: &AddProfileArguments,
) -> Result<ProfilesReport> {
    let name = arguments.name.as_str();
    check_profile_name(name)
        .map_err(|(message, fix)| Error::new(Kind::Usage, format!("`{name}`: {message}")).hint(fix))?;
    // What was typed may hold a password, so that no message repeats it.
    let url = AdminUrl::parse(&arguments.url).map_err(|error| {
        Error::new(Kind::Usage, format!("the address of `{name}`: {error}"))
            .hint(format!("ffctl profile add {name} https://flags.example.com"))
    })?;
    if arguments.token_file.as_deref().is_some_and(|file| file.trim().is_empty()) {
        return Err(Error::new(Kind::Usage, "--token-file is empty")
            .hint("name the file, or leave the option out and keep the token with `ffctl login`"));
    }
    if let Some(profile) = config.profiles.get(name) {
        let line = profile.line("url").unwrap_or(1);
        let message = format!("there is a profile `{name}` already ({}:{line})", config.shown);
        return Err(Error::new(Kind::Conflict, message)
            .hint(format!("ffctl profile show {name}"))
            .hint(format!("ffctl profile remove {name} takes it out")));
    }
    let mut keys = vec![("url", Value::String(url.to_string()))];
    keys.extend(arguments.description.iter().map(|text| ("description", Value::String(text.clone()))));
    let token_file = arguments.token_file.as_deref().map(|file| token_file(session, file));
    keys.extend(token_file.map(|path| ("token_file", Value::String(path))));
    keys.extend(arguments.protected.then_some(("protected", Value::Boolean(true))));
    keys.extend(guards(arguments)?);
    let mut edits = vec![DocumentEdit::Add(PROFILES, name, &keys)];
    if arguments.default {
        edits.push(DocumentEdit::Root(DEFAULT, Some(Value::String(name.to_owned()))));
    }
    let next = match arguments.token_file {
        None => format!("ffctl login --profile {name}"),
        Some(_) => format!("ffctl doctor --profile {name}"),
    };
    let mut report = edited(session, config, &edits, "added", Some(name), arguments.dry_run)?;
    report.next = Some(next).filter(|_| !arguments.dry_run);
    Ok(report)
}

/// Returns the keys of the guards.
fn guards(arguments: &AddProfileArguments) -> Result<Vec<(&'static str, Value)>> {
    let mut keys = Vec::new();
    keys.extend(arguments.require_reason.then_some(("require_reason", Value::Boolean(true))));
    if let Some(text) = &arguments.max_step {
        let step = parse_step(text).map_err(|problem| {
            Error::new(Kind::Usage, format!("--max-step: {problem}")).hint("--max-step 25%")
        })?;
        keys.push(("max_step", Value::String(step.to_string())));
    }
    let window = |text: &String| match FreezeWindow::parse(text) {
        Ok(window) => Ok(Value::String(window.text().to_owned())),
        Err((message, example)) => {
            let error = Error::new(Kind::Usage, format!("--freeze: {message}"));
            Err(error.hint(format!("--freeze {}", example.split(',').next().unwrap_or_default())))
        }
    };
    let windows: Vec<Value> = arguments.freeze.iter().map(window).collect::<Result<_>>()?;
    keys.extend((!windows.is_empty()).then_some(("freeze", Value::Array(windows))));
    Ok(keys)
}

/// Makes a profile the default.
pub(super) fn choose(
    session: &mut Session,
    config: &Config,
    arguments: &UseProfileArguments,
) -> Result<ProfilesReport> {
    let name = arguments.name.as_str();
    config.profile(name, "`ffctl profile use`")?;
    let edits = [DocumentEdit::Root(DEFAULT, Some(Value::String(name.to_owned())))];
    let unchanged = config.default_profile.as_deref() == Some(name);
    let outcome = if unchanged { "unchanged" } else { "chosen" };
    let mut report = edited(session, config, &edits, outcome, Some(name), arguments.dry_run)?;
    // What a variable chooses wins over what was chosen here.
    if let Ok(used) = used(session)
        && used.profile.as_deref() != Some(name)
        && let Some(note) = used.note.filter(|_| !arguments.dry_run)
    {
        report.notes.push(Note::new(format!("{} all the same", note.message)).hint("take the variable away"));
    }
    Ok(report)
}

/// Takes a profile out, with the token that is kept for it.
pub(super) fn remove(
    session: &mut Session,
    config: &Config,
    arguments: &RemoveProfileArguments,
) -> Result<ProfilesReport> {
    let name = arguments.name.as_str();
    let profile = config.profile(name, "`ffctl profile remove`")?;
    let is_default = config.default_profile.as_deref() == Some(name);
    agreed(name, profile.protected, is_default, arguments)?;
    let gone = profile_report(session, config, name, profile, used(session).ok().as_ref())?;
    let kept = session.settings.kept_token(name, &profile.url)?;
    let mut edits = vec![DocumentEdit::Remove(PROFILES, name)];
    if is_default {
        edits.push(DocumentEdit::Root(DEFAULT, None));
    }
    let mut report = edited(session, config, &edits, "removed", None, arguments.dry_run)?;
    report.profiles = vec![gone];
    if let (Some(kept), Some(permit)) = (kept, Permit::unless_dry_run(arguments.dry_run))
        && remove_private_file(&permit, &kept.path, &kept.shown)?
    {
        let message = "the token that was kept for it is forgotten; at the server it still counts";
        report.notes.push(Note::new(message));
    }
    if is_default {
        report.notes.push(Note::new("it was the default profile: the local store is spoken to now"));
    }
    Ok(report)
}

/// Makes sure that the removal is meant.
fn agreed(name: &str, protected: bool, is_default: bool, arguments: &RemoveProfileArguments) -> Result<()> {
    if arguments.dry_run {
        return Ok(());
    }
    match (&arguments.confirm, protected) {
        (Some(given), true) if given == name => Ok(()),
        (Some(_), false) => Err(Error::new(
            Kind::Usage,
            format!("--confirm names a protected profile, and `{name}` is not protected"),
        )
        .hint("leave out --confirm; --yes is enough")),
        (_, true) => Err(Error::new(Kind::Refused, format!("profile `{name}` is protected"))
            .hint(format!("add --confirm {name}"))),
        (None, false) if is_default && !arguments.yes => {
            Err(Error::new(Kind::Refused, format!("profile `{name}` is the default profile"))
                .hint("add --yes, or choose another first: ffctl profile use NAME"))
        }
        (None, false) => Ok(()),
    }
}

/// Makes the edits, unless it is a dry run, and returns what they come to; `name` is the profile that they are about.
fn edited(
    session: &Session,
    config: &Config,
    edits: &[DocumentEdit<'_>],
    outcome: &'static str,
    name: Option<&str>,
    dry_run: bool,
) -> Result<ProfilesReport> {
    let path = config.path.as_deref().ok_or_else(|| {
        Error::new(Kind::Local, "this system names no folder for config.toml")
            .hint("FFCTL_CONFIG names a file")
    })?;
    let snapshot = read_file(path)?;
    let shown = &config.shown;
    let before = snapshot.text.clone().unwrap_or_default();
    let by_hand = "edit the file by hand; nothing was written";
    let text = edit_document(&before, edits).map_err(|error| {
        Error::new(Kind::Invalid, format!("cannot change {shown}: {error}")).hint(by_hand)
    })?;
    let folders = &session.settings.folders;
    let after = Config::parse(&text, path, shown, folders).map_err(|error| error.hint(by_hand))?;
    let lines = hunk("", &before, &text).iter().flat_map(lines_changes).collect();
    if let Some(permit) = Permit::unless_dry_run(dry_run).filter(|_| text != before) {
        write(permit, path, &snapshot, &text)?;
    }
    let used = used(session).ok();
    let of = |name: &str| after.profiles.get(name).map(|profile| (name.to_owned(), profile));
    let profiles = name.and_then(of).into_iter();
    let profiles = profiles
        .map(|(name, profile)| profile_report(session, &after, &name, profile, used.as_ref()))
        .collect::<Result<Vec<_>>>()?;
    let mut report = report(session, &after, outcome, profiles);
    (report.dry_run, report.lines) = (dry_run, lines);
    Ok(report)
}

fn write(permit: Permit, path: &Path, snapshot: &FileSnapshot, text: &str) -> Result<()> {
    if let Some(folder) = path.parent().filter(|_| snapshot.text.is_none()) {
        std::fs::create_dir_all(folder).map_err(|error| {
            Error::new(Kind::Local, format!("cannot make the folder `{}`", folder.display())).caused_by(error)
        })?;
    }
    write_file(&permit, snapshot, text)
}

/// Returns a path as config.toml names it: from the home, or whole, since the file is read from anywhere.
fn token_file(session: &Session, file: &str) -> String {
    if file.starts_with("~/") {
        return file.to_owned();
    }
    let folders = &session.settings.folders;
    let path = folders.absolute(Path::new(file));
    let home = folders.home.as_deref().and_then(|home| path.strip_prefix(home).ok());
    match home {
        Some(inside) => Path::new("~").join(inside).display().to_string(),
        None => path.display().to_string(),
    }
}
