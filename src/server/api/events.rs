//! `GET /events`: what changes, as it changes.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::server::caller::Viewer;
use crate::server::events::{Changes, watch};
use crate::server::problem::Problem;
use crate::server::state::Shared;

/// Server-sent events: `change` with the number of the journal entry and the names of its flags; without a number where
/// flags.toml changed. `Last-Event-ID` continues behind the entry of that number.
#[utoipa::path(
    get,
    path = "/events",
    operation_id = "watch",
    tag = "admin",
    params(("Last-Event-ID" = Option<u64>, Header, description = "the last entry that is known already")),
    responses(
        (status = 200, description = "the events, until the client or the server ends", content_type = "text/event-stream"),
        (status = 400, description = "Last-Event-ID is no number", content_type = "application/problem+json"),
        (status = 503, description = "too many watch already", content_type = "application/problem+json"),
    ),
    security(("token" = ["viewer"]))
)]
pub(super) async fn list(
    Viewer(caller): Viewer,
    State(server): State<Shared>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let since = match headers.get("last-event-id") {
        None => None,
        Some(text) => Some(text.to_str().ok().and_then(|text| text.parse().ok()).ok_or_else(|| {
            Problem::new(
                StatusCode::BAD_REQUEST,
                "last_event_id",
                "Last-Event-ID is the number of a journal entry",
            )
        })?),
    };
    let events = watch(&server, caller.token, Changes::of(&server, since))?;
    let kind = [(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-store")];
    Ok((kind, Body::new(events)).into_response())
}
