//! `PATCH /feature-flags/{name}`: the override of one flag.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

use crate::server::asked::{Asked, Named, Object, attempt};
use crate::server::caller::Editor;
use crate::server::change::{Change, Precondition, Wanted, apply, reason_of, single};
use crate::server::problem::Problem;
use crate::server::state::Shared;

use super::shape::{ChangedFlag, FlagPatch};

/// How a change is asked for.
#[derive(Deserialize)]
pub(super) struct How {
    /// Whether to rehearse it.
    #[serde(default)]
    pub(super) dry_run: bool,
}

/// Changes the override of one flag by a JSON merge patch (RFC 7396) of `enabled`, `rollout`, `serve`, `split`, `users`
/// and `orgs`; null clears. `expires_at` ends what this patch sets; `reason` goes into the journal.
#[utoipa::path(
    patch,
    path = "/feature-flags/{name}",
    operation_id = "changeFlag",
    tag = "admin",
    params(
        ("name" = String, Path, description = "the flag"),
        ("dry_run" = Option<bool>, Query, description = "answer the same and write nothing"),
        ("If-Match" = String, Header, description = "the tag of the flag that the change is based on, or *"),
        ("Idempotency-Key" = Option<String>, Header, description = "the name of the attempt: repeated, it changes nothing twice"),
    ),
    request_body(content((FlagPatch = "application/json"), (FlagPatch = "application/merge-patch+json"))),
    responses(
        (status = 200, description = "the flag as it is since, with the number and the hash of the journal entry", body = ChangedFlag),
        (status = 400, description = "the body is no JSON", content_type = "application/problem+json"),
        (status = 404, description = "no flag has this name", content_type = "application/problem+json"),
        (status = 412, description = "somebody changed it meanwhile; `changes` says how", content_type = "application/problem+json"),
        (status = 413, description = "the body is too large", content_type = "application/problem+json"),
        (status = 415, description = "the body is neither JSON nor a merge patch", content_type = "application/problem+json"),
        (status = 422, description = "the patch is none, or does not fit the flag; `pointer` says where", content_type = "application/problem+json"),
        (status = 428, description = "If-Match is missing", content_type = "application/problem+json"),
    ),
    security(("token" = ["editor"]))
)]
pub(super) async fn change(
    Editor(caller): Editor,
    State(server): State<Shared>,
    Named(name): Named,
    Asked(how): Asked<How>,
    headers: HeaderMap,
    Object(mut body): Object,
) -> Result<Response, Problem> {
    server.snapshot().flag(&name)?;
    let key = attempt(&headers)?;
    let reason = reason_of(&mut body)?;
    let precondition = Precondition::of_headers(&headers)?;
    let wanted = Wanted { flag: name, patch: Some(body), precondition, at: String::new() };
    let change = Change { caller, key, reason, dry_run: how.dry_run, flags: vec![wanted] };
    Ok(single(&apply(server, change).await?))
}
