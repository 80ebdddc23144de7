//! Bodies of requests: read to their limit, and JSON objects where objects are asked for.

use std::future::poll_fn;
use std::pin::Pin;

use axum::body::{Body as Incoming, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use hyper::body::Body as _;
use serde::de::DeserializeOwned;

use super::problem::Problem;
use super::state::Shared;

/// How many times the limit is read and thrown away before the connection is given up: a client that is still sending
/// would not see why it was refused.
const PATIENCE: usize = 8;

/// The body of a request, no larger than the server takes.
pub(super) struct Body(pub(super) Bytes);

impl FromRequest<Shared> for Body {
    type Rejection = Problem;

    async fn from_request(request: Request, server: &Shared) -> Result<Self, Problem> {
        let limit = server.limits.body_bytes;
        let mut body = request.into_body();
        let patience = limit.saturating_mul(PATIENCE);
        let expected = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
        if expected > patience {
            return Err(too_large());
        }
        let (mut all, mut length) = (Vec::with_capacity(expected.min(limit)), 0);
        while let Some(data) = next(&mut body).await? {
            length += data.len();
            if length > patience {
                break;
            }
            if length <= limit {
                all.extend_from_slice(&data);
            }
        }
        if length > limit { Err(too_large()) } else { Ok(Self(all.into())) }
    }
}

impl Body {
    /// Reads it as [`object`] does.
    ///
    /// # Errors
    /// The same.
    pub(super) fn object<T: DeserializeOwned>(&self) -> Result<T, String> {
        object(&self.0)
    }
}

/// Reads a JSON object; an empty body is an empty one.
///
/// # Errors
/// Says why it is none, or not the one that is asked for.
pub(super) fn object<T: DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    let text = if body.is_empty() { b"{}" } else { body };
    // A list of its fields' values would be read as the object, too.
    if text.trim_ascii_start().first() != Some(&b'{') {
        return Err("it is no JSON object".to_owned());
    }
    serde_json::from_slice(text).map_err(|error| error.to_string())
}

/// Returns the next part of a body; none at its end.
async fn next(body: &mut Incoming) -> Result<Option<Bytes>, Problem> {
    loop {
        match poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await {
            None => return Ok(None),
            // Trailers say nothing here.
            Some(Ok(frame)) => {
                if let Ok(data) = frame.into_data() {
                    return Ok(Some(data));
                }
            }
            Some(Err(error)) => {
                return Err(Problem::new(
                    StatusCode::BAD_REQUEST,
                    "body",
                    format!("the body cannot be read: {error}"),
                ));
            }
        }
    }
}

fn too_large() -> Problem {
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "the body is larger than this server takes")
}
