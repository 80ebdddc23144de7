//! Asking for all flags: live, revalidated, or the last good answer.
//!
//! An answer that was kept goes out as its entity tag, and where the server has nothing newer (304), what was
//! kept is live again. A kept answer itself is given out only when the server could not be reached or failed
//! (5xx): never when it refused the token (then it is forgotten), said no for another reason, or answered
//! something that is no list of flags.

use std::time::{Duration, Instant};

use reqwest::StatusCode;
use reqwest::header::ETAG;

use crate::admin::cache::{CachedAnswer, Slot, Stored};
use crate::error::{Error, Kind, Result};
use crate::layer::{AdminLayer, Freshness};
use crate::settings::{older_than, short_duration};

use super::answer::{Answer, is_entity_tag, same_tag};
use super::flags::layer_of_list;
use super::refusal::Asked;
use super::server::RemoteServer;
use crate::net::Unanswered;

/// The route of the list.
const LIST: [&str; 1] = ["feature-flags"];

/// What is left of a server that is not asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Cached {
    /// Its last good answer.
    Layer(AdminLayer),
    /// One that is older than accepted.
    TooOld(Duration),
    /// None; where there should be one, why it cannot be used.
    Nothing(Option<String>),
}

impl RemoteServer {
    /// Asks for all flags: one request, or two where a revalidation leads to nothing.
    ///
    /// # Errors
    /// When the server cannot be reached in time, refuses, or answers something else than flags.
    pub fn read(&self) -> Result<AdminLayer> {
        self.list().map_err(Error::from)
    }

    /// Asks for all flags; where the server cannot be reached or fails, takes its last good answer if that is no
    /// older than `accepted`. Without `accepted`, only a live answer will do.
    ///
    /// # Errors
    /// As [`RemoteServer::read`]; [`Kind::Stale`] when the only answer left is too old.
    pub fn read_accepting(&self, accepted: Option<Duration>) -> Result<AdminLayer> {
        let error = match self.list() {
            Ok(layer) => return Ok(layer),
            Err(Unanswered { error, fault: false }) => return Err(error),
            Err(Unanswered { error, fault: true }) => error.passing(),
        };
        match self.cached(accepted) {
            Cached::Layer(mut layer) => {
                if let Freshness::Cached(age) = layer.freshness {
                    layer.notes.push(format!("{error}; this is its answer of {} ago", short_duration(age)));
                }
                Ok(layer)
            }
            Cached::TooOld(age) => Err(too_old(&error.to_string(), age, accepted).passing()),
            Cached::Nothing(None) => Err(error),
            Cached::Nothing(Some(why)) => {
                let hints = error.hints().to_vec();
                let message = format!("{error}; its last answer cannot be used: {why}");
                Err(hints.into_iter().fold(Error::new(error.kind(), message).passing(), Error::hint))
            }
        }
    }

    /// Returns the last good answer, asking nobody.
    pub fn cached(&self, accepted: Option<Duration>) -> Cached {
        let slot = match self.slot() {
            Ok(Some(slot)) => slot,
            Ok(None) => return Cached::Nothing(None),
            Err(error) => return Cached::Nothing(Some(error.to_string())),
        };
        let (answer, age) = match slot.read() {
            Stored::Answer(answer, age) => (answer, age),
            Stored::Nothing => return Cached::Nothing(None),
            Stored::Unusable(damage) => return Cached::Nothing(Some(damage.to_string())),
        };
        if !accepted.is_some_and(|accepted| !accepted.is_zero() && age <= accepted) {
            return Cached::TooOld(age);
        }
        match layer_of_list(self.label(), &answer.body, self.transport().options().states) {
            Ok((mut layer, _)) => {
                layer.freshness = Freshness::Cached(age);
                Cached::Layer(layer)
            }
            Err(what) => Cached::Nothing(Some(what)),
        }
    }

    /// Returns the place of the server's answer; none without a cache.
    fn slot(&self) -> Result<Option<Slot>> {
        let Some(cache) = self.cache() else { return Ok(None) };
        let token = self.transport().token()?;
        Ok(Some(cache.slot(&self.transport().address(&LIST), token)))
    }

    /// Forgets the last good answer: it is outdated, or who asks has lost the right to it.
    pub(super) fn forget(&self) {
        if let Ok(Some(slot)) = self.slot() {
            slot.forget();
        }
    }

    fn list(&self) -> std::result::Result<AdminLayer, Unanswered> {
        let slot = self.slot()?;
        let kept = slot.as_ref().and_then(|slot| match slot.read() {
            Stored::Answer(answer, _) if answer.etag.is_some() => Some(answer),
            _ => None,
        });
        let deadline = self.transport().deadline_of_read()?;
        let asked_at = Instant::now();
        let tag = kept.as_ref().and_then(|kept| kept.etag.as_deref());
        let answer = self.transport().ask(&LIST, &[], tag, deadline)?;
        let Some(kept) = kept.filter(|_| answer.status == StatusCode::NOT_MODIFIED) else {
            return self.layer_of(&answer, slot.as_ref(), asked_at);
        };
        if let Some(layer) = self.revalidated(&kept, &answer) {
            if let Some(slot) = slot {
                slot.keep(&kept.body, kept.etag.as_deref(), asked_at.elapsed());
            }
            return Ok(layer);
        }
        let answer = self.transport().ask(&LIST, &[], None, deadline)?;
        self.layer_of(&answer, slot.as_ref(), asked_at)
    }

    /// Returns what was kept as a live answer, unless the server means another version by its 304.
    fn revalidated(&self, kept: &CachedAnswer, answer: &Answer) -> Option<AdminLayer> {
        let confirmed = answer.headers.get(ETAG).is_none_or(|tag| {
            kept.etag.as_ref().is_some_and(|kept| same_tag(kept.as_bytes(), tag.as_bytes()))
        });
        confirmed.then(|| self.layer_of_body(&kept.body).ok()).flatten()
    }

    /// Reads a list, and what it says of the server.
    fn layer_of_body(&self, body: &[u8]) -> std::result::Result<AdminLayer, String> {
        let (layer, beside) = layer_of_list(self.label(), body, self.transport().options().states)?;
        if beside.idempotency_keys {
            self.transport().honours_keys();
        }
        Ok(layer)
    }

    /// Reads a whole answer and keeps it.
    fn layer_of(
        &self,
        answer: &Answer,
        slot: Option<&Slot>,
        asked_at: Instant,
    ) -> std::result::Result<AdminLayer, Unanswered> {
        if !answer.status.is_success() {
            let fault = answer.status.is_server_error();
            return Err(Unanswered { error: self.refused(Asked::Everything, answer), fault });
        }
        let layer = match &answer.body {
            Err(failure) => return Err(self.transport().unanswered(failure.clone().after(answer.attempts))),
            // A part, a promise or nothing at all is no list, whatever the body looks like.
            Ok(_) if !matches!(answer.status.as_u16(), 200 | 203 | 204) => {
                Err(format!("it answered {}", answer.status))
            }
            Ok(body) => answer.content().and_then(|_| self.layer_of_body(body)),
        };
        let layer = layer.map_err(|what| {
            let message = format!("{}: this is not the admin API: {what}", self.label());
            Error::new(Kind::Unreachable, message).hint("is the url right?")
        })?;
        if let (Some(slot), Ok(body)) = (slot, &answer.body)
            && !answer.repeats_the_token()
        {
            let tag =
                answer.headers.get(ETAG).and_then(|tag| tag.to_str().ok()).filter(|tag| is_entity_tag(tag));
            slot.keep(body, tag, asked_at.elapsed());
        }
        Ok(layer)
    }
}

/// Returns the error of a server that is away and whose last answer is too old.
fn too_old(why: &str, age: Duration, accepted: Option<Duration>) -> Error {
    let old = match accepted.filter(|accepted| !accepted.is_zero()) {
        Some(accepted) => older_than(age, accepted),
        None => format!("{} old, and this needs a live one", short_duration(age)),
    };
    let error = Error::new(Kind::Stale, format!("{why}; its last answer is {old}"));
    match enough(age) {
        Some(enough) => error.hint(format!("--max-age {enough} accepts it")),
        None => error,
    }
}

/// Returns the value of `--max-age` that accepts an answer of this age; none is that long after a day.
fn enough(age: Duration) -> Option<String> {
    let minutes = age.as_secs() / 60 + 1;
    match minutes {
        0..=59 => Some(format!("{minutes}m")),
        60..=1439 => Some(format!("{}h", (minutes / 60 + 1).min(24))),
        _ => None,
    }
}
