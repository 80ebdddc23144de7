//! Who looks: the token of a cookie, for pages alone.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};

use crate::server::caller::{Caller, counted, known, limited, unauthorized};
use crate::server::problem::Problem;
use crate::server::state::Shared;

/// The cookie with the token. The API never looks at it, so no other site can make a browser call the API.
pub(super) const COOKIE: &str = "ffctl_token";

/// Somebody who has logged in.
pub(super) struct Visitor(pub(super) Caller);

impl FromRequestParts<Shared> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, server: &Shared) -> Result<Self, Response> {
        let Watching(caller) = Watching::from_request_parts(parts, server).await.map_err(|problem| {
            if problem.status() != StatusCode::UNAUTHORIZED {
                return problem.into_response();
            }
            let wanted = parts.uri.path_and_query().map_or("/", |path| path.as_str());
            let next: String = form_urlencoded::byte_serialize(wanted.as_bytes()).collect();
            Redirect::to(&format!("/login?next={next}")).into_response()
        })?;
        Ok(Self(caller))
    }
}

/// Somebody who has logged in, for what a script asks: who has not is told so instead of being led to the login.
pub(super) struct Watching(pub(super) Caller);

impl FromRequestParts<Shared> for Watching {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, server: &Shared) -> Result<Self, Problem> {
        // A visitor without a cookie is one who has not logged in, and guesses nothing.
        let presented =
            cookie(&parts.headers).ok_or_else(|| unauthorized("no_token", "log in to see this page"))?;
        let known = known(presented, server);
        let caller = known.map_err(|why| counted(why, presented, server, parts.extensions.get()))?;
        limited(server.rate.as_ref(), caller.token)?;
        Ok(Self(caller))
    }
}

/// A form that was sent from a page of this server, and from no other site.
pub(super) struct SameOrigin;

impl<S: Sync> FromRequestParts<S> for SameOrigin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let text = |name| parts.headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        let host = text(header::HOST).unwrap_or_default();
        let origin = text(header::ORIGIN).unwrap_or_default();
        let of_origin = origin.split_once("://").map_or("", |(_, host)| host);
        if !host.is_empty() && of_origin.eq_ignore_ascii_case(host) {
            return Ok(Self);
        }
        let detail = "this form was not sent from a page of this server";
        Err(Problem::new(StatusCode::FORBIDDEN, "origin", detail))
    }
}

/// Returns the token of the cookie.
fn cookie(headers: &HeaderMap) -> Option<&str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value)
}
