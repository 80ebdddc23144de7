//! What a change is answered with.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::apply::Applied;

/// Answers a change of one flag: the flag as it is since, with the receipt in it.
pub(in crate::server) fn single(applied: &Applied) -> Response {
    let (tag, body) = applied.flags.first().cloned().unwrap_or_default();
    let mut flag: Value = serde_json::from_str(&body).expect("its own JSON reads back");
    receipt(&mut flag, applied);
    let mut headers = headers(applied);
    if let Ok(tag) = HeaderValue::from_str(&tag)
        && !tag.is_empty()
    {
        headers.insert(header::ETAG, tag);
    }
    (headers, flag.to_string()).into_response()
}

/// Answers a change of several flags.
pub(in crate::server) fn several(applied: &Applied) -> Response {
    let flags =
        applied.flags.iter().map(|(_, body)| serde_json::from_str(body).expect("its own JSON reads back"));
    let mut answer = json!({ "journal": null, "flags": flags.collect::<Vec<Value>>() });
    receipt(&mut answer, applied);
    (headers(applied), answer.to_string()).into_response()
}

/// Adds the number of the entry and its hash; what changed nothing has none of its own.
fn receipt(answer: &mut Value, applied: &Applied) {
    if let Some(number) = applied.written.number {
        answer["journal"] = json!(number);
    }
    answer["head"] = json!(applied.written.head);
    if applied.dry_run {
        answer["dry_run"] = json!(true);
    }
}

fn headers(applied: &Applied) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if applied.written.repeated {
        headers.insert("idempotent-replayed", HeaderValue::from_static("true"));
    }
    headers
}
