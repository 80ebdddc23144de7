//! What every request says of itself.

use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue};

use crate::settings::Token;

/// Returns the headers of every request; the token is marked, so that nothing shows it.
pub(super) fn headers(token: Option<&Token>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json, application/problem+json"));
    if let Some(token) = token {
        let mut value = HeaderValue::try_from(format!("Bearer {}", token.expose()))
            .expect("a token is printable ASCII, which every header can have");
        value.set_sensitive(true);
        headers.insert(AUTHORIZATION, value);
    }
    headers
}
