//! `GET /feature-flags`: every flag, with everything that is known of it.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use crate::server::answer::tagged;
use crate::server::caller::Viewer;
use crate::server::snapshot::FlagsAnswer;
use crate::server::state::Shared;

/// Every flag as it is in effect, with its override and the tag that a change of it must name.
#[utoipa::path(
    get,
    path = "/feature-flags",
    operation_id = "listFlags",
    tag = "admin",
    params(("If-None-Match" = Option<String>, Header, description = "the tag of the list that is known already")),
    responses(
        (status = 200, description = "the flags", body = FlagsAnswer),
        (status = 304, description = "nothing changed since that tag"),
    ),
    security(("token" = ["viewer"]))
)]
pub(super) async fn list(_: Viewer, State(server): State<Shared>, headers: HeaderMap) -> Response {
    let snapshot = server.snapshot();
    tagged(&headers, &snapshot.list_tag, snapshot.list.clone())
}
