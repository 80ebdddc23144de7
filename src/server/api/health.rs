//! `/healthz` and `/readyz`: whether the process runs, and whether it can answer.

use axum::extract::State;

use crate::server::problem::{Problem, ProblemBody};
use crate::server::state::Shared;

/// The process runs.
#[utoipa::path(get, path = "/healthz", operation_id = "healthz", tag = "operations", responses((status = 200, description = "it runs", body = String, content_type = "text/plain")))]
pub(super) async fn healthz() -> &'static str {
    "ok\n"
}

/// The server can answer and change: its store can be read.
#[utoipa::path(
    get,
    path = "/readyz",
    operation_id = "readyz",
    tag = "operations",
    responses(
        (status = 200, description = "it can answer", body = String, content_type = "text/plain"),
        (status = 503, description = "its store cannot be read", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub(super) async fn readyz(State(server): State<Shared>) -> Result<&'static str, Problem> {
    let read = tokio::task::spawn_blocking(move || server.store.tokens().map(drop)).await;
    read.map_err(|_| Problem::bug())??;
    Ok("ready\n")
}
