//! What an application asks.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::context::Document;
use crate::model::Context;
use crate::server::body::object;

use super::context::from_openfeature;
use super::failure::{Code, Failure};

/// The body of an evaluation as it is read.
#[derive(Deserialize)]
struct Request {
    #[serde(default)]
    context: Option<Document>,
}

/// For whom to evaluate.
#[derive(ToSchema)]
#[schema(as = OfrepRequest)]
#[expect(dead_code, reason = "describes what `Request` reads")]
pub(super) struct RequestDescription {
    /// The evaluation context: `targetingKey`, and whatever is known of the user. `org` is the organisation, its key or
    /// an object with `key` and attributes.
    #[schema(value_type = Option<Object>, example = json!({"targetingKey": "u-42", "org": "acme", "email": "ada@example.com"}))]
    context: Option<()>,
}

/// Returns the context of a request; without one, nothing is known of whom it is for.
///
/// # Errors
/// When the body is no JSON object or holds no context.
pub(super) fn context_of<'a>(key: Option<&'a str>, body: &[u8]) -> Result<Context, Failure<'a>> {
    let failure = |error_code, error_details| Failure { key, error_code, error_details };
    let request: Request = object(body)
        .map_err(|error| failure(Code::ParseError, format!("the body is no evaluation request: {error}")))?;
    from_openfeature(request.context.map(|Document(value)| value)).map_err(|error| {
        let hint = error.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
        failure(Code::InvalidContext, format!("{error}{hint}"))
    })
}
