//! `PATCH /feature-flags`: several flags, all or nothing.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::Value;

use crate::server::asked::{Asked, Object, attempt};
use crate::server::caller::Editor;
use crate::server::change::{Change, Precondition, Wanted, apply, reason_of, several, unknown_keys};
use crate::server::problem::Problem;
use crate::server::state::Shared;

use super::shape::{ChangedFlags, FlagPatches};

use super::patch_flag::How;

/// Changes the overrides of several flags in one entry of the journal, or none of them.
#[utoipa::path(
    patch,
    path = "/feature-flags",
    operation_id = "changeFlags",
    tag = "admin",
    params(
        ("dry_run" = Option<bool>, Query, description = "answer the same and write nothing"),
        ("Idempotency-Key" = Option<String>, Header, description = "the name of the attempt: repeated, it changes nothing twice"),
    ),
    request_body = FlagPatches,
    responses(
        (status = 200, description = "the flags as they are since, with the number and the hash of the journal entry", body = ChangedFlags),
        (status = 400, description = "the body is no JSON", content_type = "application/problem+json"),
        (status = 404, description = "one of the names is no flag's", content_type = "application/problem+json"),
        (status = 412, description = "one of them was changed meanwhile; `flag` and `changes` say which and how", content_type = "application/problem+json"),
        (status = 413, description = "the body is too large", content_type = "application/problem+json"),
        (status = 415, description = "the body is neither JSON nor a merge patch", content_type = "application/problem+json"),
        (status = 422, description = "a patch is none, or does not fit its flag; `pointer` says where", content_type = "application/problem+json"),
        (status = 428, description = "an `if_match` is missing", content_type = "application/problem+json"),
    ),
    security(("token" = ["editor"]))
)]
pub(super) async fn change(
    Editor(caller): Editor,
    State(server): State<Shared>,
    Asked(how): Asked<How>,
    headers: HeaderMap,
    Object(mut body): Object,
) -> Result<Response, Problem> {
    let key = attempt(&headers)?;
    let reason = reason_of(&mut body)?;
    unknown_keys("", &body, &["reason", "flags"])?;
    let Some(Value::Object(flags)) = body.shift_remove("flags") else {
        return Err(Problem::invalid("/flags", "`flags` is an object of names and their changes"));
    };
    let flags =
        flags.into_iter().map(|(name, change)| wanted(name, change)).collect::<Result<Vec<_>, _>>()?;
    if flags.is_empty() {
        return Err(Problem::invalid("/flags", "there is no flag in it"));
    }
    let change = Change { caller, key, reason, dry_run: how.dry_run, flags };
    Ok(several(&apply(server, change).await?))
}

fn wanted(flag: String, change: Value) -> Result<Wanted, Problem> {
    let at = format!("/flags/{}", flag.replace('~', "~0").replace('/', "~1"));
    let Value::Object(mut change) = change else {
        return Err(Problem::invalid(&at, "a change is an object with `if_match` and `patch`"));
    };
    unknown_keys(&at, &change, &["if_match", "patch"])?;
    let precondition = match change.get("if_match") {
        Some(Value::String(text)) => Precondition::of_text(text),
        Some(_) => {
            return Err(Problem::invalid(&format!("{at}/if_match"), "`if_match` is the ETag of the flag"));
        }
        None => {
            let detail =
                format!("`{at}/if_match` is missing: the ETag of the flag that the change is based on");
            return Err(Precondition::required(&detail));
        }
    };
    let at = format!("{at}/patch");
    match change.shift_remove("patch") {
        Some(Value::Object(patch)) => Ok(Wanted { flag, patch: Some(patch), precondition, at }),
        _ => Err(Problem::invalid(&at, "`patch` is an object")),
    }
}
