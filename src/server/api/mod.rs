//! The routes of the admin API, a file per route; every one below `/api/v1/admin`.

mod delete_override;
mod evaluate;
mod events;
mod flag;
mod flags;
mod health;
mod journal;
mod metrics;
mod patch_flag;
mod patch_flags;
mod shape;
mod tokens;
mod whoami;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::state::Shared;

/// Returns the routes below `/api/v1/admin`.
pub(super) fn admin() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(flags::list, patch_flags::change))
        .routes(routes!(flag::show, patch_flag::change))
        .routes(routes!(delete_override::delete))
        .routes(routes!(journal::list))
        .routes(routes!(evaluate::evaluate))
        .routes(routes!(events::list))
        .routes(routes!(tokens::list, tokens::create))
        .routes(routes!(tokens::revoke))
        .routes(routes!(whoami::whoami))
}

/// Returns the routes that say how the server is, for those who run it.
pub(super) fn operations() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
        .routes(routes!(metrics::metrics))
}
