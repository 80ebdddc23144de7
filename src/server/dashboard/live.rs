//! What tells open pages that something changed; they ask for themselves again then.

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::server::events::{Client, News, changed_flags, watch};
use crate::server::problem::Problem;
use crate::server::snapshot::Snapshot;
use crate::server::state::Shared;

use super::visitor::Watching;

/// Sends the state that pages are rendered from: once at the begin, and whenever it is another one.
pub(super) async fn events(
    Watching(visitor): Watching,
    State(server): State<Shared>,
) -> Result<Response, Problem> {
    let events = watch(&server, visitor.token, Pages { seen: None })?;
    let kind = [(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-store")];
    Ok((kind, Body::new(events)).into_response())
}

struct Pages {
    /// What the pages were told last.
    seen: Option<std::sync::Arc<Snapshot>>,
}

impl News for Pages {
    /// One that a script hears, so that it notices a connection that has died in silence.
    const HEARTBEAT: &'static str = "event: beat\ndata: {}\n\n";

    async fn tell(&mut self, client: &Client) -> bool {
        let now = client.server().snapshot();
        let event = match &self.seen {
            None => Some(format!("event: state\ndata: {}\n\n", json!({ "state": now.state() }))),
            Some(seen) if seen.state() == now.state() => None,
            Some(seen) => {
                let flags: Vec<&String> = changed_flags(seen, &now).into_iter().collect();
                let data = json!({ "state": now.state(), "flags": flags });
                Some(format!("event: change\ndata: {data}\n\n"))
            }
        };
        self.seen = Some(now);
        event.is_none_or(|event| client.send(event))
    }
}
