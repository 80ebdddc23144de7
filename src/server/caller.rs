//! Who asks, and whether they may.

use std::time::{Duration, Instant};

use axum::extract::{FromRequestParts, MatchedPath};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use subtle::ConstantTimeEq;

use crate::admin::{Role, SecretDigest, TokenRecord};

use super::peer::Peer;
use super::problem::Problem;
use super::rate::Rate;
use super::state::{Server, Shared};

/// Somebody with a token that counts.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    /// The number of the token.
    pub(super) token: u64,
    /// Its name: who stands in the journal.
    pub(super) name: String,
    /// What it allows.
    pub(super) role: Role,
}

/// A caller who may read.
pub(super) struct Viewer(pub(super) Caller);

/// A caller who may change overrides.
pub(super) struct Editor(pub(super) Caller);

/// A caller who may do everything.
pub(super) struct Administrator(pub(super) Caller);

impl FromRequestParts<Shared> for Viewer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, server: &Shared) -> Result<Self, Problem> {
        caller(parts, server, Role::Viewer).map(Self)
    }
}

impl FromRequestParts<Shared> for Editor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, server: &Shared) -> Result<Self, Problem> {
        caller(parts, server, Role::Editor).map(Self)
    }
}

impl FromRequestParts<Shared> for Administrator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, server: &Shared) -> Result<Self, Problem> {
        caller(parts, server, Role::Admin).map(Self)
    }
}

/// One who may see the metrics: everybody, where the server says so, else whoever may read.
pub(super) struct Scraper;

impl FromRequestParts<Shared> for Scraper {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, server: &Shared) -> Result<Self, Problem> {
        if !server.metrics_open {
            caller(parts, server, Role::Viewer)?;
        }
        Ok(Self)
    }
}

/// Returns who asks, if their token counts and allows what `needed` allows.
fn caller(parts: &Parts, server: &Shared, needed: Role) -> Result<Caller, Problem> {
    let authorization = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    // Applications ask as often as their users do: evaluation has a limit of its own.
    let route = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let evaluates = route.contains("/evaluate");
    let rate = if evaluates { &server.evaluation_rate } else { &server.rate };
    authorized(authorization, server, rate.as_ref(), needed, parts.extensions.get())
}

/// Returns whose `Authorization` that is, if their token counts, allows what `needed` allows, and does not ask too often.
/// Of `peer` it is counted what came with no token of this server's; nothing is without.
///
/// # Errors
/// 401, 429 or 403. Only what comes after 429 was counted by `rate`.
pub(super) fn authorized(
    authorization: Option<&str>,
    server: &Shared,
    rate: Option<&Rate>,
    needed: Role,
    peer: Option<&Peer>,
) -> Result<Caller, Problem> {
    let presented = authorization.and_then(bearer).ok_or_else(|| {
        let detail = "send `Authorization: Bearer TOKEN`; `ffctl token create` makes one";
        unauthorized("no_token", detail)
    })?;
    let caller = known(presented, server).map_err(|why| counted(why, presented, server, peer))?;
    limited(rate, caller.token)?;
    if caller.role < needed {
        let detail = format!("this token is a {}'s; this takes the role {needed}", caller.role);
        return Err(Problem::new(StatusCode::FORBIDDEN, "role", detail));
    }
    Ok(caller)
}

/// Why a token lets nobody in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unknown {
    /// It is none of this server's.
    Stranger,
    /// It was revoked or has expired.
    Ended,
}

impl Unknown {
    /// Returns why, in words.
    pub(super) const fn detail(self) -> &'static str {
        match self {
            Self::Stranger => "this token is none of this server's",
            Self::Ended => "this token was revoked or has expired",
        }
    }
}

impl From<Unknown> for Problem {
    fn from(why: Unknown) -> Self {
        let code = match why {
            Unknown::Stranger => "unknown_token",
            Unknown::Ended => "invalid_token",
        };
        unauthorized(code, why.detail())
    }
}

/// Returns the answer to somebody who is not let in; 429 to who has tried too many tokens that are none of this server's.
pub(super) fn counted(why: Unknown, presented: &str, server: &Server, peer: Option<&Peer>) -> Problem {
    let Some(peer) = peer.filter(|_| why == Unknown::Stranger) else { return why.into() };
    match server.strangers.came(*peer, SecretDigest::of(presented), Instant::now()) {
        Ok(()) => why.into(),
        Err(wait) => {
            let detail =
                "too many tokens that are none of this server's come from this address; come back later";
            too_many(detail, wait)
        }
    }
}

/// Returns whose token that is, if it counts.
///
/// # Errors
/// Why it does not.
pub(super) fn known(presented: &str, server: &Server) -> Result<Caller, Unknown> {
    let digest = SecretDigest::of(presented);
    let snapshot = server.snapshot();
    // Found by the digest, not by the secret; the comparison takes as long whatever it finds.
    let known = snapshot.tokens.get(&digest).filter(|record| record.token.digest.0.ct_eq(&digest.0).into());
    let record: &TokenRecord = known.ok_or(Unknown::Stranger)?;
    if !record.is_valid(server.now()) {
        return Err(Unknown::Ended);
    }
    Ok(Caller { token: record.number, name: record.token.name.clone(), role: record.token.role })
}

/// Refuses a token that asks too often.
pub(super) fn limited(rate: Option<&Rate>, token: u64) -> Result<(), Problem> {
    let Some(Err(wait)) = rate.map(|rate| rate.take(token, Instant::now())) else {
        return Ok(());
    };
    Err(too_many("this token asks too often; come back later", wait))
}

fn too_many(detail: &str, wait: Duration) -> Problem {
    let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many", detail);
    problem.header(header::RETRY_AFTER, HeaderValue::from(whole_seconds(wait)))
}

/// Returns the seconds to wait, the last one whole.
pub(super) fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim()).filter(|token| !token.is_empty())
}

pub(super) fn unauthorized(code: &'static str, detail: &str) -> Problem {
    let challenge = HeaderValue::from_static("Bearer realm=\"ffctl\"");
    Problem::new(StatusCode::UNAUTHORIZED, code, detail).header(header::WWW_AUTHENTICATE, challenge)
}
