use serde_json::{Value, json};

use crate::admin::JournalFilter;
use crate::error::Kind;
use crate::layer::{Field, Version};

use super::{asked, change_set, client, permit};
use crate::support::api;

#[test]
fn a_change_is_guarded_by_the_tag_that_was_read() {
    let server = api::rich(&["a", "b"], None);
    let client = client(&server);
    let layer = client.read_flags(&["a"]).expect("read");
    assert_eq!(layer.version("a"), Version::Tag("\"0\"".to_owned()));
    assert!(layer.server["a"].rich && layer.overrides.is_empty());

    let set = change_set(&[("a", json!({ "enabled": true, "rollout": "5%" }), layer.version("a"))]);
    let written = client.write(&permit(), &set).expect("written");
    assert_eq!((written.number, &written.versions["a"]), (Some(1), &Version::Tag("\"1\"".to_owned())));
    let again = client.write(&permit(), &set).expect("the same key");
    assert_eq!(again, written);
    let after = client.read().expect("read");
    assert_eq!(after.overrides["a"][&Field::Rollout].0.to_string(), "5%");
    assert_eq!(after.overrides["a"][&Field::Rollout].1.journal(), Some(1));

    let requests = server.requests();
    let patch = &requests[1];
    assert_eq!(patch.headers["if-match"], "\"0\"");
    assert_eq!(patch.headers["idempotency-key"], set.key.as_str());
    assert_eq!(patch.headers["content-type"], "application/json");
    assert!(patch.headers["user-agent"].starts_with("ffctl/"));
    let body: Value = serde_json::from_str(&patch.body).expect("json");
    assert_eq!(body, json!({ "enabled": true, "rollout": "5%", "reason": "incident" }));
    let paths =
        ["GET /feature-flags/a", "PATCH /feature-flags/a", "PATCH /feature-flags/a", "GET /feature-flags"];
    assert_eq!(asked(&server), paths);
}

#[test]
fn a_stale_or_missing_version_is_a_conflict_that_says_what_changed() {
    let server = api::rich(&["a"], None);
    let client = client(&server);
    let stale = change_set(&[("a", json!({ "enabled": true }), Version::Tag("\"7\"".to_owned()))]);
    let error = client.write(&permit(), &stale).expect_err("stale");
    assert_eq!(error.kind(), Kind::Conflict);
    assert!(error.message().contains("ben changed a at 10:00"), "{error}");
    assert!(error.message().starts_with(&format!("test {}", server.url())), "{error}");
    let none = change_set(&[("a", json!({ "enabled": true }), Version::Unknown)]);
    assert_eq!(client.write(&permit(), &none).expect_err("428").kind(), Kind::Conflict);
    assert_eq!(server.requests().len(), 2, "no refusal is repeated");
}

#[test]
fn several_flags_go_in_one_request() {
    let server = api::rich(&["a", "b", "c"], None);
    let client = client(&server);
    let layer = client.read_flags(&["a", "b"]).expect("read");
    assert_eq!(layer.server.keys().collect::<Vec<_>>(), ["a", "b"], "only what was asked for");
    let changes = [
        ("a", json!({ "enabled": true }), layer.version("a")),
        ("b", json!({ "users": { "u": "on" } }), layer.version("b")),
    ];
    let written = client.write(&permit(), &change_set(&changes)).expect("written");
    assert_eq!((written.number, &written.versions["b"]), (Some(1), &Version::Tag("\"1\"".to_owned())));
    assert_eq!(asked(&server), ["GET /feature-flags", "PATCH /feature-flags"]);
    let body: Value = serde_json::from_str(&server.requests()[1].body).expect("json");
    assert_eq!(body["flags"]["a"], json!({ "if_match": "\"0\"", "patch": { "enabled": true } }));
    assert_eq!(body["reason"], "incident");
    let error = client.write(&permit(), &change_set(&changes)).expect_err("stale");
    assert_eq!(error.kind(), Kind::Conflict);
}

#[test]
fn a_flag_that_it_does_not_know_is_left_out_of_reads_and_unknown_to_writes() {
    let server = api::rich(&["a"], None);
    let client = client(&server);
    assert!(client.read_flags(&["nope"]).expect("read").server.is_empty());
    assert_eq!(server.requests().len(), 1, "the server says that it is the flag that is missing");
    let one = change_set(&[("nope", json!({ "enabled": true }), Version::Unknown)]);
    assert_eq!(client.write(&permit(), &one).expect_err("unknown").kind(), Kind::Unknown);
    let tag = Version::Tag("\"0\"".to_owned());
    let two = change_set(&[
        ("a", json!({ "enabled": true }), tag.clone()),
        ("nope", json!({ "enabled": true }), tag),
    ]);
    assert_eq!(client.write(&permit(), &two).expect_err("unknown").kind(), Kind::Unknown);
    assert!(client.read().expect("read").overrides.is_empty(), "all or nothing");
}

#[test]
fn names_are_encoded_in_paths() {
    let server = api::rich(&["a"], None);
    let odd = change_set(&[("../a?b#c/d e", json!({ "enabled": true }), Version::Unknown)]);
    client(&server).write(&permit(), &odd).expect_err("unknown");
    assert_eq!(asked(&server), ["PATCH /feature-flags/..%2Fa%3Fb%23c%2Fd%20e"]);
    for dots in [".", ".."] {
        let set = change_set(&[(dots, json!({ "enabled": true }), Version::Unknown)]);
        assert_eq!(client(&server).write(&permit(), &set).expect_err("no flag").kind(), Kind::Unknown);
    }
    assert_eq!(server.requests().len(), 1, "a path that means another route is not asked for");
}

#[test]
fn the_journal_is_read_newest_first() {
    let server = api::rich(&["a"], None);
    let client = client(&server);
    for (on, version) in [(true, 0), (false, 1)] {
        let tag = Version::Tag(format!("\"{version}\""));
        client.write(&permit(), &change_set(&[("a", json!({ "enabled": on }), tag)])).expect("written");
    }
    let filter = JournalFilter { flag: Some("a b".to_owned()), after: Some(0), before: None, limit: 5 };
    let entries = client.journal(&filter).expect("read");
    assert_eq!(entries.iter().map(|entry| entry.number).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(
        entries[0].changes[0].after[&Field::Enabled].as_ref().map(ToString::to_string).as_deref(),
        Some("off")
    );
    assert_eq!(
        (entries[0].actor.as_deref(), entries[0].reason.as_deref()),
        (Some("token"), Some("incident"))
    );
    assert!(entries[0].at.is_some());
    assert_eq!(asked(&server)[2], "GET /journal?flag=a+b&after=0&limit=5");
}

#[test]
fn a_journal_that_is_not_told_is_said_to_be_none() {
    let server = api::without_journal(&["a"]);
    let error = client(&server).journal(&JournalFilter::default()).expect_err("no journal");
    assert_eq!(error.kind(), Kind::Unreachable);
    assert!(error.message().contains("keeps no journal"), "{error}");
}
