//! `GET /whoami`: whose token that is.

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use serde_json::json;

use crate::server::caller::Viewer;
use crate::server::state::Shared;

use super::shape::Whoami;

/// The token that the request carries, without its secret, and what answers.
#[utoipa::path(
    get,
    path = "/whoami",
    operation_id = "whoami",
    tag = "admin",
    responses((status = 200, description = "the token", body = Whoami)),
    security(("token" = ["viewer"]))
)]
pub(super) async fn whoami(Viewer(caller): Viewer, State(server): State<Shared>) -> impl IntoResponse {
    let snapshot = server.snapshot();
    let record = snapshot.tokens.values().find(|record| record.number == caller.token);
    let body = json!({
        "number": caller.token,
        "name": caller.name,
        "role": caller.role.word(),
        "expires_at": record.and_then(|record| record.token.expires_at),
        "server": concat!("ffctl ", env!("CARGO_PKG_VERSION")),
    });
    ([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")], body.to_string())
}
