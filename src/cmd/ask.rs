//! Asking the target for the admin layer: live, or as old as the run allows.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use crate::admin::{Cache, Cached, ClientOptions, Target};
use crate::error::{Error, Kind, Result};
use crate::layer::{AdminLayer, Freshness, TargetLabel};
use crate::net::Retries;
use crate::report::Note;
use crate::settings::{AdminUrl, TargetChoice, TargetPlace, TimeLimits, older_than};

use super::load::{Fresh, Needs};
use super::session::Session;

impl Session {
    /// Returns the target of a choice, ready to be asked.
    ///
    /// # Errors
    /// When the variable of the cache's folder is empty, or that of the proxy names none.
    pub(super) fn target_of(&self, choice: &TargetChoice, limits: TimeLimits) -> Result<Target> {
        let target = Target::new(choice, limits);
        let TargetPlace::Server { url, .. } = &choice.place else { return Ok(target) };
        Ok(target.with_options(self.client_options(url)?))
    }

    /// Returns what this run gives a client of the server at this address.
    ///
    /// # Errors
    /// When the variable of the cache's folder is empty, or that of the proxy names none.
    pub(super) fn client_options(&self, url: &AdminUrl) -> Result<ClientOptions> {
        Ok(ClientOptions {
            cache: self.cache()?,
            proxy: if self.offline { None } else { self.settings.proxy(url)? },
            // Any seed will do, as long as runs that start together have others.
            retries: Some(Retries {
                sleep: self.sleep,
                seed: RandomState::new().hash_one(std::process::id()),
            }),
            clock: Some(self.clock),
            states: self.states,
        })
    }

    /// Asks the target for the admin layer, as far as it may be asked.
    pub(super) fn admin_layer(
        &self,
        target: &Target,
        needs: &Needs<'_>,
        notes: &mut Vec<Note>,
    ) -> Result<AdminLayer> {
        let not_asked = || AdminLayer::empty(target.label().clone(), Freshness::NotAsked);
        if target.label().kind.is_remote() && !needs.overriding.is_empty() {
            self.refuse_memory(target.label())?;
        }
        let accepted = self.max_age.or((needs.fresh == Fresh::Usual).then_some(Cache::LONGEST));
        if self.offline && target.label().kind.is_remote() {
            return unasked(target, needs.fresh != Fresh::Usual, accepted, notes);
        }
        let read = if needs.fresh == Fresh::OnlyLive {
            target.read()
        } else if needs.overriding.is_empty() {
            target.read_accepting(accepted)
        } else {
            target.read_for_change(needs.overriding)
        };
        match read {
            Err(error)
                if needs.admin_if_any
                    && matches!(error.kind(), Kind::Unreachable | Kind::Credentials | Kind::Stale) =>
            {
                let message =
                    format!("whether an override masks this change is unknown: {}", error.message());
                notes.push(Note::new(message));
                Ok(not_asked())
            }
            read => read,
        }
    }

    /// Refuses the options that take an answer of earlier: a change must ask.
    ///
    /// # Errors
    /// Kind `Usage` if one was given.
    pub(super) fn refuse_memory(&self, target: &TargetLabel) -> Result<()> {
        let option = [("--offline", self.offline), ("--max-age", self.max_age.is_some())];
        let Some((option, _)) = option.into_iter().find(|(_, given)| *given) else { return Ok(()) };
        let message = format!("{option} takes an answer of earlier, and a change must ask {target}");
        Err(Error::new(Kind::Usage, message)
            .hint(format!("leave out {option}, or change the local store with --local")))
    }

    /// Returns where good answers of servers are kept; nowhere where the system names no folder.
    pub(super) fn cache(&self) -> Result<Option<Cache>> {
        Ok(self.settings.cache_folder()?.map(|folder| Cache::new(folder, self.clock)))
    }
}

/// Returns the admin layer of a server that may not be asked: its last answer, else nothing of it.
fn unasked(
    target: &Target,
    live: bool,
    accepted: Option<Duration>,
    notes: &mut Vec<Note>,
) -> Result<AdminLayer> {
    let label = target.label();
    if accepted.is_none() {
        let message = format!("--offline asks no server, and the exit code is to say what {label} says now");
        return Err(Error::new(Kind::Usage, message).hint("--max-age 24h accepts its last answer"));
    }
    let (kind, why) = match target.cached(accepted)? {
        Cached::Layer(layer) => return Ok(layer),
        Cached::TooOld(age) => {
            let old = older_than(age, accepted.unwrap_or_default());
            (Kind::Stale, Some(format!("its last answer is {old}")))
        }
        Cached::Nothing(None) => (Kind::Unreachable, None),
        Cached::Nothing(Some(why)) => {
            (Kind::Unreachable, Some(format!("its last answer cannot be used: {why}")))
        }
    };
    if live {
        let why = why.unwrap_or_else(|| "it has given no answer yet".to_owned());
        return Err(Error::new(kind, format!("{label}: not asked (--offline), and {why}")));
    }
    notes.extend(why.map(|why| Note::new(format!("{label}: {why}; only the layers below count"))));
    Ok(AdminLayer::empty(label.clone(), Freshness::NotAsked))
}
