//! The user directory of a run, and contexts with what it knows of their user.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::time::Duration;

use crate::answer::context_report;
use crate::cli::ContextArguments;
use crate::directory::{CacheLimits, Directory, DirectoryOptions, Lookup};
use crate::error::{Error, Kind, Result};
use crate::model::{Context, ContextKind, Timestamp};
use crate::net::Retries;
use crate::report::{ContextReport, DirectoryReport, Note};
use crate::settings::{DirectoryChoice, DirectoryPlace, TargetChoice, TimeLimits};

use super::session::Session;

/// The longest that a server looks a user up, whether or not somebody still waits for it.
const LOOKUP_OF_SERVER: Duration = Duration::from_secs(5);

/// A context with all that is known of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    /// The context.
    pub(super) context: Context,
    /// What came of the lookup, where there was one.
    pub(super) directory: Option<DirectoryReport>,
}

impl Known {
    /// Returns the report of the context.
    pub(super) fn report(&self, at: Timestamp) -> ContextReport {
        context_report(&self.context, at).with_directory(self.directory.clone())
    }

    /// Returns the user's key.
    fn user(&self) -> &str {
        self.context.key(&ContextKind::user()).unwrap_or_default()
    }

    /// Returns what is worth a word: that there is no record, and what in it cannot be used.
    pub(super) fn notes(&self) -> Vec<Note> {
        /// How many odd things are told one by one.
        const FEW: usize = 10;
        let Some(directory) = &self.directory else { return Vec::new() };
        let (user, address) = (self.user(), &directory.address);
        let mut notes = Vec::new();
        if directory.state == "bare" {
            let message = match &directory.message {
                Some(why) => format!("no record of user {user} from the directory {address}: {why}"),
                None => format!("the directory {address} knows no user {user}"),
            };
            notes.push(Note::new(format!("{message}; only the key counts")));
        }
        for odd in directory.odd.iter().take(FEW) {
            let message = format!("in the record of user {user}: {}: {}", odd.field, odd.message);
            notes.push(Note::new(message));
        }
        if directory.odd.len() > FEW {
            let more = directory.odd.len() - FEW;
            notes.push(Note::new(format!("in the record of user {user}: {more} more odd things")));
        }
        notes
    }
}

impl Session {
    /// Returns the context with what the directory knows of its user, if `--directory` asks for it.
    ///
    /// # Errors
    /// When it names no user, or there is no directory to ask. A lookup that fails is none: the key remains.
    pub(super) fn known(
        &mut self,
        arguments: &ContextArguments,
        context: Option<Context>,
        target: &TargetChoice,
    ) -> Result<Option<Known>> {
        if !arguments.directory {
            return Ok(context.map(|context| Known { context, directory: None }));
        }
        let context = context.unwrap_or_default();
        let key = context.key(&ContextKind::user()).ok_or_else(nobody)?;
        self.look_up(key, &context, target).map(Some)
    }

    /// Returns what the directory knows of a user, with what the caller says on top.
    ///
    /// # Errors
    /// When there is no directory to ask.
    pub(super) fn look_up(&mut self, key: &str, caller: &Context, target: &TargetChoice) -> Result<Known> {
        let (directory, lookup) = self.record(key, target)?;
        let directory = DirectoryReport::new(directory, &lookup);
        Ok(Known { context: lookup.context_with(caller), directory: Some(directory) })
    }

    /// Looks up a user.
    pub(super) fn record(&mut self, key: &str, target: &TargetChoice) -> Result<(&Directory, Lookup)> {
        if self.directory.is_none() {
            self.directory = Some(self.open_directory(target)?.ok_or_else(none_set_up)?);
        }
        let directory = self.directory.as_ref().ok_or_else(none_set_up)?;
        Ok((directory, directory.lookup(key)))
    }

    /// Opens the directory that goes with a target; none where none is set up.
    fn open_directory(&mut self, target: &TargetChoice) -> Result<Option<Directory>> {
        if self.offline {
            let message = "--offline asks nobody, and --directory asks the user directory";
            return Err(Error::new(Kind::Usage, message).hint("leave out one of them"));
        }
        let Some(choice) = self.settings.directory(Some(target))? else { return Ok(None) };
        // Any seed will do, as long as runs that start together have others.
        let seed = RandomState::new().hash_one(std::process::id());
        let limits = self.settings.limits()?;
        self.open_choice(&choice, limits, Some(Retries { sleep: self.sleep, seed })).map(Some)
    }

    /// Opens the directory of a server: the one of this address, else the one that is set up. What fails is not asked
    /// again: the next evaluation is.
    ///
    /// # Errors
    /// When there is none to ask, or its credentials cannot be read.
    pub(super) fn directory_of_server(&mut self, url: &str) -> Result<Directory> {
        let choice = match url {
            "" => self.settings.directory(None)?.ok_or_else(none_set_up)?,
            url => self.settings.directory_at(url)?,
        };
        // A server that is to end waits for the lookups under way.
        let limits = self.settings.limits()?.within(LOOKUP_OF_SERVER);
        self.open_choice(&choice, limits, None)
    }

    fn open_choice(
        &mut self,
        choice: &DirectoryChoice,
        limits: TimeLimits,
        retries: Option<Retries>,
    ) -> Result<Directory> {
        for note in &choice.notes {
            self.note(&Note::new(note));
        }
        let proxy = match &choice.place {
            DirectoryPlace::Http(url) => self.settings.proxy_of_directory(url)?,
            DirectoryPlace::Postgres { .. } => None,
        };
        let options = DirectoryOptions {
            limits,
            proxy,
            retries,
            clock: Some(self.clock),
            cache: CacheLimits::default(),
        };
        Directory::open(choice, options)
    }

    /// Tells whether a user directory is set up.
    ///
    /// # Errors
    /// When a variable or config.toml is wrong.
    pub(super) fn has_directory(&self, target: &TargetChoice) -> Result<bool> {
        self.settings.directory(Some(target)).map(|choice| choice.is_some())
    }
}

/// Returns the error of a lookup of nobody.
pub(super) fn nobody() -> Error {
    Error::new(Kind::Usage, "--directory looks up a user, and none is named").hint("name one with --user KEY")
}

fn none_set_up() -> Error {
    Error::new(Kind::Invalid, "--directory: no user directory is set up")
        .hint("FFCTL_DIRECTORY='https://people.example.com/users/{id}'")
        .hint("or [directory] with its url in config.toml")
}
