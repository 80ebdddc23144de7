//! Changing a flag from its page: the same door as the API's.

use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::admin::{IdempotencyKey, Role};
use crate::model::Timestamp;
use crate::server::caller::Caller;
use crate::server::change::{Applied, Change, Precondition, Wanted, apply};
use crate::server::problem::Problem;
use crate::server::state::Shared;

use super::ends;
use super::layout::{self, Place};
use super::parts;
use super::visitor::{SameOrigin, Visitor};

/// A change as the form of a forecast sends it.
#[derive(Deserialize)]
pub(super) struct Sent {
    /// The merge patch of the override, as the API takes it.
    #[serde(default)]
    patch: String,
    /// The tag of the flag that was seen.
    #[serde(default)]
    tag: String,
    /// The name of the attempt: a form that is sent twice changes nothing twice.
    #[serde(default)]
    key: String,
    #[serde(default)]
    reason: String,
    /// How long it stays.
    #[serde(default)]
    ends: String,
    /// Or until when, in UTC.
    #[serde(default)]
    until: String,
}

impl Sent {
    fn body(&self, now: Timestamp) -> Result<Map<String, Value>, String> {
        let mut body: Map<String, Value> = serde_json::from_str(&self.patch)
            .map_err(|error| format!("the form holds no change: {error}"))?;
        if let Some(ends) = ends::of_form(&self.ends, &self.until, now)? {
            body.insert("expires_at".to_owned(), json!(ends));
        }
        Ok(body)
    }
}

pub(super) async fn change(
    Visitor(visitor): Visitor,
    _: SameOrigin,
    State(server): State<Shared>,
    Path(name): Path<String>,
    Form(sent): Form<Sent>,
) -> Response {
    let patch = match sent.body(server.now()) {
        Ok(patch) => Some(patch),
        Err(wrong) => {
            let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", wrong);
            return refused(&visitor, &name, &problem);
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

/// Returns the page of a change that was not made. It is not live: it tells of a moment.
pub(super) fn refused(visitor: &Caller, name: &str, problem: &Problem) -> Response {
    let body = html! {
        p.crumbs { a href="/" { "Flags" } " / " a href=(super::flags::path(name)) { (parts::foreign(name)) } }
        h1 { "Nothing was changed" }
        p.alert role="alert" { (parts::foreign(problem.detail())) }
        p { a href=(super::flags::path(name)) { "See " (parts::foreign(name)) " as it is now" } }
    };
    (problem.status(), layout::page("Nothing was changed", Place::Flags, visitor, None, &body))
        .into_response()
}
