//! `POST /ofrep/v1/evaluate/flags/{key}`: one flag.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::model::Timestamp;
use crate::server::body::Body;
use crate::server::caller::Viewer;
use crate::server::people::Known;
use crate::server::snapshot::Snapshot;
use crate::server::state::Shared;

use super::evaluate::{Evaluated, evaluate, for_context};
use super::failure::{Code, Failure};
use super::request::{RequestDescription, context_of};
use super::success::Success;

/// The path of the route, as it is counted and logged.
pub(in crate::server) const SINGLE: &str = "/ofrep/v1/evaluate/flags/{key}";

/// Evaluates one flag for an application.
#[utoipa::path(
    post,
    path = "/ofrep/v1/evaluate/flags/{key}",
    operation_id = "evaluateFlag",
    tag = "OFREP",
    params(("key" = String, Path, description = "the flag")),
    request_body = RequestDescription,
    responses(
        (status = 200, description = "what it serves", body = Success<'static>),
        (status = 400, description = "it could not be evaluated", body = Failure<'static>),
        (status = 404, description = "no flag has this name", body = Failure<'static>),
    ),
    security(("token" = ["viewer"]))
)]
pub(super) async fn evaluate_flag(
    _: Viewer,
    State(server): State<Shared>,
    Path(key): Path<String>,
    body: Body,
) -> Response {
    let context = match context_of(Some(&key), &body.0) {
        Ok(context) => context,
        Err(failure) => return failure.into_response(),
    };
    let known = server.known(context).await;
    evaluated(&server.snapshot(), &key, &known, server.now()).into_response()
}

/// Returns the status and the body that the route answers where there is no user directory to ask.
pub(in crate::server) fn evaluate_at_once(
    snapshot: &Snapshot,
    key: &str,
    body: &[u8],
    now: Timestamp,
) -> (StatusCode, Vec<u8>) {
    let evaluated = match context_of(Some(key), body) {
        Ok(context) => evaluated(snapshot, key, &Known::as_told(context), now),
        Err(failure) => Evaluated::Failure(failure),
    };
    (evaluated.status(), serde_json::to_vec(&evaluated).expect("evaluations are plain data"))
}

fn evaluated<'a>(snapshot: &'a Snapshot, key: &'a str, known: &Known, now: Timestamp) -> Evaluated<'a> {
    let Some((name, flag)) = snapshot.flags.get_key_value(key) else {
        let error_details = format!("there is no flag `{key}`");
        return Evaluated::Failure(Failure { key: Some(key), error_code: Code::FlagNotFound, error_details });
    };
    for_context(snapshot, &known.context, now, |run| evaluate(snapshot, name, flag, known.bare(), run))
}
