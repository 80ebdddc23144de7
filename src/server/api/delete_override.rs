//! `DELETE /feature-flags/{name}/override`: back to the layers below.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::server::asked::{Asked, Named, attempt};
use crate::server::caller::Editor;
use crate::server::change::{Change, Precondition, Wanted, apply, reason_of, single};
use crate::server::problem::Problem;
use crate::server::state::Shared;

use super::shape::ChangedFlag;

/// How it is asked for.
#[derive(Deserialize)]
pub(super) struct How {
    #[serde(default)]
    dry_run: bool,
    reason: Option<String>,
}

/// Takes back all that the override of a flag says.
#[utoipa::path(
    delete,
    path = "/feature-flags/{name}/override",
    operation_id = "deleteOverride",
    tag = "admin",
    params(
        ("name" = String, Path, description = "the flag"),
        ("reason" = Option<String>, Query, description = "why; goes into the journal"),
        ("dry_run" = Option<bool>, Query, description = "answer the same and write nothing"),
        ("If-Match" = String, Header, description = "the tag of the flag that the change is based on, or *"),
        ("Idempotency-Key" = Option<String>, Header, description = "the name of the attempt: repeated, it changes nothing twice"),
    ),
    responses(
        (status = 200, description = "the flag as it is since, with the number and the hash of the journal entry", body = ChangedFlag),
        (status = 404, description = "no flag has this name", content_type = "application/problem+json"),
        (status = 412, description = "somebody changed it meanwhile; `changes` says how", content_type = "application/problem+json"),
        (status = 422, description = "the reason is too long", content_type = "application/problem+json"),
        (status = 428, description = "If-Match is missing", content_type = "application/problem+json"),
    ),
    security(("token" = ["editor"]))
)]
pub(super) async fn delete(
    Editor(caller): Editor,
    State(server): State<Shared>,
    Named(name): Named,
    Asked(how): Asked<How>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    server.snapshot().flag(&name)?;
    let key = attempt(&headers)?;
    let mut given: Map<String, Value> =
        how.reason.map(|text| ("reason".to_owned(), text.into())).into_iter().collect();
    let reason = reason_of(&mut given)?;
    let precondition = Precondition::of_headers(&headers)?;
    let wanted = Wanted { flag: name, patch: None, precondition, at: String::new() };
    let change = Change { caller, key, reason, dry_run: how.dry_run, flags: vec![wanted] };
    Ok(single(&apply(server, change).await?))
}
