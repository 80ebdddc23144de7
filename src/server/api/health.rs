//! `/healthz` and `/readyz`: whether the process runs, and whether it can answer.

use axum::extract::State;

use crate::server::problem::Problem;
use crate::server::state::Shared;

/// The process runs.
#[utoipa::path(get, path = "/healthz", operation_id = "healthz", responses((status = 200, description = "it runs")))]
pub(super) async fn healthz() -> &'static str {
    "ok\n"
}

/// The server can answer and change: its store can be read.
#[utoipa::path(
    get,
    path = "/readyz",
    operation_id = "readyz",
    responses(
        (status = 200, description = "it can answer"),
        (status = 503, description = "its store cannot be read", content_type = "application/problem+json"),
    )
)]
pub(super) async fn readyz(State(server): State<Shared>) -> Result<&'static str, Problem> {
    let read = tokio::task::spawn_blocking(move || server.store.tokens().map(drop)).await;
    read.map_err(|_| Problem::bug())??;
    Ok("ready\n")
}
