//! The user directory, where one is set up.

use crate::cmd::session::Session;
use crate::directory::NoRecord;
use crate::error::{Error, Kind};

use super::findings::Findings;
use super::run::Ground;

/// A user that no directory has: whether it answers is all that is asked.
const NOBODY: &str = "ffctl-doctor";

pub(super) fn check(session: &mut Session, ground: &Ground, findings: &mut Findings) {
    findings.begin("directory");
    let choice = match session.settings.directory(ground.choice.as_ref()) {
        Ok(None) => return,
        Ok(Some(choice)) => choice,
        // What is wrong with config.toml has been said.
        Err(error) if !error.diagnostics().is_empty() => return,
        Err(error) => return findings.wrong(&error, None),
    };
    for note in &choice.notes {
        findings.warning(note.clone(), None, None);
    }
    if let Err(error) = choice.credentials.look() {
        return findings.wrong(&error, None);
    }
    let (Some(target), false) = (&ground.choice, session.offline) else {
        return findings.skipped(format!("{choice} was not asked"));
    };
    match session.record(NOBODY, target) {
        Err(error) => findings.wrong(&error, None),
        Ok((directory, lookup)) => match lookup.bare() {
            None | Some(NoRecord::NoSuchUser) => findings.ok("it answers", Some(directory.name().to_owned())),
            Some(NoRecord::Failed(why) | NoRecord::Away(why)) => {
                let error = Error::new(Kind::Unreachable, why.clone());
                let name = directory.name().to_owned();
                findings.wrong(&error.hint("ffctl context show USER shows what it says"), Some(name));
            }
        },
    }
}
