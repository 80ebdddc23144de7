//! Entity tags: what was kept goes out as its tag, and a server that has nothing newer makes it live again.

use std::fs;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use super::cache::{age, cache_files};
use super::faults::LIST;
use super::project::Project;
use super::remote::with_url;
use super::support::server::{Reply, Request, Server};

/// A server with a list, its tag, and a 304 for whoever has it.
fn tagged(tag: &'static str) -> Server {
    Server::start(move |request| match request.headers.get("if-none-match") {
        Some(known) if known == tag => Reply::text(304, "x/y", "").with("etag", tag),
        _ => Reply::text(200, "application/json", LIST).with("etag", tag),
    })
}

fn sent(server: &Server) -> Vec<Option<String>> {
    let tag = |request: Request| request.headers.get("if-none-match").cloned();
    server.requests().into_iter().map(tag).collect()
}

fn freshness(project: &Project) -> serde_json::Value {
    project.json(&["get", "use_v3_style"])["freshness"]["state"].clone()
}

#[test]
fn what_is_kept_is_asked_for_by_its_tag_and_is_live_again() {
    for tag in ["\"17\"", "W/\"17\"", "\"\""] {
        let server = tagged(tag);
        let project = with_url(&server);
        assert_eq!(project.ok(&["get", "use_v3_style"]), "true\n");
        age(&project, 7_000);
        assert_eq!(project.ok(&["get", "use_v3_style"]), "true\n", "from a 304");
        assert_eq!(freshness(&project), "live");
        let tag = tag.to_owned();
        assert_eq!(sent(&server), [None, Some(tag.clone()), Some(tag)]);
        // It was confirmed just now: its age starts anew.
        let offline = project.json(&["list", "--offline", "--max-age", "5m"]);
        assert_eq!(offline["freshness"]["state"], "cached");
        // A day later it still saves the body, since the server says so.
        age(&project, 90_000);
        assert_eq!(freshness(&project), "live");
    }
}

#[test]
fn what_is_no_tag_is_not_sent_back() {
    let long = format!("\"{}\"", "x".repeat(2_000));
    for tag in ["17", "W/17", "w/\"17\"", "\"a b\"", "*", &long] {
        let tag = tag.to_owned();
        let server = Server::start(move |_| Reply::text(200, "application/json", LIST).with("etag", &tag));
        let project = with_url(&server);
        project.ok(&["list"]);
        project.ok(&["list"]);
        assert_eq!(sent(&server), [None, None]);
    }
}

#[test]
fn a_304_for_another_tag_is_asked_again_without_one() {
    let server = Server::start(|request| {
        if request.headers.contains_key("if-none-match") {
            Reply::text(304, "x/y", "").with("etag", "\"another\"")
        } else {
            Reply::text(200, "application/json", LIST).with("etag", "\"17\"")
        }
    });
    let project = with_url(&server);
    project.ok(&["list"]);
    assert_eq!(freshness(&project), "live");
    assert_eq!(sent(&server), [None, Some("\"17\"".to_owned()), None]);
}

#[test]
fn a_304_that_nobody_asked_for_is_no_answer() {
    let lies = Arc::new(AtomicBool::new(false));
    let now = Arc::clone(&lies);
    let server = Server::start(move |_| {
        if now.load(Ordering::SeqCst) {
            Reply::text(304, "x/y", "").with("etag", "\"another\"")
        } else {
            Reply::text(200, "application/json", LIST).with("etag", "\"17\"")
        }
    });
    let project = with_url(&server);
    project.ok(&["list"]);
    lies.store(true, Ordering::SeqCst);
    let said = project.fails(6, &["list"]);
    assert!(said.contains("not the admin API (304 Not Modified)"), "{said}");
    for path in cache_files(&project) {
        fs::remove_file(path).expect("removed");
    }
    project.fails(6, &["list"]);
}

#[test]
fn what_changed_is_read_anew_and_a_damaged_copy_is_not_asked_for() {
    let version = Arc::new(Mutex::new(1));
    let now = Arc::clone(&version);
    let server = Server::start(move |request| {
        let tag = format!("\"{}\"", now.lock().expect("no panic"));
        if request.headers.get("if-none-match") == Some(&tag) {
            return Reply::text(304, "x/y", "");
        }
        let list = if tag == "\"1\"" { LIST.to_owned() } else { LIST.replace("true", "false") };
        Reply::text(200, "application/json", &list).with("etag", &tag)
    });
    let project = with_url(&server);
    assert_eq!(project.ok(&["get", "use_v3_style"]), "true\n");
    *version.lock().expect("no panic") = 2;
    assert_eq!(project.ok(&["get", "use_v3_style"]), "false\n");
    assert_eq!(project.ok(&["get", "use_v3_style"]), "false\n", "a 304 without a tag confirms too");
    let path = cache_files(&project).remove(0);
    let mut content = fs::read(&path).expect("readable");
    let last = content.len() - 30;
    content[last] ^= 1;
    fs::write(&path, content).expect("written");
    assert_eq!(project.ok(&["get", "use_v3_style"]), "false\n");
    assert_eq!(sent(&server).last(), Some(&None));
}
