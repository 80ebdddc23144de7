//! `ffctl login` and `ffctl logout`: the token of a profile, kept once its server has accepted it.

use std::io::Read;

use crate::admin::{Greeting, Permit, RemoteServer};
use crate::change::{remove_private_file, write_private_file};
use crate::cli::LoginArguments;
use crate::error::{Error, Kind, Result};
use crate::exit;
use crate::report::{LoginReport, Note, TargetReport};
use crate::settings::{Config, CredentialSource, KeptToken, Profile, Token};

use super::session::Session;

/// Bytes of standard input that are read: more than any token.
const LONGEST: u64 = 16 * 1024;
/// A token that ends within so many days is worth a word.
const SOON: i64 = 14;

pub(super) fn login(session: &mut Session, arguments: &LoginArguments) -> Result<u8> {
    if !arguments.misplaced.is_empty() {
        let message = "`ffctl login` takes nothing more on the command line, which every process can read";
        return Err(Error::new(Kind::Usage, message)
            .hint("if that was a token, have it revoked; `ffctl login --profile NAME` asks for it")
            .hint("ffctl login --profile NAME < FILE reads it from standard input"));
    }
    let (name, profile, kept) = profile(session, "`ffctl login`")?;
    if let Some(file) = &profile.token_file {
        let (shown, line) = (session.settings.folders.shown(file), place(session, &profile)?);
        let message = format!("profile `{name}` names a token file of its own, which would win ({line})");
        return Err(Error::new(Kind::Refused, message)
            .hint(format!("write the token into {shown}, or take token_file out of config.toml")));
    }
    let asked_for = format!("token of `{name}` for {}", kept.origin);
    let token = if session.console.can_ask() && session.console.types() {
        Token::parse(&session.console.ask_secret(&format!("{asked_for} (not shown): "))?, "what was typed")?
    } else {
        let mut text = String::new();
        let read = session.stdin()?.take(LONGEST + 1).read_to_string(&mut text);
        read.map_err(|error| {
            Error::new(Kind::Credentials, "standard input cannot be read as text").caused_by(error)
        })?;
        if text.len() as u64 > LONGEST {
            return Err(Error::new(Kind::Credentials, "standard input: it is too long for a token"));
        }
        Token::parse(&text, "standard input")?
    };
    let options = session.client_options(&profile.url)?;
    let credentials = CredentialSource::Variable(token.clone());
    let server = RemoteServer::new(profile.url.clone(), Some(name), credentials, session.settings.limits()?)
        .with_options(options);
    let greeting = server.whoami()?;
    let mut notes: Vec<Note> = session.settings.notes().into_iter().map(Note::new).collect();
    notes.extend(of_greeting(session, &greeting));
    write_private_file(&permit()?, &kept.path, &kept.shown, &kept.text(&token))?;
    // As every later command will read it.
    let back = CredentialSource::Kept(kept.clone()).load()?;
    if back.as_ref() != Some(&token) {
        let message = format!("the token file `{}` holds something else now", kept.shown);
        return Err(Error::new(Kind::Local, message));
    }
    session.notes(&notes);
    let report = report(TargetReport::from(server.label()), &kept, "kept", Some(greeting), notes);
    session.emit(&report)?;
    Ok(exit::DONE)
}

pub(super) fn logout(session: &mut Session) -> Result<u8> {
    let (name, profile, kept) = profile(session, "`ffctl logout`")?;
    let found = remove_private_file(&permit()?, &kept.path, &kept.shown)?;
    let mut notes: Vec<Note> = session.settings.notes().into_iter().map(Note::new).collect();
    if profile.token_file.is_some() {
        let message = format!("profile `{name}` names a token file of its own, which stays");
        notes.push(Note::new(message).hint(format!("ffctl profile show {name}")));
    }
    session.notes(&notes);
    let limits = session.settings.limits()?;
    let server = RemoteServer::new(profile.url, Some(name), CredentialSource::None, limits);
    let outcome = if found { "forgotten" } else { "unchanged" };
    let report = report(TargetReport::from(server.label()), &kept, outcome, None, notes);
    session.emit(&report)?;
    Ok(exit::DONE)
}

fn permit() -> Result<Permit> {
    Permit::unless_dry_run(false)
        .ok_or_else(|| Error::new(Kind::Bug, "a run that is no dry run has no permit"))
}

/// Returns the profile that is meant, and where its token is kept.
fn profile(session: &Session, who: &str) -> Result<(String, Profile, KeptToken)> {
    let unused = ["--flags", "--env-file", "--local", "--store", "--offline", "--max-age"];
    session.has_no_use_for(&format!("{who} is about the token of a profile and"), &unused)?;
    let settings = &session.settings;
    let config = settings.config()?;
    let named = match &settings.options.profile {
        Some(name) => Some((name.clone(), "`--profile`")),
        None => settings
            .variables
            .filled("FFCTL_PROFILE")?
            .map(|name| (name.to_owned(), "variable `FFCTL_PROFILE`")),
    };
    if named.is_none() && settings.variables.filled("FFCTL_ADMIN_URL")?.is_some() {
        let message =
            "variable `FFCTL_ADMIN_URL` names the server, and its token is FFCTL_TOKEN or FFCTL_TOKEN_FILE";
        return Err(Error::new(Kind::Usage, message)
            .hint("ffctl profile add NAME URL, then ffctl login --profile NAME"));
    }
    let (name, named_by) = named
        .or_else(|| config.default_profile.clone().map(|name| (name, "`default_profile`")))
        .ok_or_else(|| no_profile(&config))?;
    let profile = config.profile(&name, named_by)?.clone();
    let kept = settings.kept_token(&name, &profile.url)?.ok_or_else(|| {
        Error::new(Kind::Local, "this system names no folder to keep a token in")
            .hint("FFCTL_STATE_DIR names one")
    })?;
    Ok((name, profile, kept))
}

fn no_profile(config: &Config) -> Error {
    let error = Error::new(Kind::Usage, "which profile? None is the default one");
    match config.profiles.keys().next() {
        Some(name) => error.hint(format!("ffctl login --profile {name}")),
        None => error.hint("ffctl profile add NAME URL adds one"),
    }
}

/// Returns where the token file of a profile is named.
fn place(session: &Session, profile: &Profile) -> Result<String> {
    let line = profile.line("token_file").unwrap_or(1);
    Ok(format!("{}:{line}", session.settings.config()?.shown))
}

fn of_greeting(session: &Session, greeting: &Greeting) -> Vec<Note> {
    let Some(identity) = &greeting.identity else {
        return vec![Note::new("the server accepts it and does not tell whose it is")];
    };
    let ends =
        identity.expires_at.filter(|ends| session.now().days_until(*ends).is_some_and(|days| days < SOON));
    ends.map(|ends| Note::new(format!("the token ends {}", crate::answer::words::when(ends, session.now()))))
        .into_iter()
        .collect()
}

fn report(
    target: TargetReport,
    kept: &KeptToken,
    outcome: &'static str,
    greeting: Option<Greeting>,
    notes: Vec<Note>,
) -> LoginReport {
    let (identity, server) = greeting.map_or((None, None), |greeting| (greeting.identity, greeting.server));
    LoginReport {
        target,
        outcome,
        origin: kept.origin.clone(),
        file: kept.shown.clone(),
        role: identity.as_ref().and_then(|one| one.role).map(|role| role.word().to_owned()),
        expires_at: identity.as_ref().and_then(|one| one.expires_at),
        name: identity.map(|one| one.name),
        server,
        notes,
    }
}
