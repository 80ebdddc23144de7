//! `ffctl profile`: the profiles of config.toml, seen and changed.

use crate::cli::{ProfileAction, ProfileArguments, ShowProfileArguments};
use crate::error::{Error, Kind, Result};
use crate::exit;
use crate::report::{Note, ProfileField, ProfileReport, ProfilesReport, TokenSourceReport};
use crate::settings::{ChosenBy, Config, CredentialSource, FlagFile, Profile, TargetPlace};

use super::profile_edit;
use super::session::Session;

pub(super) fn run(session: &mut Session, arguments: &ProfileArguments) -> Result<u8> {
    let unused = ["--flags", "--env-file", "--profile", "--local", "--store", "--offline", "--max-age"];
    session.has_no_use_for("`ffctl profile` is about config.toml and", &unused)?;
    let config = session.settings.config()?;
    let report = match &arguments.action {
        ProfileAction::List => listed(session, &config)?,
        ProfileAction::Show(arguments) => shown(session, &config, arguments)?,
        ProfileAction::Add(arguments) => profile_edit::add(session, &config, arguments)?,
        ProfileAction::Use(arguments) => profile_edit::choose(session, &config, arguments)?,
        ProfileAction::Remove(arguments) => profile_edit::remove(session, &config, arguments)?,
    };
    session.notes(&report.notes);
    session.emit(&report)?;
    Ok(exit::DONE)
}

fn listed(session: &Session, config: &Config) -> Result<ProfilesReport> {
    let used = used(session);
    let profiles = config.profiles.iter();
    let profiles = profiles
        .map(|(name, profile)| profile_report(session, config, name, profile, used.as_ref().ok()))
        .collect::<Result<Vec<_>>>()?;
    let next = profiles.is_empty().then(|| "ffctl profile add NAME URL".to_owned());
    let mut report = report(session, config, "listed", profiles);
    report.next = next;
    if let Ok(Used { note: Some(note), .. }) = used {
        report.notes.push(note);
    }
    Ok(report)
}

fn shown(session: &Session, config: &Config, arguments: &ShowProfileArguments) -> Result<ProfilesReport> {
    let used = used(session);
    let name = match &arguments.name {
        Some(name) => name.clone(),
        None => match &used {
            Ok(Used { profile: Some(name), .. }) => name.clone(),
            Ok(_) => {
                let error = Error::new(Kind::Usage, "which profile? No profile is spoken to now");
                return Err(error.hint("ffctl profile list shows them all"));
            }
            Err(error) => {
                return Err(Error::new(error.kind(), error.message().to_owned())
                    .hint("ffctl profile show NAME shows one"));
            }
        },
    };
    let profile = config.profile(&name, "`ffctl profile show`")?;
    let shown = profile_report(session, config, &name, profile, used.as_ref().ok())?;
    let mut report = report(session, config, "shown", vec![shown]);
    let has_none = report.profiles.iter().any(|profile| profile.token.source == "none");
    report.next = has_none.then(|| format!("ffctl login --profile {name}"));
    Ok(report)
}

/// Returns an answer about profiles.
pub(super) fn report(
    session: &Session,
    config: &Config,
    outcome: &'static str,
    profiles: Vec<ProfileReport>,
) -> ProfilesReport {
    ProfilesReport {
        config: config.path.is_some().then(|| config.shown.clone()),
        outcome,
        dry_run: false,
        profiles,
        lines: Vec::new(),
        next: None,
        notes: session.settings.notes().into_iter().map(Note::new).collect(),
    }
}

/// What a command that names no target speaks to.
pub(super) struct Used {
    /// The profile, if it is one.
    pub(super) profile: Option<String>,
    /// What else it is, where profiles do not count.
    pub(super) note: Option<Note>,
}

/// Returns what a command that names no target speaks to; an error where the settings contradict each other.
pub(super) fn used(session: &Session) -> Result<Used> {
    // Without a flags.toml there is no local store, which matters to nobody here.
    let nowhere = FlagFile::Missing { looked_in: Vec::new() };
    let choice = match session.settings.target(&nowhere) {
        Ok(choice) => choice,
        Err(error) if error.kind() == Kind::Unknown => return Err(error),
        Err(error) if session.settings.config()?.default_profile.is_some() => return Err(error),
        Err(_) => return Ok(Used { profile: None, note: None }),
    };
    let by = match choice.chosen_by {
        ChosenBy::Variable(variable) => Some(variable),
        ChosenBy::Option(_) | ChosenBy::DefaultProfile | ChosenBy::Nobody => None,
    };
    let (profile, what) = match choice.place {
        TargetPlace::Server { profile: Some(name), .. } => (Some(name.clone()), format!("profile `{name}`")),
        TargetPlace::Server { url, .. } => (None, url.to_string()),
        TargetPlace::Local { shown, .. } => (None, format!("the local store {shown}")),
        TargetPlace::Database { url, .. } => (None, format!("the store in the database {url}")),
    };
    let note = by.map(|variable| Note::new(format!("variable `{variable}` chooses {what}")));
    Ok(Used { profile, note })
}

/// Returns a profile as reports show it.
pub(super) fn profile_report(
    session: &Session,
    config: &Config,
    name: &str,
    profile: &Profile,
    used: Option<&Used>,
) -> Result<ProfileReport> {
    let now = session.now();
    let ends = profile.guards.freeze.iter().filter_map(|(window, _)| window.ends(now));
    Ok(ProfileReport {
        name: name.to_owned(),
        url: profile.url.to_string(),
        protected: profile.protected,
        description: profile.description.clone(),
        default: config.default_profile.as_deref() == Some(name),
        used: used.is_some_and(|used| used.profile.as_deref() == Some(name)),
        token: token_source(&session.settings.credentials(name, profile)?),
        frozen_until: ends.max(),
        fields: fields(session, config, profile),
    })
}

/// Returns where a token comes from, and whether it is there.
pub(super) fn token_source(source: &CredentialSource) -> TokenSourceReport {
    let (word, file) = match source {
        CredentialSource::None => ("none", None),
        CredentialSource::Variable(_) => ("variable", None),
        CredentialSource::File { shown, .. } => ("token_file", Some(shown.clone())),
        CredentialSource::Kept(kept) => ("login", Some(kept.shown.clone())),
    };
    let (present, problem) = match source.look() {
        Ok(token) => (token.is_some(), None),
        Err(error) => (false, Some(error.to_string())),
    };
    // Nobody has logged in where nothing is kept.
    let absent = word == "login" && !present && problem.is_none();
    let (source, file) = if absent { ("none", None) } else { (word, file) };
    TokenSourceReport { source, file, present, problem }
}

/// Returns what config.toml says of a profile, key by key.
fn fields(session: &Session, config: &Config, profile: &Profile) -> Vec<ProfileField> {
    let guards = &profile.guards;
    let value = |key: &str| -> Option<String> {
        Some(match key {
            "url" => profile.url.to_string(),
            "token_file" => session.settings.folders.shown(profile.token_file.as_ref()?),
            "protected" => profile.protected.to_string(),
            "description" => profile.description.clone()?,
            "require_reason" => guards.require_reason.is_some().to_string(),
            "max_step" => guards.max_step?.0.to_string(),
            "freeze" => {
                let windows = guards.freeze.iter().map(|(window, _)| window.text());
                windows.collect::<Vec<_>>().join(", ")
            }
            // What is in its address stays with `context show`: there may be a query with names of tables.
            "directory" => "a user directory of its own".to_owned(),
            _ => return None,
        })
    };
    let field = |(key, line): &(String, usize)| {
        let place = format!("{}:{line}", config.shown);
        Some(ProfileField { key: key.clone(), value: value(key)?, place })
    };
    profile.lines.iter().filter_map(field).collect()
}
