//! The frame of every page.

use maud::{DOCTYPE, Markup, html};

use crate::server::caller::Caller;
use crate::server::snapshot::Snapshot;

use super::assets;

/// The places that the head of a page leads to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// All flags, and one.
    Flags,
    /// The experiments.
    Experiments,
    /// Who changed what.
    Journal,
}

/// Returns a whole page for somebody who has logged in. One that shows a snapshot is live: it renews itself as soon as there
/// is another one.
pub(super) fn page(
    title: &str,
    place: Place,
    visitor: &Caller,
    shows: Option<&Snapshot>,
    body: &Markup,
) -> Markup {
    let link = |target: Place, path: &str, text: &str| {
        html! { a href=(path) aria-current=[(target == place).then_some("page")] { (text) } }
    };
    document(
        title,
        shows.map(Snapshot::state),
        &html! {
            header.bar {
                a.brand href="/" { span.mark aria-hidden="true" {} "ffctl" }
                nav aria-label="Main" {
                    (link(Place::Flags, "/", "Flags"))
                    (link(Place::Experiments, "/experiments", "Experiments"))
                    (link(Place::Journal, "/journal", "Journal"))
                }
                span.pulse #live hidden { "live" }
                div.who {
                    span { (visitor.name) }
                    span.role { (visitor.role) }
                    form method="post" action="/logout" { button.quiet type="submit" { "Log out" } }
                }
            }
            p.away #away role="status" hidden {}
            main { (body) }
        },
    )
}

/// Returns a whole page without the head.
pub(super) fn bare(title: &str, body: &Markup) -> Markup {
    document(title, None, &html! { main.bare { (body) } })
}

fn document(title: &str, state: Option<&str>, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · ffctl" }
                link rel="stylesheet" href=(assets::STYLE.path());
                link rel="icon" href=(assets::ICON.path()) type="image/svg+xml";
                script src=(assets::SCRIPT.path()) defer {}
                @if state.is_some() { script src=(assets::LIVE.path()) defer {} }
            }
            body data-state=[state] { (body) }
        }
    }
}
