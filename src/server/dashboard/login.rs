//! Coming with a token and leaving.

use std::time::{Duration, Instant};

use axum::extract::{Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Form};
use maud::{Markup, html};
use serde::Deserialize;

use crate::server::caller::{known, whole_seconds};
use crate::server::peer::Peer;
use crate::server::state::Shared;

use super::layout::bare;
use super::visitor::{COOKIE, SameOrigin};

/// Where one logs in.
pub(in crate::server) const LOGIN: &str = "/login";

/// For twelve hours: a working day, and never over night.
const SECONDS: u32 = 12 * 3600;

#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
pub(super) struct Entry {
    #[serde(default)]
    token: String,
    #[serde(default)]
    next: String,
}

pub(super) async fn page(Query(wanted): Query<Wanted>) -> Markup {
    form(&wanted.next, None)
}

pub(super) async fn enter(
    _: SameOrigin,
    State(server): State<Shared>,
    Extension(peer): Extension<Peer>,
    Form(entry): Form<Entry>,
) -> Response {
    if let Err(wait) = server.logins.look(&peer, Instant::now()) {
        return too_many(&entry.next, wait);
    }
    let token = entry.token.trim();
    if let Err(refused) = known(token, &server) {
        // Only what fails is counted.
        if let Err(wait) = server.logins.take(peer, Instant::now()) {
            return too_many(&entry.next, wait);
        }
        let page = form(&entry.next, Some(refused.detail()));
        return (StatusCode::UNAUTHORIZED, page).into_response();
    }
    let secure = if server.encrypted { "; Secure" } else { "" };
    let cookie = format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age={SECONDS}{secure}");
    going(&cookie, place(&entry.next))
}

fn too_many(next: &str, wait: Duration) -> Response {
    let seconds = whole_seconds(wait);
    let page = form(next, Some(&format!("too many attempts; try again in {seconds} s")));
    let mut response = (StatusCode::TOO_MANY_REQUESTS, page).into_response();
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

pub(super) async fn leave(_: SameOrigin) -> Response {
    going(&format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0"), LOGIN)
}

fn going(cookie: &str, to: &str) -> Response {
    let mut response = Redirect::to(to).into_response();
    // A token that is known holds no character that a header could not.
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    response
}

/// Returns a place on this server alone: a link must not lead a visitor who logs in elsewhere.
fn place(next: &str) -> &str {
    let here = next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\r', '\n']);
    if here { next } else { "/" }
}

fn form(next: &str, wrong: Option<&str>) -> Markup {
    bare(
        "Log in",
        &html! {
            form.login method="post" action=(LOGIN) {
                h1 { "ffctl" }
                p.faint { "Log in with an access token. " code { "ffctl token create" } " makes one." }
                @if let Some(wrong) = wrong {
                    p.alert role="alert" { (wrong) }
                }
                label for="token" { "Token" }
                input #token name="token" type="password" autocomplete="current-password" placeholder="ffa_…"
                    required autofocus;
                input type="hidden" name="next" value=(next);
                button.primary type="submit" { "Log in" }
            }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_logs_in_stays_here() {
        for (next, expected) in [
            ("/flags/x?a=b", "/flags/x?a=b"),
            ("", "/"),
            ("https://evil.example", "/"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("/x\r\nSet-Cookie: a=b", "/"),
        ] {
            assert_eq!(place(next), expected, "{next}");
        }
    }
}
