//! `/healthz` and `/readyz`: whether the process runs, and whether it can answer.

use axum::extract::State;

use crate::layer::TargetKind;
use crate::server::problem::{Problem, ProblemBody};
use crate::server::state::{Away, Shared};

/// The process runs.
#[utoipa::path(get, path = "/healthz", operation_id = "healthz", tag = "operations", responses((status = 200, description = "it runs", body = String, content_type = "text/plain")))]
pub(super) async fn healthz() -> &'static str {
    "ok\n"
}

/// The server can answer; whether it can change as well, is said in words.
///
/// While a database is away that several servers share, each goes on answering reads with what was true before. It
/// stays ready then: all of them are in the same place, and taking them out would take the flags from everybody. It is the same
/// with one that a newer server has brought up, until this one is updated.
#[utoipa::path(
    get,
    path = "/readyz",
    operation_id = "readyz",
    tag = "operations",
    responses(
        (status = 200, description = "it can answer; where its database is away, since when", body = String, content_type = "text/plain"),
        (status = 503, description = "its store cannot be read", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub(super) async fn readyz(State(server): State<Shared>) -> Result<String, Problem> {
    if server.store.label().kind == TargetKind::Database {
        return Ok(match server.away() {
            None => "ready\n".to_owned(),
            Some(Away { since, why }) => {
                let why = why.map(|why| format!("; {why}")).unwrap_or_default();
                format!(
                    "ready, but without its database since {since}: reads are answered with what was true then, changes are refused{why}\n"
                )
            }
        });
    }
    let read = tokio::task::spawn_blocking(move || server.store.tokens().map(drop)).await;
    read.map_err(|_| Problem::bug())??;
    Ok("ready\n".to_owned())
}
