//! `GET /metrics`: what the server counts of itself.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::server::caller::Scraper;
use crate::server::metrics::Now;
use crate::server::state::Shared;

/// The metrics as Prometheus reads them. They name no flag, user or token, but tell how much goes on: they are for those with a
/// token, unless the server was started with `--metrics-open`.
#[utoipa::path(
    get,
    path = "/metrics",
    operation_id = "metrics",
    responses((status = 200, description = "the metrics", content_type = "application/openmetrics-text")),
    security(("token" = ["viewer"]))
)]
pub(super) async fn metrics(_: Scraper, State(server): State<Shared>) -> Response {
    let snapshot = server.snapshot();
    let now = Now { age: snapshot.made.elapsed(), journal: snapshot.last, flags: snapshot.flags.len() };
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], server.metrics.text(&now)).into_response()
}
