//! The server of the target: reached, its API, the token's right, its clock, its certificate.

use std::time::Duration;

use crate::admin::{ClientOptions, Greeting, RemoteServer, Role};
use crate::answer::words::when;
use crate::cmd::session::Session;
use crate::error::Result;
use crate::model::Timestamp;
use crate::settings::{TargetChoice, TargetPlace};

use super::findings::Findings;
use super::run::Ground;

/// Seconds that two clocks may differ: a server tells whole ones, and a request takes its time.
const APART: i64 = 5;
/// What ends within so many days is worth a look.
const SOON: i64 = 14;

pub(super) fn check(session: &Session, ground: &Ground, findings: &mut Findings) {
    findings.begin("server");
    let Some(choice) = &ground.choice else { return };
    let TargetPlace::Server { url, profile, credentials } = &choice.place else { return };
    if session.offline {
        return findings.skipped(format!("{url} was not asked (--offline)"));
    }
    // What is wrong with the token has been said, and without it nothing else can be told.
    if credentials.look().is_err() {
        return findings.skipped(format!("{url} is not asked before there is a token"));
    }
    match asked(session, choice) {
        Err(error) => findings.wrong(&error, None),
        Ok((greeting, begin, end)) => {
            let login = profile.as_ref().map(|name| format!("ffctl login --profile {name}"));
            told(&greeting, (begin, end), login, findings);
        }
    }
}

/// Asks once, and returns what it says and when that began and ended.
fn asked(session: &Session, choice: &TargetChoice) -> Result<(Greeting, Timestamp, Timestamp)> {
    let TargetPlace::Server { url, profile, credentials } = &choice.place else {
        return Err(crate::error::Error::new(crate::error::Kind::Bug, "a local store is no server"));
    };
    let limits = session.settings.limits()?;
    let options = ClientOptions { retries: None, cache: None, ..session.client_options(url)? };
    let server = RemoteServer::new(url.clone(), profile.clone(), credentials.clone(), limits);
    let server = server.with_options(options);
    let begin = session.now();
    let greeting = server.whoami()?;
    Ok((greeting, begin, session.now()))
}

fn told(
    greeting: &Greeting,
    (begin, end): (Timestamp, Timestamp),
    login: Option<String>,
    findings: &mut Findings,
) {
    let took = Duration::from_millis(u64::try_from(end.millis() - begin.millis()).unwrap_or_default());
    let program = greeting.server.as_ref().map(|program| format!(", {program}")).unwrap_or_default();
    findings.ok(format!("its admin API answers in {} ms{program}", took.as_millis()), None);
    match &greeting.identity {
        None => findings.ok("it lets this run in and does not tell as whom", None),
        Some(identity) => {
            let role = identity.role.map_or("a role that is not known here", Role::word);
            findings.ok(format!("it accepts the token of `{}`: {role}", identity.name), None);
            let ends = identity.expires_at.filter(|ends| is_soon(*ends, end));
            if let Some(ends) = ends {
                findings.warning(format!("that token ends {}", when(ends, end)), None, login);
            }
        }
    }
    clock(greeting.date, begin, end, findings);
    match greeting.certificate_ends {
        None => {}
        Some(ends) if is_soon(ends, end) => {
            let message = format!("its certificate ends {}", when(ends, end));
            findings.warning(message, None, Some("renew it, or tell who runs the server".to_owned()));
        }
        Some(ends) => findings.ok(format!("its certificate is good until {}", ends.date()), None),
    }
}

fn is_soon(ends: Timestamp, now: Timestamp) -> bool {
    now.days_until(ends).is_none_or(|days| days < SOON)
}

/// Compares the clocks: what ends by itself, ends by the server's.
fn clock(date: Option<Timestamp>, begin: Timestamp, end: Timestamp, findings: &mut Findings) {
    let Some(date) = date.filter(|date| date.millis() > 0 && end >= Timestamp::from_millis(0)) else {
        return findings.ok("it does not tell its time", None);
    };
    // Its second lies somewhere between begin and end, as its clock sees it.
    let early = begin.millis() - (date.millis() + 999);
    let late = date.millis() - end.millis();
    let apart = early.max(late).max(0) / 1000;
    if apart <= APART {
        return findings.ok("its clock and the one here agree", None);
    }
    let which = if early > late { "behind" } else { "ahead of" };
    let message = format!("its clock is {apart}s {which} the one here");
    let fix = "set the clock that is wrong: `timedatectl` shows the one here";
    findings.warning(message, None, Some(fix.to_owned()));
}
