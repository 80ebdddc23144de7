//! The client against real servers on loopback, good and bad.

mod faults;
mod minimal;
mod retries;
mod rich;
mod statuses;
mod tokens;

use std::time::Duration;

use serde_json::Value;

use crate::admin::{ChangeSet, FlagChange, IdempotencyKey, Permit, RemoteServer};
use crate::layer::{Ends, Version, patch_from_json};
use crate::model::Timestamp;
use crate::settings::{AdminUrl, CredentialSource, TimeLimits};

use crate::support::server::Server;

/// Limits short enough for tests of slow servers.
fn short() -> TimeLimits {
    let limit = Duration::from_millis(300);
    TimeLimits { connect: limit / 2, read: limit, write: limit }
}

fn client_at(url: &str, limits: TimeLimits) -> RemoteServer {
    let url = AdminUrl::parse(url).expect("an address");
    RemoteServer::new(url, Some("test".to_owned()), CredentialSource::None, limits)
}

fn client(server: &Server) -> RemoteServer {
    client_at(&server.url(), TimeLimits::default())
}

fn permit() -> Permit {
    Permit::unless_dry_run(false).expect("no dry run")
}

fn change_set(changes: &[(&str, Value, Version)]) -> ChangeSet {
    let change = |(flag, json, expect): &(&str, Value, Version)| FlagChange {
        flag: (*flag).to_owned(),
        patch: patch_from_json(json).expect("a patch"),
        expect: expect.clone(),
        ends: Ends::default(),
    };
    ChangeSet {
        at: Timestamp::from_millis(0),
        actor: Some("anna".to_owned()),
        reason: Some("incident".to_owned()),
        key: IdempotencyKey::random(),
        asked: None,
        changes: changes.iter().map(change).collect(),
    }
}

/// The methods and paths that were asked for, without the base.
fn asked(server: &Server) -> Vec<String> {
    let request = |request: crate::support::server::Request| {
        format!("{} {}", request.method, request.path.replace("/api/v1/admin", ""))
    };
    server.requests().into_iter().map(request).collect()
}
