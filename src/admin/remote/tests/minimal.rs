use serde_json::json;

use crate::admin::JournalFilter;
use crate::error::Kind;
use crate::layer::{Field, FieldValue, Version};

use super::{asked, change_set, client, client_at, permit};
use crate::support::api;
use crate::support::server::{Reply, Server};

#[test]
fn three_fields_are_enough_to_list_and_set() {
    let server = api::minimal(&[("a", true, "env"), ("b", false, "admin")]);
    let client = client(&server);
    let layer = client.read().expect("read");
    assert_eq!(layer.overrides.keys().collect::<Vec<_>>(), ["b"]);
    assert_eq!(server.requests().len(), 1);

    let layer = client.read_flags(&["a"]).expect("read");
    assert_eq!((layer.version("a"), layer.server.len()), (Version::Unknown, 1));
    let set = change_set(&[("a", json!({ "enabled": false }), layer.version("a"))]);
    let written = client.write(&permit(), &set).expect("written");
    assert_eq!((written.number, &written.versions["a"]), (None, &Version::Unknown));
    let value = &client.read().expect("read").overrides["a"][&Field::Enabled].0;
    assert_eq!(*value, FieldValue::Switch(false));
    let patch = &server.requests()[3];
    assert!(!patch.headers.contains_key("if-match") && patch.headers.contains_key("idempotency-key"));
    let paths = [
        "GET /feature-flags",
        "GET /feature-flags/a",
        "GET /feature-flags",
        "PATCH /feature-flags/a",
        "GET /feature-flags",
    ];
    assert_eq!(asked(&server), paths);
}

#[test]
fn what_it_cannot_do_is_reported_and_nothing_is_written() {
    let server = api::minimal(&[("a", true, "env"), ("b", true, "env")]);
    let client = client(&server);
    let rollout = change_set(&[("a", json!({ "rollout": "5%" }), Version::Unknown)]);
    let error = client.write(&permit(), &rollout).expect_err("not supported");
    assert_eq!(error.kind(), Kind::Invalid);
    assert!(error.message().contains("only `enabled` can be set"), "{error}");

    let off = json!({ "enabled": false });
    let both = change_set(&[("a", off.clone(), Version::Unknown), ("b", off.clone(), Version::Unknown)]);
    let error = client.write(&permit(), &both).expect_err("no batch");
    assert_eq!((error.kind(), error.hints()), (Kind::Refused, &["change one flag at a time".to_owned()][..]));
    assert!(client.read().expect("read").overrides.is_empty());

    let unknown = change_set(&[("c", off, Version::Unknown)]);
    assert_eq!(client.write(&permit(), &unknown).expect_err("unknown").kind(), Kind::Unknown);
    let error = client.journal(&JournalFilter::default()).expect_err("none");
    assert!(error.message().contains("keeps no journal"), "{error}");
    assert!(error.hints()[0].contains("the receipt"), "{:?}", error.hints());
}

#[test]
fn a_server_that_answers_every_route_with_a_page_is_asked_for_the_list() {
    let server = Server::start(|request| match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/flags/api/v1/admin/feature-flags") => {
            Reply::json(200, &json!({ "flags": [{ "name": "a", "enabled": true, "source": "env" }] }))
        }
        _ => Reply::text(200, "text/html", "<!doctype html><title>App</title>"),
    });
    let client = client_at(&format!("{}/flags/", server.url()), crate::settings::TimeLimits::default());
    assert!(client.read_flags(&["a"]).expect("read").server["a"].enabled);
    let set = change_set(&[("a", json!({ "enabled": false }), Version::Unknown)]);
    let error = client.write(&permit(), &set).expect_err("a page is no receipt");
    assert_eq!(error.kind(), Kind::OutcomeUnknown);
}

#[test]
fn a_rich_list_without_tags_is_completed_by_the_flags_own_routes() {
    let server = Server::start(|request| {
        let entry = |name: &str| json!({ "name": name, "enabled": true, "source": "admin", "override": { "enabled": true } });
        match request.path.rsplit('/').next() {
            Some("feature-flags") => {
                Reply::json(200, &json!({ "flags": [entry("a"), entry("b"), entry("c")] }))
            }
            Some(name) => Reply::json(200, &entry(name)).with("etag", &format!("\"{name}1\"")),
            None => Reply::Close,
        }
    });
    let layer = client(&server).read_flags(&["a", "b"]).expect("read");
    assert_eq!(layer.version("b"), Version::Tag("\"b1\"".to_owned()));
    assert_eq!((layer.overrides.len(), server.requests().len()), (2, 3));
}
