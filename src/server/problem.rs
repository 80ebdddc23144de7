//! Failures on the wire: `application/problem+json` (RFC 9457).

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::error::{Error, Kind, did_you_mean};

/// A failure as a client sees it.
#[derive(Debug)]
pub(super) struct Problem {
    status: StatusCode,
    code: &'static str,
    detail: String,
    /// Boxed, so that results stay small.
    more: Box<Map<String, Value>>,
    headers: Vec<(header::HeaderName, HeaderValue)>,
}

/// A failure, as RFC 9457 has it; some have further members that say more.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub(super) struct ProblemBody {
    /// Always `about:blank`: `code` tells failures apart.
    r#type: &'static str,
    /// The status in words.
    title: String,
    /// The status.
    status: u16,
    /// What went wrong, for programs: a word that stays.
    code: &'static str,
    /// What went wrong, for people.
    detail: String,
    #[serde(flatten)]
    #[schema(ignore)]
    more: Map<String, Value>,
}

impl Problem {
    /// Returns a failure; `code` is its stable word, `detail` says what is wrong.
    pub(super) fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into(), more: Box::default(), headers: Vec::new() }
    }

    /// Returns its status.
    pub(super) fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns what is wrong.
    pub(super) fn detail(&self) -> &str {
        &self.detail
    }

    /// Adds a member beside `code` and `detail`.
    #[must_use]
    pub(super) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.more.insert(name.to_owned(), value.into());
        self
    }

    /// Adds a header.
    #[must_use]
    pub(super) fn header(mut self, name: header::HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Returns the answer to a body that is not what it should be; `pointer` (RFC 6901) says where.
    pub(super) fn invalid(pointer: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail).with("pointer", pointer)
    }

    /// Returns the answer to a request that met a defect.
    pub(super) fn bug() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "bug", "the server met a defect; its log says more")
    }

    /// Returns the answer to a change that the store failed to make: what is known of it stands in it.
    pub(super) fn unwritten(error: Error) -> Self {
        let mut problem = Self::from(error);
        if problem.status == StatusCode::SERVICE_UNAVAILABLE {
            problem.detail = format!("nothing was changed: {}", problem.detail);
        }
        problem
    }

    /// Returns the answer to a change of which nobody can tell whether it was made. Not 503, after which a client
    /// takes it for refused.
    fn outcome_unknown(error: &Error) -> Self {
        tracing::error!(error = %error, "a change was sent to the store, and its outcome is unknown");
        let detail = "the store was lost while it made the change, and whether it did is unknown; \
                      the same request with the same Idempotency-Key finds out";
        Self::new(StatusCode::GATEWAY_TIMEOUT, "outcome_unknown", detail)
    }

    /// Returns the answer to a name that no flag has.
    pub(super) fn unknown_flag<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Self {
        let near = did_you_mean(name, known).map(|near| format!("; {near}")).unwrap_or_default();
        Self::new(StatusCode::NOT_FOUND, "unknown_flag", format!("there is no flag `{name}`{near}"))
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let (status, code) = match error.kind() {
            Kind::Unknown => (StatusCode::NOT_FOUND, "unknown"),
            Kind::Conflict => (StatusCode::PRECONDITION_FAILED, "conflict"),
            Kind::Invalid | Kind::Usage => (StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
            Kind::Refused => (StatusCode::FORBIDDEN, "refused"),
            // Credentials are the server's own: those of its database.
            Kind::Local | Kind::Unreachable | Kind::Stale | Kind::Credentials => {
                (StatusCode::SERVICE_UNAVAILABLE, "store")
            }
            Kind::OutcomeUnknown => return Self::outcome_unknown(&error),
            Kind::Drift | Kind::Bug | Kind::Interrupted => (StatusCode::INTERNAL_SERVER_ERROR, "bug"),
        };
        if error.is_outdated() {
            tracing::error!(error = %error, "a request failed");
            return Self::new(status, "newer_store", error.message());
        }
        if status.is_server_error() {
            // Paths and causes are for those who run the server, not for those who ask it.
            tracing::error!(error = %error, "a request failed");
            return Self::new(status, code, "the store cannot be used now; the log of the server says why");
        }
        Self::new(status, code, error.message())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let Self { status, code, detail, more, headers } = self;
        let title = status.canonical_reason().unwrap_or("failure").to_owned();
        let body =
            ProblemBody { r#type: "about:blank", title, status: status.as_u16(), code, detail, more: *more };
        let mut response = (status, Json(body)).into_response();
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        for (name, value) in headers {
            response.headers_mut().insert(name, value);
        }
        response
    }
}
