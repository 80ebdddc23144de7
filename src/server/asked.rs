//! What a request asks, taken out of it so that everything odd is a problem document.

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, FailedToBufferBody};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::admin::IdempotencyKey;

use super::problem::Problem;

/// The one variable part of a path.
pub(super) struct Named(pub(super) String);

impl<S: Send + Sync> FromRequestParts<S> for Named {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(name) = Path::from_request_parts(parts, state)
            .await
            .map_err(|error| Problem::new(StatusCode::BAD_REQUEST, "path", error.body_text()))?;
        Ok(Self(name))
    }
}

/// The query.
pub(super) struct Asked<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Query(query) = Query::from_request_parts(parts, state)
            .await
            .map_err(|error| Problem::new(StatusCode::BAD_REQUEST, "query", error.body_text()))?;
        Ok(Self(query))
    }
}

/// A body that is a JSON object.
pub(super) struct Object(pub(super) Map<String, Value>);

/// How an object may be labelled: as it is, or as the patch that it is (RFC 7396).
const KINDS: [&str; 2] = ["application/json", "application/merge-patch+json"];

impl<S: Send + Sync> FromRequest<S> for Object {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let kind = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default().trim();
        if !KINDS.iter().any(|known| kind.eq_ignore_ascii_case(known)) {
            let detail = format!("send the body as {}", KINDS.join(" or "));
            let accepted = HeaderValue::from_static("application/merge-patch+json, application/json");
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media_type", detail)
                .header(header::HeaderName::from_static("accept-patch"), accepted));
        }
        let body = Bytes::from_request(request, state).await.map_err(|rejection| unread(&rejection))?;
        match serde_json::from_slice(&body) {
            Ok(Value::Object(object)) => Ok(Self(object)),
            Ok(_) => Err(Problem::invalid("", "the body is no object")),
            Err(error) => {
                let detail = format!("the body is no JSON: {error}");
                Err(Problem::new(StatusCode::BAD_REQUEST, "json", detail))
            }
        }
    }
}

fn unread(rejection: &BytesRejection) -> Problem {
    match rejection {
        BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too_large",
            "the body is larger than the server reads",
        ),
        _ => Problem::new(StatusCode::BAD_REQUEST, "body", "the body did not come in whole"),
    }
}

/// Returns the name of an attempt, given or new.
pub(super) fn attempt(headers: &HeaderMap) -> Result<IdempotencyKey, Problem> {
    let Some(given) = headers.get("idempotency-key") else { return Ok(IdempotencyKey::random()) };
    given.to_str().ok().and_then(IdempotencyKey::repeated).ok_or_else(|| {
        let detail = "an Idempotency-Key is 1 to 128 printable ASCII characters without blanks";
        Problem::new(StatusCode::BAD_REQUEST, "idempotency_key", detail)
    })
}
