//! OFREP, the `OpenFeature` Remote Evaluation Protocol, version 0.3: what applications ask through any `OpenFeature` SDK.
//!
//! <https://github.com/open-feature/protocol>. Answers are the strict subset of its description: every success has a
//! key, a value of a type that it knows, a reason of the `OpenFeature` specification and a variant; every failure a code and
//! details. Nothing is decided here: who gets what is `eval/`'s business, what a context is `context/`'s. Failures that
//! the protocol leaves open (no token, too many requests) are problems as everywhere else.

mod bulk;
mod context;
mod evaluate;
mod failure;
mod request;
mod single;
mod success;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::state::Shared;

pub(super) use single::{SINGLE, evaluate_at_once};

/// Returns the routes of the protocol.
pub(super) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(single::evaluate_flag)).routes(routes!(bulk::evaluate_flags))
}
