//! `ffctl undo` of what had an end: it comes back with it, on every kind of target.

use std::time::Duration;

use serde_json::{Value, json};

use super::ffctl_server::{FfctlServer, until};
use super::project::Project;
use super::support::postgres::database;

const FLAG: &str = "use_v3_style";

/// A target: the server over a store, and the options with which the command line speaks to it.
fn comes_back_with_its_ends(project: &Project, server: &FfctlServer, target: &[&str]) {
    fn at<'a>(words: &[&'a str], target: &[&'a str]) -> Vec<&'a str> {
        [words, target].concat()
    }
    let says = || {
        let flag = server.get("/feature-flags/use_v3_style").json();
        (flag["override"].clone(), flag.get("override_expires").cloned().unwrap_or(Value::Null))
    };
    project.ok(&["set", FLAG, "on", "--for", "2h", "--yes"]);
    project.ok(&["set", FLAG, "off", "--user", "u-1", "--for", "3h", "--yes"]);
    project.ok(&["set", FLAG, "on", "--org", "acme", "--yes"]);
    let before = says();
    assert_eq!(before.1.as_object().map(serde_json::Map::len), Some(2), "{before:?}");
    let now = |expected: &(Value, Value)| {
        until(Duration::from_secs(10), || says() == *expected);
    };
    // Taken away, and brought back: each field with its own end, in one entry.
    let unset = project.json(&at(&["unset", FLAG, "--yes"], target));
    now(&(Value::Null, Value::Null));
    let number = unset["receipt"]["journal"].as_str().expect("a number").to_owned();
    let undone = project.json(&at(&["undo", &number, "--yes"], target));
    assert_eq!((&undone["receipt"]["read_back"], undone.get("expires_at")), (&json!(true), None), "{undone}");
    now(&before);
    let history = project.json(&at(&["history", "--limit", "1"], target));
    let changes = history["entries"][0]["changes"].as_array().expect("changes").clone();
    let ends: Vec<_> = changes.iter().map(|change| change.get("expires_at").is_some()).collect();
    assert_eq!(ends.iter().filter(|ends| **ends).count(), 2, "{history}");
    let shown = project.ok(&at(&["history", "--limit", "1"], target));
    assert!(shown.contains("ends in 2h"), "{shown}");
    // Made to stay, and back: the value is the same, the end alone differs.
    let stays = project.json(&at(&["set", FLAG, "on", "--yes"], target));
    let number = stays["receipt"]["journal"].as_str().expect("a number").to_owned();
    let planned = project.ok(&at(&["undo", &number, "--dry-run"], target));
    assert!(planned.contains("stays") && planned.contains("  ends 2"), "{planned}");
    project.ok(&at(&["undo", &number, "--yes"], target));
    now(&before);
    project.ok(&at(&["journal", "verify"], target));
}

#[test]
fn an_undo_brings_the_end_back_through_a_server_and_past_it() {
    for target in [&[] as &[&str], &["--local"]] {
        let mut project = Project::shipped();
        let server = FfctlServer::start(&project, &[]);
        server.point(&mut project);
        comes_back_with_its_ends(&project, &server, target);
    }
}

#[test]
fn an_undo_brings_the_end_back_in_a_database() {
    let Some(database) = database("an undo that brings ends back") else { return };
    let url = database.url();
    let mut project = Project::shipped();
    let server = FfctlServer::start(&project, &["--store", &url]);
    server.point(&mut project);
    comes_back_with_its_ends(&project, &server, &[]);
    let mut other = Project::shipped();
    let database = super::support::postgres::database("an undo past the server").expect("as the one before");
    let url = database.url();
    let server = FfctlServer::start(&other, &["--store", &url]);
    server.point(&mut other);
    comes_back_with_its_ends(&other, &server, &["--store", &url]);
}

#[test]
fn what_has_ended_by_now_is_said_and_not_brought_back() {
    let mut project = Project::shipped();
    let server = FfctlServer::start(&project, &[]);
    server.point(&mut project);
    project.ok(&["set", FLAG, "off", "--user", "u-1", "--yes"]);
    project.ok(&["set", FLAG, "on", "--user", "u-1", "--for", "1s", "--yes"]);
    let unset = project.json(&["unset", FLAG, "--yes"]);
    let number = unset["receipt"]["journal"].as_str().expect("a number").to_owned();
    let undo = || project.run(&["undo", &number, "--yes", "--dry-run"]);
    until(Duration::from_secs(10), || undo().stderr.contains("was to end by itself"));
    let run = project.run(&["undo", &number, "--yes"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stderr.contains("user u-1 of `use_v3_style` was to end by itself"), "{}", run.stderr);
    // What it would have gone back to.
    let flag = server.get("/feature-flags/use_v3_style").json();
    assert_eq!(flag["override"], json!({ "users": { "u-1": "off" } }));
    // Who takes the end itself back wants the value, for good.
    project.ok(&["set", FLAG, "on", "--for", "1s", "--yes"]);
    let newest = || project.json(&["history", "--limit", "1"])["entries"][0].clone();
    until(Duration::from_secs(10), || newest()["by"] == "ffctl serve");
    let number = newest()["number"].as_str().expect("a number").to_owned();
    let run = project.run(&["undo", &number, "--yes"]);
    assert!(run.code == 0 && run.stderr.contains("brought back without an end"), "{run:?}");
    let flag = server.get("/feature-flags/use_v3_style").json();
    assert_eq!((&flag["override"]["enabled"], flag.get("override_expires")), (&json!(true), None));
}

#[test]
fn a_server_takes_an_end_for_each_field_and_says_what_is_wrong_with_one() {
    let project = Project::shipped();
    let server = FfctlServer::start(&project, &[]);
    let path = "/feature-flags/use_v3_style";
    let far = "2999-01-01T00:00:00Z";
    for (patch, pointer) in [
        (json!({ "enabled": true, "ends": far }), "/ends"),
        (json!({ "enabled": true, "ends": { "enabled": "soon" } }), "/ends/enabled"),
        (json!({ "enabled": true, "ends": { "switch": far } }), "/ends/switch"),
        (json!({ "enabled": true, "ends": { "enabled": "2020-01-01T00:00:00Z" } }), "/ends/enabled"),
        (json!({ "enabled": true, "ends": { "rollout": far } }), "/ends/rollout"),
        (json!({ "enabled": null, "ends": { "enabled": far } }), "/ends/enabled"),
        (json!({ "enabled": true, "expires_at": far, "ends": { "enabled": far } }), "/ends"),
    ] {
        let answer = server.request("PATCH", path).with("if-match", "*").json(&patch).send();
        answer.problem(422);
        assert_eq!(answer.json()["pointer"], pointer, "{patch}");
    }
    let patch = json!({ "enabled": true, "users": { "u": "on" }, "ends": { "user u": far } });
    let flag = server.request("PATCH", path).with("if-match", "*").json(&patch).send().json();
    assert_eq!(flag["override_expires"]["user u"].as_str().map(|ends| &ends[..4]), Some("2999"), "{flag}");
    assert_eq!(flag["override_expires"].get("enabled"), None, "{flag}");
    let change = server.get("/journal").json()["entries"][0]["changes"][0].clone();
    assert_eq!(
        (change["ends"].as_object().map(serde_json::Map::len), change.get("expires_at")),
        (Some(1), None)
    );
}
