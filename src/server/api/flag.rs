//! `GET /feature-flags/{name}`: one flag.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use crate::server::answer::tagged;
use crate::server::asked::Named;
use crate::server::caller::Viewer;
use crate::server::problem::{Problem, ProblemBody};
use crate::server::snapshot::FlagAnswer;
use crate::server::state::Shared;

/// One flag as it is in effect, with its override and the tag that a change of it must name.
#[utoipa::path(
    get,
    path = "/feature-flags/{name}",
    operation_id = "getFlag",
    tag = "admin",
    params(
        ("name" = String, Path, description = "the flag"),
        ("If-None-Match" = Option<String>, Header, description = "the tag that is known already"),
    ),
    responses(
        (status = 200, description = "the flag", body = FlagAnswer<'static>),
        (status = 304, description = "nothing changed since that tag"),
        (status = 404, description = "no flag has this name", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("token" = ["viewer"]))
)]
pub(super) async fn show(
    _: Viewer,
    State(server): State<Shared>,
    Named(name): Named,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let snapshot = server.snapshot();
    let flag = snapshot.flag(&name)?;
    Ok(tagged(&headers, &flag.tag, flag.body.clone()))
}
