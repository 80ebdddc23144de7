//! `GET /openapi.json`: every route, generated from the code that answers it.

use std::sync::LazyLock;

use axum::body::Bytes;
use axum::http::header;
use axum::response::IntoResponse;
use utoipa::openapi::path::Operation;
use utoipa::openapi::{
    ContentBuilder, HeaderBuilder, ObjectBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder, Type,
};

use super::router::routes;

/// The type of failures.
const PROBLEM: &str = "application/problem+json";

/// The document: the same for every server of this version, made when somebody first asks.
static DOCUMENT: LazyLock<Bytes> = LazyLock::new(|| {
    let (_, mut document) = routes();
    complete(&mut document);
    serde_json::to_vec(&document).expect("a document is plain data").into()
});

/// This document: `OpenAPI` 3.1, for everybody.
#[utoipa::path(
    get,
    path = "/openapi.json",
    operation_id = "openapi",
    tag = "operations",
    responses((status = 200, description = "the description of every route", body = Object, content_type = "application/json"))
)]
pub(super) async fn openapi() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-cache")], DOCUMENT.clone())
}

/// Adds what the way to the routes answers, whatever route it is.
fn complete(document: &mut OpenApi) {
    for path in document.paths.paths.values_mut() {
        let methods = [&mut path.get, &mut path.post, &mut path.put, &mut path.patch, &mut path.delete];
        methods.into_iter().flatten().for_each(complete_operation);
    }
}

fn complete_operation(operation: &mut Operation) {
    for response in operation.responses.responses.values_mut() {
        let RefOr::T(response) = response else { continue };
        if let Some(RefOr::T(content)) = response.content.get_mut(PROBLEM) {
            content.schema.get_or_insert_with(|| Ref::from_schema_name("Problem").into());
        }
    }
    let mut add = |status: &str, response: Response| {
        operation.responses.responses.entry(status.to_owned()).or_insert(RefOr::T(response));
    };
    if operation.security.is_some() {
        add("401", problem("no token that counts"));
        add("403", problem("the role of the token does not allow it"));
        add("429", too_many());
    }
    if operation.request_body.is_some() {
        add("413", problem("the body is larger than this server takes"));
    }
    add("408", problem("the request took too long"));
}

fn problem(description: &str) -> Response {
    let schema = Ref::from_schema_name("Problem");
    let content = ContentBuilder::new().schema(Some(schema)).build();
    ResponseBuilder::new().description(description).content(PROBLEM, content).build()
}

fn too_many() -> Response {
    let seconds = ObjectBuilder::new().schema_type(Type::Integer).build();
    let header = HeaderBuilder::new()
        .schema(Some(seconds))
        .description(Some("after how many seconds to try again"))
        .build();
    let mut response = problem("too many requests with this token");
    response.headers.insert("Retry-After".to_owned(), header.into());
    response
}
