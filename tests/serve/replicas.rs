//! Several servers over one database.

use std::collections::BTreeSet;
use std::thread;
use std::time::Duration;

use serde_json::json;

use super::super::ffctl_server::{FfctlServer, until};
use super::super::project::Project;
use super::super::support::postgres::{cluster, database};
use super::watching::{in_millis, next, switch, watch};

/// How long something may take that takes some milliseconds.
const PATIENCE: Duration = Duration::from_secs(30);

fn pair(project: &Project, url: &str) -> (FfctlServer, FfctlServer) {
    let one = FfctlServer::start(project, &["--store", url]);
    let other = FfctlServer::joining(project, &["--store", url], &one.token);
    assert_eq!(other.said["token"], json!(null), "there is a token already");
    (one, other)
}

#[test]
fn a_change_on_one_server_is_seen_on_the_other() {
    let Some(database) = database("ffctl serve: replicas") else { return };
    let project = Project::shipped();
    let (one, other) = pair(&project, &database.url());
    assert_eq!(one.said["store"], database.url().replace("postgres@", ""));
    let ask = |tag: &str| {
        let request = other.request("POST", "//ofrep/v1/evaluate/flags").with("if-none-match", tag);
        request.json(&json!({ "context": { "targetingKey": "u-1" } })).send()
    };
    let before = ask("\"none\"");
    assert_eq!(ask(before.header("etag")).status, 304);
    let list = other.get("/feature-flags").header("etag").to_owned();
    let events = watch(&other, None);

    switch(&one, "use_v3_style", true);
    let event = next(&events);
    assert_eq!((event.id, &event.data["flags"]), (Some(1), &json!(["use_v3_style"])));
    // Who hears of a change finds it.
    let flag = other.get("/feature-flags/use_v3_style");
    assert_eq!(flag.json()["override"], json!({ "enabled": true }));
    assert_eq!(flag.header("etag"), one.get("/feature-flags/use_v3_style").header("etag"));
    assert_ne!(other.get("/feature-flags").header("etag"), list);
    let after = ask(before.header("etag"));
    assert_eq!(after.status, 200, "the tag of before no longer holds");
    assert_eq!(other.get("/journal").json(), one.get("/journal").json());

    // The other way round, on the version that the other answered with; then with one that is over.
    let stale = flag.header("etag").to_owned();
    let write = |server: &FfctlServer, tag: &str| {
        let request = server.request("PATCH", "/feature-flags/use_v3_style").with("if-match", tag);
        request.json(&json!({ "enabled": false })).send()
    };
    assert_eq!(write(&other, &stale).status, 200);
    assert_eq!(write(&one, &stale).problem(412), "changed");

    // Tokens count, and count no more, on all of them.
    let made = one.request("POST", "/tokens").json(&json!({ "name": "ci", "role": "viewer" })).send().json();
    let secret = format!("Bearer {}", made["secret"].as_str().expect("a secret"));
    let status = || other.request("GET", "/feature-flags").with("authorization", &secret).send().status;
    until(PATIENCE, || status() == 200);
    assert_eq!(one.request("DELETE", &format!("/tokens/{}", made["number"])).send().status, 200);
    until(PATIENCE, || status() == 401);
}

#[test]
fn servers_that_start_at_once_on_an_empty_database_agree_on_one_first_token() {
    let Some(database) = database("ffctl serve: starting at once") else { return };
    let project = Project::shipped();
    let url = database.url();
    let mut servers: Vec<FfctlServer> = thread::scope(|scope| {
        let start = || FfctlServer::joining(&project, &["--store", &url], "");
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(start)).collect();
        threads.into_iter().map(|thread| thread.join().expect("it starts")).collect()
    });
    let tokens: Vec<String> =
        servers.iter().filter_map(|server| server.said["token"].as_str().map(str::to_owned)).collect();
    let [token] = tokens.as_slice() else { panic!("{} tokens", tokens.len()) };
    for server in &mut servers {
        server.token.clone_from(token);
        until(PATIENCE, || server.get("/feature-flags").status == 200);
    }
    assert_eq!(database.run("select count(*) from ffctl.migration"), "3");
}

#[test]
fn one_of_several_servers_ends_an_override_and_journals_it_once() {
    let Some(database) = database("ffctl serve: ends on replicas") else { return };
    let project = Project::shipped();
    let (one, other) = pair(&project, &database.url());
    let events = watch(&other, None);
    let mut numbers = BTreeSet::new();
    for round in 0..3_u64 {
        let patch = json!({ "rollout": format!("{}%", 50 + round), "expires_at": in_millis(500) });
        let request = one.request("PATCH", "/feature-flags/use_v3_style").with("if-match", "*");
        assert_eq!(request.json(&patch).send().status, 200);
        // The change and its end.
        for _ in 0..2 {
            assert!(numbers.insert(next(&events).id.expect("a number")));
        }
        assert_eq!(other.get("/feature-flags/use_v3_style").json()["override"], json!(null));
    }
    assert_eq!(numbers, (1..=6).collect());
    let journal = one.get("/journal").json();
    let actors: Vec<_> =
        journal["entries"].as_array().expect("entries").iter().map(|e| &e["actor"]).collect();
    assert_eq!(actors, ["ffctl serve", "first admin"].repeat(3));
}

#[test]
fn while_the_database_is_away_reads_are_answered_and_writes_say_that_nothing_was_changed() {
    let Some(cluster) = cluster("ffctl serve: a database that goes away") else { return };
    let database = cluster.database();
    let project = Project::shipped();
    let server = FfctlServer::start(&project, &["--store", &database.url()]);
    switch(&server, "use_v3_style", true);
    assert_eq!(server.request("GET", "//readyz").send().text, "ready\n");
    let before = server.get("/feature-flags");

    cluster.stop();
    let ready = || server.request("GET", "//readyz").send();
    until(PATIENCE, || ready().text.starts_with("ready, but without its database since "));
    assert_eq!(ready().status, 200, "taking every server out would take the flags from everybody");
    let away = server.get("/feature-flags");
    assert_eq!((away.status, away.header("etag")), (200, before.header("etag")));
    let evaluated = server.request("POST", "//ofrep/v1/evaluate/flags/use_v3_style");
    assert_eq!(evaluated.json(&json!({ "context": { "targetingKey": "u" } })).send().json()["value"], true);
    let write = || {
        let request = server.request("PATCH", "/feature-flags/use_v3_style").with("if-match", "*");
        request.json(&json!({ "enabled": false })).send()
    };
    let refused = write();
    assert_eq!(refused.problem(503), "store");
    let detail = refused.json()["detail"].to_string();
    assert!(detail.contains("nothing was changed"), "{detail}");
    assert!(!detail.contains("127.0.0.1"), "whose database it is, is for those who run the server: {detail}");
    assert!(server.request("GET", "//metrics").send().text.contains("ffctl_store_reachable 0"));
    assert_eq!(
        server.request("POST", "/tokens").json(&json!({ "name": "a", "role": "viewer" })).send().status,
        503
    );
    assert_eq!(server.get("/journal").problem(503), "store");

    let events = watch(&server, Some(1));
    cluster.start_again();
    until(PATIENCE, || ready().text == "ready\n");
    until(PATIENCE, || write().status == 200);
    assert_eq!(next(&events).id, Some(2), "of what failed, nothing is left");
    assert!(server.request("GET", "//metrics").send().text.contains("ffctl_store_reachable 1"));
    let log = server.log();
    assert!(log.contains("going on with what was true before") && log.contains("can be read again"), "{log}");
}
