//! Bodies with entity tags.

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use crate::hex::hex;

/// Answers with a JSON body and its strong tag, or with 304 if the client has it already.
pub(super) fn tagged(headers: &HeaderMap, tag: &str, body: Bytes) -> Response {
    let etag = HeaderValue::from_str(tag).expect("tags are hexadecimal");
    let known = headers.get_all(header::IF_NONE_MATCH).iter();
    let known = known.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    let caching = (header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    // A weak comparison, RFC 9110, section 13.1.2.
    if known.map(str::trim).any(|known| known == "*" || known.trim_start_matches("W/") == tag) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, etag), caching]).into_response();
    }
    let kind = (header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    ([kind, (header::ETAG, etag), caching], body).into_response()
}

/// Returns the strong entity tag of a body: half of its SHA-256, with the quotes.
pub(super) fn tag_of(body: &[u8]) -> String {
    format!("\"{}\"", hex(&Sha256::digest(body)[..16]))
}
