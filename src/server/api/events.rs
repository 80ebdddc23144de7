//! `GET /events`: what changes, as it changes.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::server::caller::Viewer;
use crate::server::events::watch;
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
    let watching = usize::try_from(server.metrics.watchers.get()).unwrap_or(usize::MAX);
    // Those who only listen must leave room for those who ask.
    if watching >= (server.limits.connections / 2).max(1) {
        let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "watchers", "too many watch already");
        return Err(problem.header(header::RETRY_AFTER, HeaderValue::from_static("10")));
    }
    let kind = [(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-store")];
    Ok((kind, Body::new(watch(&server, caller.token, since))).into_response())
}
