//! `POST /ofrep/v1/evaluate/flags`: every flag, for clients that keep the answers.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::server::answer::{tag_of, tagged};
use crate::server::body::Body;
use crate::server::caller::Viewer;
use crate::server::state::Shared;

use super::evaluate::{Evaluated, evaluate, for_context};
use super::failure::Failure;
use super::request::{RequestDescription, context_of};

/// What every flag serves.
#[derive(Serialize, ToSchema)]
#[schema(as = OfrepFlags)]
struct Flags<'a> {
    /// A success or a failure for each.
    flags: Vec<Evaluated<'a>>,
}

/// Evaluates every flag for an application. The tag stands for the answer itself: whatever changes it, be it a flag, the
/// context or the time, changes the tag.
#[utoipa::path(
    post,
    path = "/ofrep/v1/evaluate/flags",
    operation_id = "evaluateFlags",
    tag = "OFREP",
    params(("If-None-Match" = Option<String>, Header, description = "the tag of the answer that is known already")),
    request_body = RequestDescription,
    responses(
        (status = 200, description = "what each serves", body = Flags<'static>, headers(("ETag" = String, description = "the tag of this answer"))),
        (status = 304, description = "the answer would be the one with that tag"),
        (status = 400, description = "the request cannot be read", body = Failure<'static>),
    ),
    security(("token" = ["viewer"]))
)]
pub(super) async fn evaluate_flags(
    _: Viewer,
    State(server): State<Shared>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let context = match context_of(None, &body.0) {
        Ok(context) => context,
        Err(failure) => return failure.into_response(),
    };
    // Once for all flags.
    let known = server.known(context).await;
    let snapshot = server.snapshot();
    let flags = for_context(&snapshot, &known.context, server.now(), |run| {
        snapshot.flags.iter().map(|(name, flag)| evaluate(&snapshot, name, flag, known.bare(), run)).collect()
    });
    let body = serde_json::to_vec(&Flags { flags }).expect("evaluations are plain data");
    tagged(&headers, &tag_of(&body), body.into())
}
