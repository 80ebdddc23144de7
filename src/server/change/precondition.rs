//! What a change must find unchanged.

use axum::http::{HeaderMap, StatusCode, header};

use crate::server::problem::Problem;

/// What a change must find unchanged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::server) enum Precondition {
    /// That the flag is there.
    Any,
    /// One of these versions of it.
    Tags(Vec<String>),
}

impl Precondition {
    /// Reads `If-Match` (RFC 9110, section 13.1.1).
    pub(in crate::server) fn of_headers(headers: &HeaderMap) -> Result<Self, Problem> {
        let given: Vec<_> = headers.get_all(header::IF_MATCH).iter().collect();
        if given.is_empty() {
            return Err(Self::required(
                "send `If-Match` with the ETag of the flag that the change is based on",
            ));
        }
        let given: Vec<&str> = given.into_iter().filter_map(|value| value.to_str().ok()).collect();
        Ok(Self::of_text(&given.join(",")))
    }

    /// Reads the text of `If-Match`.
    pub(in crate::server) fn of_text(text: &str) -> Self {
        let tags: Vec<String> = text.split(',').map(|tag| tag.trim().to_owned()).collect();
        if tags.iter().any(|tag| tag == "*") { Self::Any } else { Self::Tags(tags) }
    }

    /// Returns the answer to a change without one.
    pub(in crate::server) fn required(detail: &str) -> Problem {
        Problem::new(StatusCode::PRECONDITION_REQUIRED, "precondition_required", detail)
    }

    /// Tells whether a version will do. A weak tag never does: it may stand for several.
    pub(super) fn holds(&self, tag: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Tags(tags) => tags.iter().any(|wanted| wanted == tag),
        }
    }

    /// Returns the version that was meant.
    pub(super) fn tag(&self) -> Option<&str> {
        match self {
            Self::Any => None,
            Self::Tags(tags) => tags.first().map(String::as_str),
        }
    }
}
