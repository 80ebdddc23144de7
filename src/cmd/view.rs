//! `--view`: whose word on a switch counts.

use crate::cli::{BucketingAction, Command};
use crate::error::{Error, Kind, Result};
use crate::exit;
use crate::layer::{AdminLayer, Freshness, TargetKind, View};
use crate::report::Note;

use super::load::Loaded;
use super::session::Session;

/// Returns why a command has no use for `--view`; none if it answers by it.
const fn refusal(command: &Command) -> Option<&'static str> {
    match command {
        Command::List(_)
        | Command::Get(_)
        | Command::Explain(_)
        | Command::SimulateRollout(_)
        | Command::VariantForUser(_)
        | Command::Check(_)
        | Command::Watch(_)
        | Command::Diff(_) => None,
        Command::Drift(_) => Some("both sides are compared, whoever is right"),
        Command::Snapshot(_) => Some("an override is the same, whoever sees it otherwise"),
        Command::Bucketing(arguments) => match arguments.action {
            BucketingAction::Migrate(_) => None,
            BucketingAction::List | BucketingAction::Show(_) | BucketingAction::Infer(_) => {
                Some("an algorithm is the same, whoever sees the flags otherwise")
            }
        },
        Command::Set(_) | Command::Unset(_) | Command::Undo(_) | Command::Remove(_) => {
            Some("a change is made of what the layers say, whoever sees them otherwise")
        }
        Command::Serve(_) => Some("a server's own view is the only one it has"),
        Command::Context(_) => Some("what is known of a user has no switch"),
        Command::Init(_) => Some("`ffctl init` writes a file"),
        Command::History(_) => Some("a journal tells what was changed, whoever sees it otherwise"),
        Command::Journal(_) => Some("a journal is the same, whoever sees its changes otherwise"),
        Command::Token(_) => Some("tokens have nothing to do with what flags are"),
        Command::Profile(_) => Some("profiles are the same, whoever sees the flags otherwise"),
        Command::Login(_) | Command::Logout(_) => Some("a token has nothing to do with what flags are"),
        Command::Doctor(_) => Some("`ffctl doctor` looks at no flag's value"),
        Command::Lint(_) => Some("`ffctl lint` reads files and variables"),
        Command::Completions(_) => Some("the script is the same everywhere"),
        Command::Man(_) => Some("the pages are the same everywhere"),
    }
}

/// Refuses `--view` where it would change nothing.
pub(super) fn takes_view(command: &Command, view: Option<View>) -> Result<()> {
    match refusal(command).filter(|_| view.is_some()) {
        None => Ok(()),
        Some(why) => Err(Error::new(Kind::Usage, format!("--view: {why}")).hint("leave out --view")),
    }
}

impl Session {
    /// Lets the view count that `--view` chose.
    ///
    /// # Errors
    /// When that is the server's and there is none: of a local store, or since nobody was asked.
    pub(super) fn choose_view(&self, admin: &mut AdminLayer) -> Result<()> {
        admin.view = self.view;
        if self.view != Some(View::Server) {
            return Ok(());
        }
        match (admin.target.kind, admin.freshness) {
            (TargetKind::Local, _) => {
                let message = format!("--view server: the target is the {}", admin.target);
                Err(Error::new(Kind::Usage, message).hint("name a server with --profile NAME"))
            }
            (TargetKind::Database, _) => {
                let message = format!("--view server: the target is {}, no server", admin.target);
                Err(Error::new(Kind::Usage, message).hint("name a server with --profile NAME"))
            }
            (TargetKind::Server, Freshness::NotAsked) => {
                let message =
                    format!("{}: its own view counts (--view server), and it was not asked", admin.target);
                Err(Error::new(Kind::Unreachable, message).hint("leave out --offline, or --view server"))
            }
            (TargetKind::Server, Freshness::Live | Freshness::Cached(_)) => Ok(()),
        }
    }
}

impl Loaded {
    /// Returns what is worth a word of flags that the server sees otherwise, or what they need, where nobody has chosen
    /// whose word counts.
    pub(super) fn drift_notes<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Vec<Note> {
        if self.admin.view.is_some() {
            return Vec::new();
        }
        let layers = self.layers();
        let mut seen: Vec<String> = Vec::new();
        let mut notes = Vec::new();
        for drift in names.into_iter().flat_map(|name| layers.drifts(name)) {
            let flag = drift.flag.to_string();
            if !seen.contains(&flag) {
                let note = Note::new(format!("drift of `{flag}`: {drift}"));
                notes.push(note.hint("--view checkout or --view server chooses whose word counts"));
                seen.push(flag);
            }
        }
        notes
    }

    /// Returns the exit code of an answer about flags that is itself an exit code: drift where the server sees one
    /// of them, or what it needs, otherwise, and nobody has chosen whose word counts; else done.
    pub(super) fn drift_code<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> u8 {
        let layers = self.layers();
        let drifts = |name| !layers.drifts(name).is_empty();
        let unchosen = self.admin.view.is_none();
        if unchosen && names.into_iter().any(drifts) { exit::code(Kind::Drift) } else { exit::DONE }
    }
}
