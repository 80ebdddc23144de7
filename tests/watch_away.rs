//! `ffctl watch` of a target that is away at first or is asked too often, and of a command that does not end.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use super::ffctl_server::FfctlServer;
use super::project::Project;
use super::remote::with_url;
use super::support::server::{Reply, Server};
use super::watch::{FLAGS, Watching, served, shown, told};

#[test]
fn a_server_that_is_not_there_yet_is_waited_for() {
    let (there, mut server, project) = served();
    server.kill();
    let watching = Watching::begun(&project, &["--until", "b=on", "-o", "jsonl"]);
    let away = watching.event();
    assert_eq!(
        (&away["event"], &away["target"]["kind"]),
        (&json!("unreachable"), &json!("server")),
        "{away}"
    );
    server.again(&there);
    assert_eq!(watching.event()["event"], "reachable");
    watching.says("watching: ");
    project.ok(&["set", "b", "on", "--yes"]);
    assert_eq!(shown(&watching.event()), told("changed", "b", "off", "on"));
    assert_eq!(watching.ends().code(), Some(0));
}

#[test]
fn who_never_saw_anything_ends_with_6_when_the_time_is_over() {
    let mut project = Project::new(FLAGS);
    project.set("FFCTL_ADMIN_URL", "http://127.0.0.1:9");
    for more in [&[] as &[&str], &["--until", "b=on"]] {
        let run = project.run(&[&["watch", "--for", "100ms", "-o", "json"], more].concat());
        assert_eq!(run.code, 6, "{run:?}");
        let events: Value = serde_json::from_str(&run.stdout).expect("a whole list");
        assert_eq!((events.as_array().map(Vec::len), &events[0]["event"]), (Some(1), &json!("unreachable")));
    }
    // What does not pass by itself is not waited for.
    project.set("FFCTL_TOKEN_FILE", "absent");
    assert_ne!(project.run(&["watch", "--for", "1h"]).code, 6);
    let refused = Server::start(|_| Reply::json(403, &json!({})));
    with_url(&refused).fails(4, &["watch", "--for", "1h"]);
    let nothing = Server::start(|_| Reply::json(404, &json!({})));
    with_url(&nothing).fails(6, &["watch", "--for", "1h"]);
}

#[test]
fn a_server_that_was_asked_too_often_is_left_alone_and_asked_again() {
    let (events, lists) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (of_events, of_lists) = (Arc::clone(&events), Arc::clone(&lists));
    let too_many = || Reply::problem(429, "too_many", "slower").with("retry-after", "1");
    let server = Server::start(move |request| {
        if request.path.contains("/events") {
            return match of_events.fetch_add(1, Ordering::SeqCst) {
                0 => too_many(),
                _ => Reply::json(404, &json!({})),
            };
        }
        let look = of_lists.fetch_add(1, Ordering::SeqCst);
        if look == 0 || look == 2 {
            return too_many();
        }
        let flags = json!({ "flags": [{ "name": "use_v3_style", "enabled": look > 2, "source": "config" }] });
        Reply::json(200, &flags)
    });
    let project = with_url(&server);
    let watching = Watching::begun(&project, &["--interval", "20ms", "-o", "jsonl"]);
    let away = watching.event();
    assert!(
        away["message"].as_str().is_some_and(|why| why.contains("too many requests, come back")),
        "{away}"
    );
    assert_eq!(watching.event()["event"], "reachable");
    watching.says("has no events to listen to (it answers 404)");
    assert_eq!((watching.event()["event"].clone(), lists.load(Ordering::SeqCst)), (json!("unreachable"), 3));
    assert_eq!(watching.event()["event"], "reachable");
    assert_eq!(shown(&watching.event()), told("changed", "use_v3_style", "off", "on"));
    assert_eq!(events.load(Ordering::SeqCst), 2, "what came too early is asked for again");
}

#[test]
fn a_real_limit_is_kept_and_no_change_is_lost_to_it() {
    let there = Project::new(FLAGS);
    let server = FfctlServer::start(&there, &["--rate-limit", "3"]);
    let mut project = Project::new(FLAGS);
    server.point(&mut project);
    let watching = Watching::begun(&project, &["--until", "a=off", "--until", "b=on", "-o", "jsonl"]);
    watching.says("watching: ");
    for words in [["set", "c", "20%"], ["set", "c", "30%"], ["set", "a", "off"], ["set", "b", "on"]] {
        there.ok(&[&words[..], &["--local", "--yes"]].concat());
    }
    let mut numbers = Vec::new();
    loop {
        let event = watching.event();
        match event["event"].as_str() {
            Some("changed") => numbers.push(event["journal"].as_u64()),
            Some("until") => break,
            _ => {}
        }
    }
    assert_eq!(numbers, [Some(1), Some(2), Some(3), Some(4)]);
    assert_eq!(watching.ends().code(), Some(0));
}

#[test]
fn a_command_that_does_not_end_is_killed_with_all_it_started() {
    let project = Project::new(FLAGS);
    let local = ["--local", "--interval", "20ms", "--exec-timeout", "300ms", "-o", "jsonl"];
    let script = "sleep 300 & echo $! > child; wait; echo never";
    let watching = Watching::start(&project, &[&local[..], &["--exec", script]].concat());
    project.ok(&["set", "a", "off", "--local", "--yes"]);
    assert_eq!(watching.event()["flag"], "a");
    watching.says(
        "note: the command of --exec was killed: it had not ended after 300ms (--exec-timeout) for `a`",
    );
    let child = project.read("child");
    let alive = || std::process::Command::new("kill").args(["-0", child.trim()]).output().expect("kill runs");
    super::ffctl_server::until(std::time::Duration::from_secs(20), || !alive().status.success());
    // Its own end of input does not keep it: what is not read is not waited for.
    drop(watching);
    let options = [&local[..], &["--exec", "exit 0", "--exec-fail", "stop"]].concat();
    let watching = Watching::start(&project, &options);
    project.ok(&["set", "a", "on", "--local", "--yes", "-m", &"long ".repeat(300)]);
    assert_eq!(watching.event()["flag"], "a");
    project.ok(&["set", "a", "off", "--local", "--yes"]);
    assert_eq!(watching.event()["flag"], "a", "it goes on");
    let options = [&local[..], &["--exec", "sleep 300", "--exec-fail", "stop"]].concat();
    let watching = Watching::start(&project, &options);
    project.ok(&["set", "a", "on", "--local", "--yes"]);
    assert_eq!(watching.ends().code(), Some(12));
    project.fails(2, &["watch", "--for", "1ms", "--exec", "true", "--exec-timeout", "0"]);
    project.fails(2, &["watch", "--for", "1ms", "--exec-timeout", "1s"]);
}
