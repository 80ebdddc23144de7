//! `GET /journal`: who changed what.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use crate::admin::JournalFilter;
use crate::server::asked::Asked;
use crate::server::caller::Viewer;
use crate::server::journal::entry_to_json;
use crate::server::problem::Problem;
use crate::server::state::Shared;

use super::shape::Journal;

/// The most entries of one answer; who wants more asks again with `before`.
const MOST: u32 = 10_000;

/// Which entries are wanted.
#[derive(Deserialize)]
pub(super) struct Which {
    flag: Option<String>,
    after: Option<u64>,
    before: Option<u64>,
    limit: Option<u32>,
}

/// The journal, newest entries first: who changed what, when and why, before and after, and the hash that chains each
/// entry to the one before it.
#[utoipa::path(
    get,
    path = "/journal",
    operation_id = "listJournal",
    tag = "admin",
    params(
        ("flag" = Option<String>, Query, description = "only changes of this flag"),
        ("after" = Option<u64>, Query, description = "only entries after this number"),
        ("before" = Option<u64>, Query, description = "only entries before this number"),
        ("limit" = Option<u32>, Query, description = "at most so many, 100 unless said and never more than 10000"),
    ),
    responses(
        (status = 200, description = "the entries", body = Journal),
        (status = 400, description = "the query cannot be read", content_type = "application/problem+json"),
    ),
    security(("token" = ["viewer"]))
)]
pub(super) async fn list(
    _: Viewer,
    State(server): State<Shared>,
    Asked(which): Asked<Which>,
) -> Result<Response, Problem> {
    let filter = JournalFilter {
        flag: which.flag,
        after: which.after,
        before: which.before,
        limit: which.limit.unwrap_or(100).min(MOST),
    };
    let entries = tokio::task::spawn_blocking(move || server.store.journal(&filter)).await;
    let entries = entries.map_err(|_| Problem::bug())??;
    let entries: Vec<_> = entries.iter().map(entry_to_json).collect();
    let kind = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    Ok((kind, json!({ "entries": entries }).to_string()).into_response())
}
