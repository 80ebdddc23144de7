//! An evaluation that came to nothing, in the words of the protocol.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// The codes that the protocol has for failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schema(as = OfrepErrorCode)]
pub(super) enum Code {
    /// The request, or what the server was told of the flag, cannot be read.
    ParseError,
    /// The flag is bucketed by user, and the context has no `targetingKey`.
    TargetingKeyMissing,
    /// The context is none, or lacks what the flag is bucketed by.
    InvalidContext,
    /// There is no such flag.
    FlagNotFound,
    /// Anything else.
    General,
}

/// Why there is no value.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = OfrepFailure)]
pub(super) struct Failure<'a> {
    /// The flag; absent where all were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) key: Option<&'a str>,
    /// What went wrong, for programs.
    pub(super) error_code: Code,
    /// What went wrong, for people.
    pub(super) error_details: String,
}

impl Failure<'_> {
    /// Returns the status of the answer.
    pub(super) const fn status(&self) -> StatusCode {
        match self.error_code {
            Code::FlagNotFound => StatusCode::NOT_FOUND,
            Code::ParseError | Code::TargetingKeyMissing | Code::InvalidContext | Code::General => {
                StatusCode::BAD_REQUEST
            }
        }
    }
}

impl IntoResponse for Failure<'_> {
    fn into_response(self) -> Response {
        (self.status(), Json(self)).into_response()
    }
}
