//! The dashboard: pages rendered here, readable without scripts, over the same snapshot and journal as the API.
//!
//! Every page shows what `ffctl` would show, in the words of the same reports. Changes go through the same door as
//! the API's: a form names the tag that was seen, and shows the forecast before it applies. With a script, a page that is
//! open renews what has changed in it. Nothing is loaded from
//! elsewhere, and the policy in [`headers`] forbids it.

mod apply;
mod assets;
mod edit;
mod ends;
mod experiments;
mod explain;
mod flag;
mod flags;
mod foresee;
mod headers;
mod journal;
mod layout;
mod live;
mod login;
mod overrides;
mod parts;
mod preview;
mod visitor;
mod wish;

use axum::Router;
use axum::middleware::from_fn;
use axum::routing::get;

use super::state::Shared;

pub(super) use login::LOGIN;

/// Returns the pages.
pub(super) fn pages() -> Router<Shared> {
    Router::new()
        .route("/", get(flags::page))
        .route("/flags/{name}", get(flag::page).post(apply::change))
        .route("/flags/{name}/preview", get(preview::page))
        .route("/journal", get(journal::page))
        .route("/journal/{number}/undo", get(journal::before_undo).post(journal::undo))
        .route("/experiments", get(experiments::page))
        .route("/live", get(live::events))
        .route(LOGIN, get(login::page).post(login::enter))
        .route("/logout", axum::routing::post(login::leave))
        .route("/assets/{name}", get(assets::asset))
        .layer(from_fn(headers::strict))
}
