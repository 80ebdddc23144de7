//! `/tokens`: who may ask, for those who decide it.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::admin::{Journalled, NewToken, Role, Secret, TokenAuthor, TokenRecord, is_token_name};
use crate::error::Kind;
use crate::model::Timestamp;
use crate::server::asked::{Asked, Named, Object};
use crate::server::caller::Administrator;
use crate::server::change::{reason_of, unknown_keys};
use crate::server::problem::Problem;
use crate::server::state::Shared;

use super::shape::{self, RevokedToken, TokenRequest, Tokens};

/// All tokens, also those that do not count any more; never their secrets.
#[utoipa::path(
    get,
    path = "/tokens",
    operation_id = "listTokens",
    tag = "admin",
    responses((status = 200, description = "the tokens", body = Tokens)),
    security(("token" = ["admin"]))
)]
pub(super) async fn list(_: Administrator, State(server): State<Shared>) -> Result<Response, Problem> {
    let now = server.now();
    let tokens = tokio::task::spawn_blocking(move || server.store.tokens()).await;
    let tokens = tokens.map_err(|_| Problem::bug())??;
    let tokens: Vec<Value> = tokens.iter().map(|record| to_json(record, now)).collect();
    Ok(answer(StatusCode::OK, &json!({ "tokens": tokens })))
}

/// Makes a token. Its secret stands in this answer and nowhere else.
#[utoipa::path(
    post,
    path = "/tokens",
    operation_id = "createToken",
    tag = "admin",
    request_body = TokenRequest,
    responses(
        (status = 201, description = "the token, with its `secret`", body = shape::NewToken),
        (status = 400, description = "the body is no JSON", content_type = "application/problem+json"),
        (status = 409, description = "a token of this name counts already", content_type = "application/problem+json"),
        (status = 415, description = "the body is not JSON", content_type = "application/problem+json"),
        (status = 422, description = "the name, the role or the end is none; `pointer` says which", content_type = "application/problem+json"),
    ),
    security(("token" = ["admin"]))
)]
pub(super) async fn create(
    Administrator(caller): Administrator,
    State(server): State<Shared>,
    Object(mut body): Object,
) -> Result<Response, Problem> {
    let reason = reason_of(&mut body)?;
    unknown_keys("", &body, &["name", "role", "expires_at", "reason"])?;
    let text = |key: &str| body.get(key).and_then(Value::as_str);
    let name = text("name").filter(|name| is_token_name(name));
    let name = name.ok_or_else(|| Problem::invalid("/name", "a name is 1 to 100 characters on one line"))?;
    let role = text("role").and_then(Role::parse);
    let role = role.ok_or_else(|| Problem::invalid("/role", "a role is viewer, editor or admin"))?;
    let now = server.now();
    let expires_at = match body.get("expires_at") {
        None | Some(Value::Null) => None,
        Some(given) => {
            let ends = given.as_str().and_then(|text| Timestamp::parse(text).ok()).filter(|ends| *ends > now);
            let detail = "not a time to come such as \"2027-03-31T00:00:00Z\"";
            Some(ends.ok_or_else(|| Problem::invalid("/expires_at", detail))?)
        }
    };
    let secret = Secret::random().map_err(|_| Problem::bug())?;
    let token =
        NewToken { name: name.to_owned(), role, created_at: now, expires_at, digest: secret.digest() };
    let by = TokenAuthor { at: now, actor: Some(caller.name), reason };
    let made = tokio::task::spawn_blocking(move || {
        let _turn = server.turn();
        let (number, entry) = server.store.create_token(&server.permit, &token, &by)?;
        server.refresh_written()?;
        Ok((TokenRecord { number, token, revoked_at: None }, entry))
    });
    let (record, entry) =
        made.await.map_err(|_| Problem::bug())?.map_err(|error: crate::error::Error| match error.kind() {
            Kind::Conflict => Problem::new(StatusCode::CONFLICT, "name_taken", error.message()),
            _ => Problem::unwritten(error),
        })?;
    let mut token = with_entry(to_json(&record, now), Some(entry));
    token["secret"] = json!(secret.reveal());
    Ok(answer(StatusCode::CREATED, &token))
}

/// How a token is revoked.
#[derive(Deserialize)]
pub(super) struct How {
    #[serde(default)]
    force: bool,
    reason: Option<String>,
}

/// Revokes a token: it counts no more from the answer on.
#[utoipa::path(
    delete,
    path = "/tokens/{number}",
    operation_id = "revokeToken",
    tag = "admin",
    params(
        ("number" = u64, Path, description = "the number of the token"),
        ("force" = Option<bool>, Query, description = "revoke it even if nobody could make tokens then"),
        ("reason" = Option<String>, Query, description = "why; goes into the journal"),
    ),
    responses(
        (status = 200, description = "the token as it is since", body = RevokedToken),
        (status = 404, description = "no token has this number", content_type = "application/problem+json"),
        (status = 409, description = "it is the last that may make tokens", content_type = "application/problem+json"),
        (status = 422, description = "the reason is too long", content_type = "application/problem+json"),
    ),
    security(("token" = ["admin"]))
)]
pub(super) async fn revoke(
    Administrator(caller): Administrator,
    State(server): State<Shared>,
    Named(number): Named,
    Asked(how): Asked<How>,
) -> Result<Response, Problem> {
    let unknown =
        || Problem::new(StatusCode::NOT_FOUND, "unknown_token", format!("there is no token {number}"));
    let token: u64 = number.parse().map_err(|_| unknown())?;
    let mut given: Map<String, Value> =
        how.reason.map(|text| ("reason".to_owned(), text.into())).into_iter().collect();
    let reason = reason_of(&mut given)?;
    let now = server.now();
    let by = TokenAuthor { at: now, actor: Some(caller.name), reason };
    let revoked = tokio::task::spawn_blocking(move || {
        let _turn = server.turn();
        let done = server.store.revoke_token(&server.permit, token, &by, how.force)?;
        server.refresh_written()?;
        Ok(done)
    });
    let (before, entry) =
        revoked.await.map_err(|_| Problem::bug())?.map_err(|error: crate::error::Error| {
            match error.kind() {
                Kind::Unknown => unknown(),
                Kind::Refused => Problem::new(StatusCode::CONFLICT, "last_admin", error.message()),
                _ => Problem::unwritten(error),
            }
        })?;
    let record = TokenRecord { revoked_at: before.revoked_at.or(Some(now)), ..before };
    Ok(answer(StatusCode::OK, &with_entry(to_json(&record, now), entry)))
}

/// Adds the entry of the journal that tells of it.
fn with_entry(mut token: Value, entry: Option<Journalled>) -> Value {
    if let Some(entry) = entry {
        token["journal"] = json!(entry.number);
        token["head"] = json!(entry.head);
    }
    token
}

fn to_json(record: &TokenRecord, now: Timestamp) -> Value {
    json!({
        "number": record.number,
        "name": record.token.name,
        "role": record.token.role.word(),
        "created_at": record.token.created_at,
        "expires_at": record.token.expires_at,
        "revoked_at": record.revoked_at,
        "valid": record.is_valid(now),
    })
}

fn answer(status: StatusCode, body: &Value) -> Response {
    let kind = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    (status, kind, body.to_string()).into_response()
}
