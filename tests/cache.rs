//! The last good answer of a server: when it is used, how it is marked, and when it is not.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use serde_json::{Value, json};

use super::project::Project;
use super::remote::{FLAGS, TOKEN, asked, with_profile, with_url};
use super::support::api;
use super::support::server::{Reply, Server};

/// A server whose status can be changed while it runs; 200 is a list with `use_v3_style` overridden to on.
pub(crate) fn switchable() -> (Server, Arc<AtomicU16>) {
    let status = Arc::new(AtomicU16::new(200));
    let now = Arc::clone(&status);
    let server = Server::start(move |_| match now.load(Ordering::SeqCst) {
        200 => Reply::json(200, &list()),
        1 => Reply::Close,
        2 => Reply::text(200, "text/html", "<!doctype html>"),
        other => Reply::problem(other, "because", "the reason of the server"),
    });
    (server, status)
}

fn list() -> Value {
    json!({ "flags": [{ "name": "use_v3_style", "enabled": true, "source": "admin" }] })
}

pub(crate) fn cache_files(project: &Project) -> Vec<PathBuf> {
    let entries = fs::read_dir(project.cache()).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}

/// Makes the cached answer of a project older by this many seconds.
pub(crate) fn age(project: &Project, seconds: i64) {
    use sha2::{Digest, Sha256};
    for path in cache_files(project) {
        let text = fs::read_to_string(&path).expect("text");
        let (_, rest) = text.split_once('\n').expect("a first line");
        let (about, body) = rest.split_once('\n').expect("a second line");
        let mut about: Value = serde_json::from_str(about).expect("JSON");
        about["at"] = json!(about["at"].as_i64().expect("a time") - seconds * 1_000);
        let rest = format!("{about}\n{body}");
        let digest: Vec<String> =
            Sha256::digest(rest.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        fs::write(&path, format!("ffctl-cache 1 {}\n{rest}", digest.concat())).expect("written");
    }
}

const READS: [&[&str]; 5] = [
    &["list"],
    &["get", "use_v3_style", "enable_try_on"],
    &["explain", "use_v3_style"],
    &["variant-for-user", "u-1"],
    &["simulate-rollout", "use_v3_style", "--to", "on", "--synthetic", "100"],
];

#[test]
fn a_server_that_is_away_is_answered_from_the_cache_and_every_answer_says_so() {
    let (server, status) = switchable();
    let project = with_url(&server);
    assert_eq!(project.json(&["list"])["freshness"]["state"], "live");
    age(&project, 10_800);
    for fault in [1, 500, 502, 503, 504] {
        status.store(fault, Ordering::SeqCst);
        for command in READS {
            let json = project.json(command);
            assert_eq!(json["freshness"]["state"], "cached", "{command:?}");
            let seconds = json["freshness"]["age_seconds"].as_u64().expect("an age");
            assert!((10_800..11_300).contains(&seconds), "{command:?}: {seconds}");
            let run = project.run(command);
            assert_eq!(run.code, 0, "{command:?}: {run:?}");
            assert!(run.stdout.contains("admin: cached 3h ago"), "{command:?}: {}", run.stdout);
            assert!(run.stderr.contains(&server.url()), "{command:?}: {}", run.stderr);
            assert!(run.stderr.contains("this is its answer of 3h ago"), "{command:?}: {}", run.stderr);
        }
        let bare = project.run(&["get", "use_v3_style"]);
        assert_eq!((bare.code, bare.stdout.as_str()), (0, "true\n"), "{bare:?}");
        assert!(bare.stderr.contains("its answer of 3h ago"), "a bare value has no room: {}", bare.stderr);
        for format in ["csv", "jsonl", "markdown", "name"] {
            let run = project.run(&["list", "-o", format]);
            let said = format!("{}{}", run.stdout, run.stderr);
            assert!(said.contains("3h ago"), "{format}: {said}");
        }
    }
    status.store(200, Ordering::SeqCst);
    assert_eq!(project.json(&["list"])["freshness"]["state"], "live");
    assert_eq!(cache_files(&project).len(), 1, "one file, no leftovers");
}

#[test]
fn what_the_server_says_on_purpose_is_never_papered_over() {
    for (fault, code) in [(2, 6), (404, 6), (400, 7), (409, 5), (410, 6), (418, 6), (429, 6), (302, 6)] {
        let (server, status) = switchable();
        let project = with_url(&server);
        project.ok(&["list"]);
        status.store(fault, Ordering::SeqCst);
        let run = project.run(&["list", "--max-age", "24h"]);
        assert_eq!((run.code, run.stdout.as_str()), (code, ""), "{fault}: {run:?}");
        assert_eq!(cache_files(&project).len(), 1, "{fault}: it is still there");
    }
}

#[test]
fn who_is_refused_loses_the_cached_answer() {
    for refused in [401, 403] {
        let (server, status) = switchable();
        let project = with_url(&server);
        project.ok(&["list"]);
        status.store(refused, Ordering::SeqCst);
        assert_eq!(project.run(&["list"]).code, 4);
        assert!(cache_files(&project).is_empty(), "{refused}");
        status.store(503, Ordering::SeqCst);
        assert_eq!(project.run(&["list"]).code, 6, "nothing is left");
    }
}

#[test]
fn another_token_does_not_read_it() {
    let (server, status) = switchable();
    let mut project = with_url(&server);
    project.set("FFCTL_TOKEN", TOKEN);
    project.ok(&["list"]);
    status.store(503, Ordering::SeqCst);
    assert_eq!(project.json(&["list"])["freshness"]["state"], "cached");
    project.set("FFCTL_TOKEN", "another");
    assert_eq!(project.run(&["list"]).code, 6);
    for path in cache_files(&project) {
        assert!(!fs::read_to_string(path).expect("text").contains(TOKEN));
    }
}

#[test]
fn an_answer_that_holds_the_token_is_not_kept() {
    let server =
        Server::start(|_| Reply::json(200, &json!({ "flags": [], "hello": format!("you are {TOKEN}") })));
    let mut project = with_url(&server);
    project.set("FFCTL_TOKEN", TOKEN);
    project.ok(&["list"]);
    assert!(cache_files(&project).is_empty());
}

#[test]
fn too_old_is_an_outcome_of_its_own() {
    let (server, status) = switchable();
    let project = with_url(&server);
    project.ok(&["list"]);
    age(&project, 7_300);
    status.store(503, Ordering::SeqCst);
    let said = project.fails(9, &["list", "--max-age", "60s"]);
    assert!(said.contains("its last answer is 2h old, older than 1m"), "{said}");
    assert!(said.contains("--max-age 3h accepts it"), "{said}");
    assert_eq!(project.json(&["list", "--max-age", "3h"])["freshness"]["state"], "cached");
    // Where the exit code is the answer, only a live one will do unless one says otherwise.
    let said = project.fails(9, &["get", "use_v3_style", "--exit-status"]);
    assert!(said.contains("this needs a live one"), "{said}");
    assert_eq!(project.run(&["get", "use_v3_style", "--exit-status", "--max-age", "3h"]).code, 0);
    assert_eq!(project.run(&["get", "use_v3_style", "--max-age", "0"]).code, 9, "0 is live only");
    age(&project, 86_400);
    let said = project.fails(9, &["list"]);
    assert!(said.contains("its last answer is 1d 2h old, older than 1d"), "{said}");
    assert!(!said.contains("accepts it"), "nothing does: {said}");
    let said = project.fails(2, &["list", "--max-age", "25h"]);
    assert!(said.contains("24h"), "{said}");
    assert_eq!(project.run(&["list", "--max-age", "soon"]).code, 2);
    status.store(200, Ordering::SeqCst);
    assert_eq!(project.json(&["list"])["freshness"]["state"], "live");
}

#[test]
fn offline_answers_from_the_cache_and_says_what_it_is() {
    let server = api::rich(&FLAGS, None);
    let project = with_url(&server);
    let run = project.run(&["get", "use_v3_style", "--offline"]);
    assert_eq!(run.stdout, "false\n");
    assert!(run.stderr.contains("admin: not asked (target: "), "{}", run.stderr);
    project.ok(&["list"]);
    project.ok(&["set", "use_v3_style", "on", "--yes"]);
    project.ok(&["list"]);
    age(&project, 3_600);
    let before = server.requests().len();
    let run = project.run(&["get", "use_v3_style", "--offline"]);
    assert_eq!(run.stdout, "true\n", "{run:?}");
    assert!(run.stderr.contains("admin: not asked, its answer of 1h ago"), "{}", run.stderr);
    let list = project.json(&["list", "--offline"]);
    assert_eq!(list["freshness"]["state"], "cached");
    assert!(project.ok(&["list", "--offline"]).contains("admin: cached 1h ago"));
    let run = project.run(&["list", "--offline", "--max-age", "5s"]);
    assert!(run.stdout.contains("admin: not asked"), "{run:?}");
    assert!(run.stderr.contains("its last answer is 1h old, older than 5s"), "{}", run.stderr);
    let said = project.fails(2, &["get", "use_v3_style", "--exit-status", "--offline"]);
    assert!(said.contains("--max-age 24h accepts"), "{said}");
    let exit = ["get", "use_v3_style", "--exit-status", "--offline", "--max-age"];
    assert_eq!(project.run(&[&exit[..], &["2h"]].concat()).code, 0);
    project.fails(9, &[&exit[..], &["5s"]].concat());
    assert_eq!(server.requests().len(), before, "nobody was asked");
}

#[test]
fn an_answer_of_the_cache_is_marked_in_every_format_of_every_command() {
    let server = api::rich(&FLAGS, None);
    let project = with_url(&server);
    project.write("users.csv", "id\nu-1\n");
    project.ok(&["list"]);
    age(&project, 10_800);
    let population = ["variant-for-user", "--population", "users.csv"];
    for command in READS.into_iter().chain([&["diff", "default", "admin"][..], &population]) {
        for format in ["table", "json", "jsonl", "csv", "markdown", "name"] {
            let run = project.run(&[command, &["--offline", "-o", format]].concat());
            if run.code == 2 {
                continue;
            }
            let said = format!("{}{}", run.stdout, run.stderr);
            let marked = said.contains("3h ago") || said.contains(r#""age_seconds":"#);
            assert!(marked, "{command:?} {format}: {run:?}");
        }
    }
}

#[test]
fn a_profile_and_a_url_of_one_server_and_token_share_an_answer() {
    let (server, status) = switchable();
    let mut project = with_profile(&server, "");
    project.ok(&["list", "-p", "prod"]);
    status.store(503, Ordering::SeqCst);
    project.set("FFCTL_ADMIN_URL", &server.url());
    project.set("FFCTL_TOKEN", TOKEN);
    let list = project.json(&["list"]);
    assert_eq!(list["freshness"]["state"], "cached");
    assert_eq!(list["target"]["profile"], Value::Null, "it is named as it was asked now");
}

#[test]
fn a_change_of_our_own_outdates_the_cached_answer() {
    // A server that is gone as soon as it has taken the change: what was said before it is no answer any more.
    let taken = Arc::new(AtomicU16::new(0));
    let seen = Arc::clone(&taken);
    let server = Server::start(move |request| match (request.method.as_str(), seen.load(Ordering::SeqCst)) {
        ("GET", 0) => Reply::json(200, &list()),
        ("GET", _) => Reply::Close,
        _ => {
            seen.store(1, Ordering::SeqCst);
            Reply::json(200, &json!({ "ok": true }))
        }
    });
    let project = with_url(&server);
    project.ok(&["list"]);
    let run = project.run(&["set", "use_v3_style", "off", "--yes"]);
    assert!(run.stdout.contains("written"), "{run:?}");
    assert!(cache_files(&project).is_empty());
    assert_eq!(project.run(&["get", "use_v3_style"]).code, 6, "never the answer of before");
}

#[test]
fn a_change_is_never_planned_on_a_cached_answer() {
    let (server, status) = switchable();
    let project = with_url(&server);
    project.ok(&["list"]);
    status.store(503, Ordering::SeqCst);
    assert_eq!(project.run(&["set", "use_v3_style", "off", "--yes"]).code, 6);
    assert!(asked(&server, "PATCH").is_empty());
    let said = project.fails(2, &["set", "use_v3_style", "off", "--yes", "--max-age", "1h"]);
    assert!(said.contains("--max-age"), "{said}");
    // A change of a file may go by it: it only tells what masks the change.
    let run =
        project.run(&["set", "use_v3_style", "on", "--layer", "default", "--dry-run", "--max-age", "1h"]);
    assert!(run.stdout.contains("admin"), "{run:?}");
    assert!(run.stderr.contains("its answer of"), "{run:?}");
}
