//! config.toml, flags.toml and the `FF_*` variables.

use std::path::Path;

use crate::cmd::load::{env_note, read_definitions, variables};
use crate::cmd::profile::token_source;
use crate::cmd::session::Session;
use crate::error::{Error, Kind};
use crate::flagfile::FlagFile;
use crate::layer::EnvLayer;
use crate::lint::{Severity, Subject, lint};
use crate::output::counted;
use crate::settings::{self, Config, TargetChoice, TargetPlace};

use super::findings::Findings;

/// How many flags are told one by one.
const FEW: usize = 20;

/// Looks at config.toml and the tokens of its profiles.
pub(super) fn check_config(session: &Session, choice: Option<&TargetChoice>, findings: &mut Findings) {
    findings.begin("config");
    let config = match session.settings.config() {
        Ok(config) => config,
        Err(error) => return findings.wrong(&error, None),
    };
    let Some(path) = &config.path else {
        return findings.warning("this system names no folder for config.toml", None, None);
    };
    if !path.exists() {
        return findings.ok("there is no config.toml, and so no profile", Some(config.shown));
    }
    let default = match (&config.default_profile, config.profiles.len()) {
        (Some(name), _) => format!(", `{name}` is the default"),
        (None, 0) => String::new(),
        (None, _) => ", none is the default".to_owned(),
    };
    let count = counted(config.profiles.len() as u64, "profile");
    findings.ok(format!("{count}{default}"), Some(config.shown.clone()));
    if writable_by_others(path) {
        let message = "others can write it, and it decides where tokens go";
        findings.warning(message, Some(config.shown.clone()), Some(format!("chmod go-w {}", config.shown)));
    }
    let spoken_to = choice.and_then(|choice| match &choice.place {
        TargetPlace::Server { profile, .. } => profile.as_deref(),
        TargetPlace::Local { .. } | TargetPlace::Database { .. } => None,
    });
    check_tokens(session, &config, spoken_to, findings);
}

/// Looks whether the tokens of the other profiles can be read; the one that is spoken to is looked at for itself.
fn check_tokens(session: &Session, config: &Config, spoken_to: Option<&str>, findings: &mut Findings) {
    for (name, profile) in config.profiles.iter().filter(|(name, _)| spoken_to != Some(name.as_str())) {
        let source = match session.settings.credentials(name, profile) {
            Ok(source) => source,
            Err(error) => return findings.wrong(&error, None),
        };
        if let Err(error) = source.look() {
            let place = token_source(&source).file;
            let fix = error.hints().first().cloned();
            findings.warning(format!("profile `{name}`: {error}"), place, fix);
        }
    }
}

/// Tells whether the group or everybody may write a file.
#[cfg(unix)]
fn writable_by_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|found| found.permissions().mode() & 0o022 != 0)
}

#[cfg(not(unix))]
fn writable_by_others(_: &Path) -> bool {
    false
}

/// Looks at flags.toml, and at the variables of its flags.
pub(super) fn check_flags(
    session: &Session,
    found: &Result<settings::FlagFile, Error>,
    choice: Option<&TargetChoice>,
    findings: &mut Findings,
) {
    findings.begin("flags");
    let file = match found.as_ref().map(settings::FlagFile::required) {
        Err(error) => return findings.wrong(error, None),
        Ok(Err(error)) => {
            let fix = error.hints().first().cloned();
            let by_server = choice.is_some_and(|choice| matches!(choice.place, TargetPlace::Server { .. }));
            if by_server {
                return findings.ok(format!("{}; the server knows its flags", error.message()), None);
            }
            return findings.warning(error.message(), None, fix);
        }
        Ok(Ok((path, shown))) => match read_definitions(path, shown) {
            Ok(file) => file,
            Err(error) => return findings.wrong(&error, Some(shown.to_owned())),
        },
    };
    let shown = Some(file.name().to_owned());
    let definitions = file.definitions();
    let flags = counted(definitions.flags.len() as u64, "flag");
    findings.ok(format!("{flags}, no mistake"), shown.clone());
    let lints = lint(Subject { file: &file, environments: &[], today: session.now().date() });
    let count = lints.iter().filter(|finding| finding.severity != Severity::Note).count();
    if count > 0 {
        let message = format!("{} of `ffctl lint`", counted(count as u64, "finding"));
        findings.warning(message, shown, Some("ffctl lint".to_owned()));
    }
    check_variables(session, &file, findings);
}

fn check_variables(session: &Session, file: &FlagFile, findings: &mut Findings) {
    findings.begin("variables");
    let all = match variables(&session.settings, false) {
        Ok(all) => all,
        Err(error) => return findings.wrong(&error, None),
    };
    let layer = EnvLayer::read(file.definitions(), all);
    let (mut set, mut unreadable) = (0, 0);
    for flag in file.definitions().flags.keys() {
        for problem in layer.problems(flag.as_str()) {
            let error = Error::new(Kind::Invalid, problem.message.clone()).hint(problem.fix.clone());
            findings.wrong(&error, Some(problem.origin.to_string()));
            unreadable += 1;
        }
        let Some(values) = layer.values(flag.as_str()) else { continue };
        set += 1;
        let says = values.iter().map(|(field, (value, _))| format!("{field} {value}")).collect::<Vec<_>>();
        let origin = values.values().next().map(|(_, origin)| origin.to_string());
        if set <= FEW {
            findings.ok(format!("`{flag}` is set: {}", says.join(", ")), origin);
        }
    }
    match set {
        0 if unreadable == 0 => findings.ok("no FF_* variable sets a flag", None),
        set if set > FEW => {
            let more = set - FEW;
            findings.ok(format!("{more} more flags are set: `ffctl diff default env` shows them"), None);
        }
        _ => {}
    }
    for note in layer.notes() {
        let note = env_note(note);
        findings.warning(note.message, None, note.hint);
    }
}
