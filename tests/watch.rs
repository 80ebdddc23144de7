//! `ffctl watch`: real processes that watch real servers, which are killed, restarted and changed meanwhile.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::ffctl_server::{FfctlServer, until};
use super::project::Project;
use super::remote::with_url;
use super::support::server::{Reply, Server};

pub(super) const FLAGS: &str =
    "schema = 1\n[flags]\na = true\nb = false\n[flags.c]\nenabled = true\nrollout = \"10%\"\n";

/// Long enough for a machine that is busy with everything else.
pub(super) const PATIENCE: Duration = Duration::from_mins(1);

/// A process that watches.
pub(super) struct Watching {
    child: Child,
    lines: Receiver<String>,
    said: Receiver<String>,
}

impl Watching {
    /// Starts to watch, and waits until it says so.
    pub(super) fn start(project: &Project, options: &[&str]) -> Self {
        let watching = Self::begun(project, options);
        watching.says("watching: ");
        watching
    }

    pub(super) fn begun(project: &Project, options: &[&str]) -> Self {
        let mut child = project
            .process(env!("CARGO_BIN_EXE_ffctl"))
            .arg("watch")
            .args(options)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let lines = lines_of(child.stdout.take().expect("piped"));
        let said = lines_of(child.stderr.take().expect("piped"));
        Self { child, lines, said }
    }

    /// Returns the next line.
    #[track_caller]
    pub(super) fn line(&self) -> String {
        self.lines.recv_timeout(PATIENCE).expect("a line")
    }

    /// Returns the next line as JSON, after holding it to its schema.
    #[track_caller]
    pub(super) fn event(&self) -> Value {
        let event: Value = serde_json::from_str(&self.line()).expect("JSON");
        let schema: Value = serde_json::from_str(include_str!("../schemas/watch.schema.json")).expect("JSON");
        assert!(jsonschema::validator_for(&schema).expect("a schema").is_valid(&event), "{event}");
        event
    }

    /// Waits until it says something on standard error, and returns that line.
    #[track_caller]
    pub(super) fn says(&self, what: &str) -> String {
        loop {
            let line = self.said.recv_timeout(PATIENCE).expect("a word");
            if line.contains(what) {
                return line;
            }
        }
    }

    pub(super) fn ends(mut self) -> ExitStatus {
        self.child.wait().expect("it ends")
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns the lines of a stream as they come.
pub(super) fn lines_of(stream: impl std::io::Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    receiver
}

/// A server on a port that it keeps, and a project that speaks to it.
pub(super) fn served() -> (Project, FfctlServer, Project) {
    let there = Project::new(FLAGS);
    let port =
        TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a port").port();
    let server = FfctlServer::start(&there, &["--listen", &format!("127.0.0.1:{port}")]);
    let mut project = Project::new(FLAGS);
    server.point(&mut project);
    (there, server, project)
}

pub(super) fn shown(event: &Value) -> (String, String, String, String) {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    (
        text(&event["event"]),
        text(&event["flag"]),
        text(&event["was"]["summary"]),
        text(&event["is"]["summary"]),
    )
}

pub(super) fn told(event: &str, flag: &str, was: &str, is: &str) -> (String, String, String, String) {
    (event.to_owned(), flag.to_owned(), was.to_owned(), is.to_owned())
}

#[test]
fn a_change_is_told_with_who_when_and_why() {
    let (there, server, project) = served();
    let watching = Watching::start(&project, &["-o", "jsonl"]);
    let quiet = Watching::start(&project, &["b", "-o", "name"]);
    project.ok(&["set", "a", "off", "--yes", "-m", "canary failed"]);
    let event = watching.event();
    assert_eq!(shown(&event), told("changed", "a", "on", "off"));
    assert_eq!(
        (&event["journal"], &event["reason"], &event["away"], &event["by"]),
        (&json!(1), &json!("canary failed"), &json!(false), &json!("first admin"))
    );
    assert_eq!(
        event["fields"],
        json!([{ "field": "enabled", "effect": "behaviour", "old": null, "new": "off" }])
    );
    assert_eq!(event["changed_at"], server.get("/journal").json()["entries"][0]["at"]);
    // Of several flags in one change each has its line.
    project.ok(&["set", "a=on", "c=25%", "b=on", "--yes"]);
    let all = [watching.event(), watching.event(), watching.event()].map(|event| shown(&event));
    assert_eq!(all[0], told("changed", "a", "off", "on"));
    assert_eq!(all[1], told("changed", "b", "off", "on"));
    assert_eq!(all[2], told("changed", "c", "10%", "25%"));
    assert_eq!(quiet.line(), "b", "only what is watched is told");
    // What another process does to the store, and what an editor does to the definitions.
    there.ok(&["set", "a", "off", "--local", "--yes"]);
    assert_eq!(shown(&watching.event()), told("changed", "a", "on", "off"));
    there.ok(&["unset", "b", "--local", "--yes"]);
    assert_eq!(shown(&watching.event()), told("changed", "b", "on", "off"));
    there.write("flags.toml", &FLAGS.replace("b = false", "d = true"));
    assert_eq!(shown(&watching.event()), told("added", "d", "-", "on"));
    assert_eq!(shown(&watching.event()), told("removed", "b", "off", "-"));
}

#[test]
fn what_happened_while_the_server_was_away_is_told_afterwards() {
    let (there, mut server, project) = served();
    let watching = Watching::start(&project, &["-o", "jsonl"]);
    project.ok(&["set", "b", "on", "--yes"]);
    assert_eq!(shown(&watching.event()), told("changed", "b", "off", "on"));
    for clean in [false, true] {
        if clean {
            server.end();
        } else {
            server.kill();
        }
        let gone = watching.event();
        assert_eq!(gone["event"], "unreachable");
        assert!(gone["message"].as_str().is_some_and(|why| why.contains("cannot connect")), "{gone}");
        there.ok(&["set", "a", "off", "--local", "--yes", "-m", "one"]);
        there.ok(&["set", "a", "on", "--local", "--yes", "-m", "two"]);
        there.ok(&["set", "c", if clean { "30%" } else { "20%" }, "--local", "--yes", "-m", "three"]);
        server.again(&there);
        assert_eq!(watching.event()["event"], "reachable");
        let events = [watching.event(), watching.event(), watching.event()];
        let reasons: Vec<&str> = events.iter().filter_map(|event| event["reason"].as_str()).collect();
        assert_eq!(reasons, ["one", "two", "three"], "in order, each once");
        assert!(events.iter().all(|event| event["away"] == json!(true)));
        assert_eq!(shown(&events[0]), told("changed", "a", "on", "-"), "nobody saw what came between");
        assert_eq!(shown(&events[1]), told("changed", "a", "-", "on"));
        let (was, is) = if clean { ("20%", "30%") } else { ("10%", "20%") };
        assert_eq!(shown(&events[2]), told("changed", "c", was, is));
        // And it listens again.
        project.ok(&["set", "b", if clean { "on" } else { "off" }, "--yes"]);
        assert_eq!(watching.event()["flag"], "b");
    }
    // What a start with other variables makes otherwise stands in no journal.
    project.ok(&["unset", "a", "--yes"]);
    let event = watching.event();
    assert_eq!(
        (event["flag"].as_str(), event["is"]["source"].as_str()),
        (Some("a"), Some("default")),
        "{event}"
    );
    server.kill();
    assert_eq!(watching.event()["event"], "unreachable");
    let mut other = there;
    other.set("FF_A", "off");
    server.again(&other);
    assert_eq!(watching.event()["event"], "reachable");
    let event = watching.event();
    assert_eq!((event["flag"].as_str(), event["journal"].as_u64()), (Some("a"), None), "{event}");
}

#[test]
fn a_server_without_events_is_asked_again_and_again() {
    let (asked, lists) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (events, of_lists) = (Arc::clone(&asked), Arc::clone(&lists));
    let server = Server::start(move |request| {
        if request.path.contains("/events") {
            events.fetch_add(1, Ordering::SeqCst);
            return Reply::json(404, &json!({}));
        }
        let look = of_lists.fetch_add(1, Ordering::SeqCst);
        // From the fourth look on it is on; then it fails for a while.
        if (8..12).contains(&look) {
            return Reply::json(503, &json!({})).with("retry-after", "3600");
        }
        let tag = if look < 4 { "\"1\"" } else { "\"2\"" };
        if request.headers.get("if-none-match").is_some_and(|known| known == tag) {
            return Reply::json(304, &json!(null)).with("etag", tag);
        }
        let flags =
            json!({ "flags": [{ "name": "use_v3_style", "enabled": look >= 4, "source": "config" }] });
        Reply::json(200, &flags).with("etag", tag)
    });
    let project = with_url(&server);
    let watching = Watching::start(&project, &["--interval", "20ms", "-o", "jsonl"]);
    watching.says("has no events to listen to (it answers 404): it is asked every");
    let event = watching.event();
    assert_eq!(shown(&event), told("changed", "use_v3_style", "off", "on"));
    assert_eq!((&event["journal"], &event["is"]["source"]), (&Value::Null, &json!("config")));
    assert_eq!(watching.event()["event"], "unreachable");
    assert_eq!(watching.event()["event"], "reachable");
    assert_eq!(asked.load(Ordering::SeqCst), 1, "what has no events is not asked for them again");
    let revalidated =
        server.requests().iter().filter(|one| one.headers.contains_key("if-none-match")).count();
    assert!(revalidated >= 4, "{revalidated}");
}

#[test]
fn who_is_refused_is_not_asked_again() {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let server = Server::start(move |request| {
        if request.path.contains("/events") {
            return Reply::json(404, &json!({}));
        }
        if count.fetch_add(1, Ordering::SeqCst) > 0 {
            return Reply::json(403, &json!({}));
        }
        Reply::json(200, &json!({ "flags": [{ "name": "use_v3_style", "enabled": true, "source": "env" }] }))
    });
    let project = with_url(&server);
    let watching = Watching::start(&project, &["--interval", "10ms"]);
    watching.says("error: ");
    assert_eq!(watching.ends().code(), Some(4));
    assert_eq!(asked.load(Ordering::SeqCst), 2);
    // Likewise of a real server that takes the right away.
    let (_there, server, mut project) = served();
    let made =
        server.request("POST", "/tokens").json(&json!({ "name": "w", "role": "viewer" })).send().json();
    project.set("FFCTL_TOKEN", made["secret"].as_str().expect("a secret"));
    let watching = Watching::start(&project, &[]);
    let number = &made["number"];
    until(PATIENCE, || {
        server.get("//metrics").text.contains("watchers 1") || server.get("//metrics").status != 200
    });
    server.request("DELETE", &format!("/tokens/{number}")).send();
    assert_eq!(watching.ends().code(), Some(4));
}

#[test]
fn a_local_store_and_the_files_of_a_checkout_are_watched_too() {
    let project = Project::new(FLAGS);
    let watching = Watching::start(&project, &["--local", "--interval", "20ms", "-o", "jsonl"]);
    project.ok(&["set", "a", "off", "--local", "--yes", "-m", "why not"]);
    let event = watching.event();
    assert_eq!(shown(&event), told("changed", "a", "on", "off"));
    assert_eq!(
        (&event["by"], &event["journal"], &event["reason"]),
        (&json!("ada"), &json!(1), &json!("why not"))
    );
    project.write("flags.toml", "schema = 1\n[flags\n");
    let gone = watching.event();
    assert_eq!(gone["event"], "unreachable");
    assert!(gone["message"].as_str().is_some_and(|why| why.contains("flags.toml")), "{gone}");
    project.write("flags.toml", &FLAGS.replace("b = false", "b = true"));
    assert_eq!(watching.event()["event"], "reachable");
    assert_eq!(shown(&watching.event()), told("changed", "b", "off", "on"));
}

#[test]
fn until_ends_it_with_the_code_of_check() {
    let (_there, mut server, project) = served();
    let run = project.run(&["watch", "--until", "a=on", "-o", "jsonl"]);
    assert_eq!(run.code, 0, "it holds already: {run:?}");
    let last: Value = serde_json::from_str(&run.stdout).expect("one line");
    assert_eq!((&last["event"], &last["holds"], &last["exit"]), (&json!("until"), &json!(true), &json!(0)));
    let watching = Watching::start(&project, &["--until", "c>=50%", "--until", "b=on", "-o", "jsonl"]);
    project.ok(&["set", "c", "60%", "--yes"]);
    assert_eq!(watching.event()["flag"], "c");
    project.ok(&["set", "b", "on", "--yes"]);
    assert_eq!(watching.event()["flag"], "b");
    assert_eq!(watching.event()["conditions"].as_array().map(Vec::len), Some(2));
    assert_eq!(watching.ends().code(), Some(0));
    assert_eq!(project.run(&["watch", "--until", "b=off", "--for", "300ms"]).code, 1);
    assert_eq!(project.run(&["watch", "--for", "100ms"]).code, 0);
    project.fails(3, &["watch", "nobody", "--for", "100ms"]);
    assert_eq!(project.run(&["watch", "--until", "nobody=on"]).code, 3, "time does not make a flag");
    project.fails(2, &["watch", "--until", "b~on"]);
    let watching = Watching::start(&project, &["--until", "b=off", "--for", "3s", "-o", "jsonl"]);
    server.kill();
    assert_eq!(watching.event()["event"], "unreachable");
    assert_eq!(watching.event()["exit"], 6);
    assert_eq!(watching.ends().code(), Some(6));
    project.fails(6, &["watch", "--for", "100ms"]);
}

#[test]
fn what_has_no_effect_is_refused() {
    let project = Project::new(FLAGS);
    for options in [
        &["--offline"] as &[&str],
        &["--max-age", "1h"],
        &["--interval", "0"],
        &["--exec-fail", "stop"],
        &["--view", "server", "--local"],
        &["-o", "github"],
    ] {
        let words = [&["watch", "--for", "10ms"], options].concat();
        project.fails(2, &words);
    }
    project.fails(7, &["watch", "--for", "10ms", "-f", "absent.toml"]);
    project.fails(12, &["watch", "--for", "10ms", "--env-file", "absent.env"]);
    project.ok(&["watch", "--for", "10ms", "--store", "own.db"]);
    assert!(!project.path("own.db").exists(), "who only watches creates no store");
}
