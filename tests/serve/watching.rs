//! Those who watch, and overrides that end while they do.

use std::io::{BufRead, BufReader};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::super::ffctl_server::{FfctlServer, until};
use super::super::project::Project;

/// An event: its name, its id and its data, with the time at which it came.
#[derive(Debug)]
pub(super) struct Event {
    name: String,
    pub(super) id: Option<u64>,
    pub(super) data: Value,
    at: Instant,
}

/// Watches in a thread of its own.
pub(super) fn watch(server: &FfctlServer, since: Option<u64>) -> Receiver<Event> {
    let mut request = server.request("GET", "/events");
    if let Some(since) = since {
        request = request.with("last-event-id", &since.to_string());
    }
    let answer = request.open();
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["content-type"]),
        (200, &"text/event-stream".parse().expect("a value"))
    );
    let (sender, events) = channel();
    thread::spawn(move || {
        let (mut name, mut id) = (String::new(), None);
        for line in BufReader::new(answer).lines().map_while(Result::ok) {
            match line.split_once(": ") {
                Some(("event", text)) => text.clone_into(&mut name),
                Some(("id", text)) => id = text.parse().ok(),
                Some(("data", text)) => {
                    let data = serde_json::from_str(text).expect("JSON");
                    let event =
                        Event { name: std::mem::take(&mut name), id: id.take(), data, at: Instant::now() };
                    if sender.send(event).is_err() {
                        return;
                    }
                }
                _ => {}
            }
        }
    });
    events
}

pub(super) fn next(events: &Receiver<Event>) -> Event {
    events.recv_timeout(Duration::from_secs(10)).expect("an event")
}

pub(super) fn switch(server: &FfctlServer, flag: &str, on: bool) {
    let request = server.request("PATCH", &format!("/feature-flags/{flag}")).with("if-match", "*");
    assert_eq!(request.json(&json!({ "enabled": on })).send().status, 200);
}

#[test]
fn changes_are_seen_at_once_by_everybody_and_none_is_missed() {
    let project = Project::shipped();
    let mut server = FfctlServer::start(&project, &[]);
    let watchers: Vec<_> = (0..5).map(|_| watch(&server, None)).collect();
    let mut took = Vec::new();
    for number in 1..=5_u64 {
        let begin = Instant::now();
        if number % 2 == 0 {
            switch(&server, "use_v3_style", false);
        } else {
            // Another process, past the server.
            project.ok(&[
                "set",
                "use_v3_style",
                if number == 3 { "on" } else { "25%" },
                "--local",
                "--yes",
                "-m",
                &number.to_string(),
            ]);
            project.ok(&[
                "set",
                "use_v3_style",
                if number == 3 { "off" } else { "on" },
                "--user",
                &format!("u-{number}"),
                "--local",
                "--yes",
            ]);
        }
        let wanted = if number % 2 == 0 { 1 } else { 2 };
        for watcher in &watchers {
            for _ in 0..wanted {
                let event = next(watcher);
                assert_eq!((event.name.as_str(), &event.data["flags"]), ("change", &json!(["use_v3_style"])));
                assert_eq!(event.data["journal"].as_u64(), event.id);
                took.push(event.at.duration_since(begin));
            }
        }
    }
    drop(watchers);
    // Who was away is told what happened meanwhile, in order; also after a restart.
    for restarted in [false, true] {
        if restarted {
            server.restart(&project);
        }
        let late = watch(&server, Some(2));
        let numbers: Vec<_> = (0..6).map(|_| next(&late).id.expect("a number")).collect();
        assert_eq!(numbers, [3, 4, 5, 6, 7, 8]);
    }
    assert_eq!(
        server.request("GET", "/events").with("last-event-id", "x").send().problem(400),
        "last_event_id"
    );
}

#[test]
fn a_changed_definition_is_a_change_without_a_number() {
    let project = Project::new("schema = 1\n[flags]\na = true\nb = true\n");
    let server = FfctlServer::start(&project, &[]);
    let events = watch(&server, None);
    project.write("flags.toml", "schema = 1\n[flags]\na = true\nb = false\nc = true\n");
    let event = next(&events);
    assert_eq!((event.id, &event.data), (None, &json!({ "journal": null, "flags": ["b", "c"] })));
}

#[test]
fn who_watches_holds_up_neither_the_end_nor_the_others() {
    let project = Project::shipped();
    let mut server = FfctlServer::start(&project, &["--max-connections", "8"]);
    let mut open: Vec<_> = (0..4).map(|_| server.request("GET", "/events").open()).collect();
    assert_eq!(server.request("GET", "/events").send().problem(503), "watchers");
    drop(open.pop());
    until(Duration::from_secs(30), || server.request("GET", "/events").open().status().as_u16() == 200);
    assert!(server.end().success());
    assert!(!server.log().contains("cut off"), "{}", server.log());
}

#[test]
fn who_lost_the_right_is_let_go() {
    let project = Project::shipped();
    let server = FfctlServer::start(&project, &[]);
    let made =
        server.request("POST", "/tokens").json(&json!({ "name": "x", "role": "viewer" })).send().json();
    let header = format!("Bearer {}", made["secret"].as_str().expect("a secret"));
    let answer = server.request("GET", "/events").with("authorization", &header).open();
    let ended = thread::spawn(move || answer.text().is_ok());
    server.request("DELETE", &format!("/tokens/{}", made["number"])).send();
    until(Duration::from_secs(30), || ended.is_finished());
}

#[test]
fn an_override_ends_by_itself_and_the_journal_says_so() {
    let project = Project::shipped();
    let mut server = FfctlServer::start(&project, &[]);
    let path = "/feature-flags/use_v3_style";
    let patch = |server: &FfctlServer, body: Value| {
        let answer = server.request("PATCH", path).with("if-match", "*").json(&body).send();
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()
    };
    patch(&server, json!({ "enabled": true, "rollout": "10%" }));
    let ends = in_millis(600);
    let flag = patch(&server, json!({ "rollout": "100%", "users": { "u": "off" }, "expires_at": ends }));
    assert_eq!(flag["override_expires"], json!({ "rollout": ends, "user u": ends }));
    assert_eq!(server.get("/journal").json()["entries"][0]["changes"][0]["expires_at"], json!(ends));
    let events = watch(&server, None);
    let event = next(&events);
    assert_eq!((event.id, &event.data["flags"]), (Some(3), &json!(["use_v3_style"])));
    let flag = server.get(path).json();
    assert_eq!(
        (&flag["override"], &flag["override_expires"]),
        (&json!({ "enabled": true, "rollout": "10%" }), &Value::Null)
    );
    let entry = server.get("/journal").json()["entries"][0].clone();
    assert_eq!((&entry["actor"], &entry["reason"]), (&json!("ffctl serve"), &json!("end of 2")));
    // Also what should have ended while no server ran.
    patch(&server, json!({ "rollout": "100%", "expires_at": in_millis(600) }));
    server.kill();
    wait(Duration::from_millis(700));
    server.again(&project);
    until(Duration::from_secs(30), || server.get(path).json()["override"]["rollout"] == "10%");
    assert_eq!(server.get("/journal").json()["entries"][0]["number"], 5);
}

/// Returns a time so many milliseconds from now.
#[expect(clippy::disallowed_methods, reason = "an override that is to end while the test runs")]
pub(super) fn in_millis(millis: i64) -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after the epoch");
    let now = i64::try_from(now.as_millis()).expect("small");
    ffctl::model::Timestamp::from_millis(now + millis).to_string()
}

#[expect(clippy::disallowed_methods, reason = "a test waits")]
fn wait(pause: Duration) {
    thread::sleep(pause);
}
