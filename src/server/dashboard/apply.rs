//! Changing a flag from its page: the same door as the API's.

use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::admin::{IdempotencyKey, Role};
use crate::server::caller::Caller;
use crate::server::change::{Applied, Change, Precondition, Wanted, apply};
use crate::server::problem::Problem;
use crate::server::state::Shared;

use super::layout::{self, Place};
use super::parts;
use super::preview::Wish;
use super::visitor::{SameOrigin, Visitor};

/// A change as a form sends it.
#[derive(Deserialize)]
pub(super) struct Sent {
    #[serde(default)]
    enabled: String,
    #[serde(default)]
    rollout: String,
    #[serde(default)]
    clear: bool,
    /// The tag of the flag that was seen.
    #[serde(default)]
    tag: String,
    /// The name of the attempt: a form that is sent twice changes nothing twice.
    #[serde(default)]
    key: String,
    #[serde(default)]
    reason: String,
}

pub(super) async fn change(
    Visitor(visitor): Visitor,
    _: SameOrigin,
    State(server): State<Shared>,
    Path(name): Path<String>,
    Form(sent): Form<Sent>,
) -> Response {
    let wish = Wish { enabled: sent.enabled, rollout: sent.rollout, clear: sent.clear, part: false };
    let patch = match wish.wire() {
        Ok(patch) => patch,
        Err(wrong) => {
            return refused(
                &visitor,
                &name,
                &Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", wrong),
            );
        }
    };
    let wanted = Wanted {
        flag: name.clone(),
        patch,
        precondition: Precondition::of_text(&sent.tag),
        at: String::new(),
    };
    match make(&server, &visitor, &sent.key, &sent.reason, vec![wanted]).await {
        Ok(done) => after(&super::flags::path(&name), &done),
        Err(problem) => refused(&visitor, &name, &problem),
    }
}

/// Makes a change in the name of a visitor.
pub(super) async fn make(
    server: &Shared,
    visitor: &Caller,
    key: &str,
    reason: &str,
    flags: Vec<Wanted>,
) -> Result<Applied, Problem> {
    if visitor.role < Role::Editor {
        let detail = format!("this token is a {}'s; a change takes the role {}", visitor.role, Role::Editor);
        return Err(Problem::new(StatusCode::FORBIDDEN, "role", detail));
    }
    let key = IdempotencyKey::repeated(key).unwrap_or_else(IdempotencyKey::random);
    let reason = Some(reason.trim().to_owned()).filter(|reason| !reason.is_empty());
    apply(server.clone(), Change { caller: visitor.clone(), key, reason, dry_run: false, flags }).await
}

/// Leads back to a page, with the receipt.
pub(super) fn after(path: &str, done: &Applied) -> Response {
    let receipt = done.written.number.map_or_else(|| "0".to_owned(), |number| number.to_string());
    Redirect::to(&format!("{path}?done={receipt}")).into_response()
}

/// Returns the page of a change that was not made.
pub(super) fn refused(visitor: &Caller, name: &str, problem: &Problem) -> Response {
    let body = html! {
        p.crumbs { a href="/" { "Flags" } " / " a href=(super::flags::path(name)) { (parts::foreign(name)) } }
        h1 { "Nothing was changed" }
        p.alert role="alert" { (parts::foreign(problem.detail())) }
        p { a href=(super::flags::path(name)) { "See " (parts::foreign(name)) " as it is now" } }
    };
    (problem.status(), layout::page("Nothing was changed", Place::Flags, visitor, &body)).into_response()
}

/// Returns the merge patch that sets these.
pub(super) fn body(enabled: Option<bool>, rollout: Option<String>) -> Map<String, Value> {
    let mut body = Map::new();
    if let Some(enabled) = enabled {
        body.insert("enabled".to_owned(), json!(enabled));
    }
    if let Some(rollout) = rollout {
        body.insert("rollout".to_owned(), json!(rollout));
    }
    body
}
