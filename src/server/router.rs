//! All routes, and what happens to every request on its way to them.

use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder, PathItem};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::api;
use super::dashboard;
use super::problem::Problem;
use super::state::Shared;
use super::{ofrep, openapi};

/// Returns all routes with their description.
pub(super) fn routes() -> (Router<Shared>, OpenApi) {
    let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
    let components = ComponentsBuilder::new().security_scheme("token", SecurityScheme::Http(scheme)).build();
    let info = InfoBuilder::new().title("ffctl").version(env!("CARGO_PKG_VERSION")).build();
    let document = OpenApiBuilder::new().info(info).components(Some(components)).build();
    OpenApiRouter::with_openapi(document)
        .nest("/api/v1/admin", api::admin())
        .merge(api::operations())
        .merge(ofrep::routes())
        .routes(routes!(openapi::openapi))
        .split_for_parts()
}

/// Returns the method and the path of every route that the `OpenAPI` document describes, as `GET /healthz`: what a test of
/// all routes must not leave out.
pub fn described_routes() -> Vec<String> {
    let (_, document) = routes();
    let of_path = |(path, item): (String, PathItem)| {
        let methods = [
            ("GET", item.get.is_some()),
            ("POST", item.post.is_some()),
            ("PUT", item.put.is_some()),
            ("PATCH", item.patch.is_some()),
            ("DELETE", item.delete.is_some()),
        ];
        let described = methods.into_iter().filter(|(_, described)| *described);
        described.map(|(method, _)| format!("{method} {path}")).collect::<Vec<_>>()
    };
    document.paths.paths.into_iter().flat_map(of_path).collect()
}

/// Returns what answers requests.
pub(super) fn router(server: &Shared) -> Router {
    let (routes, _) = routes();
    routes
        .merge(dashboard::pages())
        .fallback(|| async { Problem::new(StatusCode::NOT_FOUND, "unknown_route", "there is no such route") })
        .method_not_allowed_fallback(|| async {
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method", "this route has no such method")
        })
        // One layer: each is a box and a copy of all below it, for every request.
        .layer((
            from_fn_with_state(server.clone(), every_request),
            DefaultBodyLimit::max(server.limits.body_bytes),
        ))
        .with_state(server.clone())
}

/// Logs and counts every request, ends what takes too long, and keeps a browser from taking an answer for something else.
async fn every_request(State(server): State<Shared>, request: Request, next: Next) -> Response {
    let begin = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let in_time = tokio::time::timeout(server.limits.request, next.run(request)).await;
    let mut response = in_time.unwrap_or_else(|_| {
        Problem::new(StatusCode::REQUEST_TIMEOUT, "timeout", "the request took too long").into_response()
    });
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let (status, took) = (response.status(), begin.elapsed());
    let route = route.as_ref().map_or("", MatchedPath::as_str);
    server.metrics.answers(method.as_str(), route, status.as_u16()).count(took);
    log_answer(&method, route, status, took);
    response
}

/// Logs a request that was answered: changes and refusals by default, what is read and evaluated on request, since there are
/// thousands of these a second. Neither tokens nor queries stand in the log.
pub(super) fn log_answer(method: &Method, route: &str, status: StatusCode, took: Duration) {
    let reads = method.is_safe() || (method == Method::POST && route.contains("/evaluate"));
    let micros = || u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    let refused =
        status.is_server_error() || matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
    if reads && !refused {
        tracing::debug!(%method, route, status = status.as_u16(), micros = micros(), "request");
    } else {
        tracing::info!(%method, route, status = status.as_u16(), micros = micros(), "request");
    }
}
