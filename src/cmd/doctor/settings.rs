//! Options, variables, the target and its token.

use crate::cmd::profile::token_source;
use crate::cmd::session::Session;
use crate::error::{Error, Kind};
use crate::settings::{ChosenBy, CredentialSource, KNOWN_VARIABLES, TargetChoice, TargetPlace};

use super::findings::Findings;
use super::run::Ground;

/// The variables whose values may be shown: none of them can hold a secret.
const SHOWN: [&str; 12] = [
    "FFCTL_CACHE_DIR",
    "FFCTL_COLOR",
    "FFCTL_CONFIG",
    "FFCTL_ENV_FILE",
    "FFCTL_FLAGS",
    "FFCTL_OUTPUT",
    "FFCTL_PROFILE",
    "FFCTL_STATE_DIR",
    "FFCTL_STORE",
    "FFCTL_TIMEOUT",
    "FFCTL_TOKEN_FILE",
    "FFCTL_DIRECTORY_TOKEN_FILE",
];

/// Looks at the variables of the tool itself.
pub(super) fn check(session: &Session, findings: &mut Findings) {
    findings.begin("settings");
    let settings = &session.settings;
    let mut set = 0;
    for known in KNOWN_VARIABLES {
        let value = match settings.variables.text(known.name) {
            Ok(None) => continue,
            Ok(Some(value)) => value,
            Err(error) => {
                findings.wrong(&error, None);
                continue;
            }
        };
        set += 1;
        let shown = if SHOWN.contains(&known.name) || value.is_empty() {
            format!("{} is `{}`", known.name, value.trim())
        } else {
            format!("{} is set", known.name)
        };
        findings.ok(shown, Some(format!("variable {}", known.name)));
    }
    if set == 0 {
        findings.ok("no variable of ffctl is set", None);
    }
    for note in settings.notes() {
        findings.warning(note, None, None);
    }
    let read = [
        settings.limits().map(drop),
        settings.output().map(drop),
        settings.cache_folder().map(drop),
        settings.env_file().map(drop),
    ];
    for error in read.into_iter().filter_map(Result::err) {
        findings.wrong(&error, None);
    }
}

/// Looks at what is spoken to, and who chose it.
pub(super) fn check_target(
    session: &Session,
    choice: Result<&TargetChoice, &Error>,
    findings: &mut Findings,
) {
    findings.begin("target");
    let choice = match choice {
        Ok(choice) => choice,
        // What is wrong with config.toml has been said.
        Err(error) if !error.diagnostics().is_empty() => {
            findings.skipped("what is spoken to cannot be told before config.toml is mended");
            return;
        }
        Err(error) if nowhere(session) && error.kind() == Kind::Invalid => {
            findings.ok("the local store, which belongs to a flags.toml: there is none here", None);
            return;
        }
        Err(error) => {
            findings.wrong(error, None);
            return;
        }
    };
    let what = match &choice.place {
        TargetPlace::Local { shown, .. } => format!("the local store {shown}, no server reads this"),
        TargetPlace::Database { url, .. } => format!("the store in the database {url}"),
        TargetPlace::Server { url, profile: Some(name), .. } => {
            let protected = if choice.protected { ", protected" } else { "" };
            format!("profile `{name}`, {url}{protected}")
        }
        TargetPlace::Server { url, profile: None, .. } => url.to_string(),
    };
    let by = match choice.chosen_by {
        ChosenBy::Option(option) => Some(option.to_owned()),
        ChosenBy::Variable(variable) => Some(format!("variable {variable}")),
        ChosenBy::DefaultProfile => {
            let line = session.settings.config().ok().and_then(|config| config.default_line).unwrap_or(1);
            Some(format!("{}:{line} default_profile", choice.config))
        }
        ChosenBy::Nobody => None,
    };
    findings.ok(what, by);
    let now = session.now();
    for (window, line) in &choice.guards.freeze {
        if let Some(ends) = window.ends(now) {
            let message = format!("it is frozen until {ends}: changes are refused, turning off is not");
            findings.warning(message, Some(format!("{}:{line} freeze", choice.config)), None);
        }
    }
    for note in &choice.notes {
        findings.warning(note.clone(), None, None);
    }
}

/// Tells whether nobody named a target, so that only the place of a local store is missing.
fn nowhere(session: &Session) -> bool {
    let options = &session.settings.options;
    let named = |name| !matches!(session.settings.variables.text(name), Ok(None));
    let variables = ["FFCTL_PROFILE", "FFCTL_ADMIN_URL", "FFCTL_STORE", "FFCTL_FLAGS"];
    !options.local
        && options.profile.is_none()
        && options.flags.is_none()
        && !variables.into_iter().any(named)
}

/// Looks at the token of the target, without showing it.
pub(super) fn check_token(session: &Session, ground: &Ground, findings: &mut Findings) {
    findings.begin("token");
    let Some(TargetPlace::Server { profile, credentials, .. }) =
        ground.choice.as_ref().map(|choice| &choice.place)
    else {
        return;
    };
    let login = profile.as_ref().map(|name| format!("ffctl login --profile {name}"));
    if let Err(error) = credentials.look() {
        findings.wrong(&error, None);
        return;
    }
    let found = token_source(credentials);
    let file = found.file.unwrap_or_default();
    match (found.source, credentials) {
        // Whether one is needed, the server tells.
        ("none", _) | (_, CredentialSource::None) if !session.offline => findings.ok("there is none", None),
        ("none", _) | (_, CredentialSource::None) => findings.warning(
            "there is none; a server of ffctl asks for one",
            None,
            login.or_else(|| Some("set FFCTL_TOKEN_FILE to a file with it".to_owned())),
        ),
        ("variable", _) => findings.ok("it stands in a variable", Some("variable FFCTL_TOKEN".to_owned())),
        ("login", _) => findings.ok("it is kept by `ffctl login`, for this origin alone", Some(file)),
        _ => findings.ok("it stands in a file that only you can read", Some(file)),
    }
}
