//! `POST /ofrep/v1/evaluate/flags/{key}`: one flag.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use crate::server::body::Body;
use crate::server::caller::Viewer;
use crate::server::state::Shared;

use super::evaluate::{Evaluated, evaluate, for_context};
use super::failure::{Code, Failure};
use super::request::{RequestDescription, context_of};
use super::success::Success;

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
    let context = match context_of(Some(&key), &body) {
        Ok(context) => context,
        Err(failure) => return failure.into_response(),
    };
    let known = server.known(context).await;
    let snapshot = server.snapshot();
    let Some((name, flag)) = snapshot.flags.get_key_value(&key) else {
        let details = format!("there is no flag `{key}`");
        return Failure { key: Some(&key), error_code: Code::FlagNotFound, error_details: details }
            .into_response();
    };
    match for_context(&snapshot, &known.context, server.now(), |run| {
        evaluate(&snapshot, name, flag, known.bare(), run)
    }) {
        Evaluated::Success(success) => Json(success).into_response(),
        Evaluated::Failure(failure) => failure.into_response(),
    }
}
