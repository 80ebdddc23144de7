//! What may become of a change that is sent to a server: refused, lost, forgotten, overtaken.

use serde_json::{Value, json};

use super::remote::{FLAGS, asked, refusing, with_profile, with_url};
use super::support::api;
use super::support::server::{Reply, Server};

#[test]
fn a_change_that_the_server_accepts_and_forgets_is_not_taken_for_done() {
    let server = refusing(Reply::json(200, &json!({ "ok": true })));
    let project = with_url(&server);
    let run = project.run(&["set", "use_v3_style", "on", "--yes"]);
    assert_eq!(run.code, 11, "{run:?}");
    assert!(run.stderr.contains("accepted the change, but has"), "{}", run.stderr);
    assert!(run.stderr.contains("ffctl explain use_v3_style"), "{}", run.stderr);
    assert!(run.stdout.contains("not read back"), "{}", run.stdout);
}

#[test]
fn somebody_else_right_after_is_told_and_the_write_stays_done() {
    let tags = std::sync::Mutex::new(1..);
    let server = Server::start(move |request| {
        let tag = format!("\"{}\"", tags.lock().expect("no panic").next().unwrap_or(0));
        let entry = json!({ "name": "use_v3_style", "enabled": false, "source": "default", "override": {}, "etag": tag });
        match request.method.as_str() {
            "GET" => Reply::json(200, &json!({ "flags": [entry] })),
            _ => Reply::json(200, &json!({ "journal": 2 })).with("etag", &tag),
        }
    });
    let run = with_url(&server).run(&["set", "use_v3_style", "on", "--yes"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("written · journal 2 · not read back"), "{}", run.stdout);
    assert!(run.stderr.contains("somebody has changed it since"), "{}", run.stderr);
}

#[test]
fn a_read_back_that_fails_is_told_as_that() {
    let written = std::sync::atomic::AtomicBool::new(false);
    let server = Server::start(move |request| match request.method.as_str() {
        "GET" if written.load(std::sync::atomic::Ordering::SeqCst) => {
            Reply::problem(503, "down", "restarting")
        }
        "GET" => Reply::json(
            200,
            &json!({ "flags": [{ "name": "use_v3_style", "enabled": false, "source": "env" }] }),
        ),
        _ => {
            written.store(true, std::sync::atomic::Ordering::SeqCst);
            Reply::json(200, &json!({ "journal": 7 }))
        }
    });
    let project = with_url(&server);
    let run = project.run(&["set", "use_v3_style", "on", "--yes", "--json"]);
    assert_eq!(run.code, 0, "the server acknowledged it: {run:?}");
    let report: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(
        (&report["receipt"]["journal"], &report["receipt"]["read_back"]),
        (&"7".into(), &false.into())
    );
    assert!(report["notes"].to_string().contains("cannot be read back"), "{report}");
    assert!(run.stderr.contains("cannot be read back"), "{}", run.stderr);
}

#[test]
fn every_refusal_has_its_exit_code_and_nothing_is_tried_twice() {
    let cases = [
        (400, 7),
        (401, 4),
        (403, 4),
        (404, 3),
        (409, 5),
        (412, 5),
        (422, 7),
        (428, 5),
        (429, 6),
        (500, 11),
        (502, 11),
        (503, 6),
        (504, 11),
        (501, 6),
    ];
    for (status, code) in cases {
        let server = refusing(Reply::problem(status, "because", "the reason of the server"));
        let project = with_url(&server);
        let run = project.run(&["set", "use_v3_style", "on", "--yes"]);
        assert_eq!(run.code, code, "{status}: {run:?}");
        assert_eq!(run.stdout, "", "{status}");
        assert!(run.stderr.contains("the reason of the server"), "{status}: {}", run.stderr);
        assert!(run.stderr.contains(&server.url()), "{status} names the target: {}", run.stderr);
        assert_eq!(asked(&server, "PATCH").len(), 1, "{status} is sent once");
        if code == 11 {
            assert!(run.stderr.contains("ffctl explain use_v3_style"), "{status}: {}", run.stderr);
        }
    }
    for (status, code) in [(401, 4), (403, 4), (404, 6), (429, 6), (500, 6), (503, 6)] {
        let server = Server::start(move |_| Reply::problem(status, "because", "the reason of the server"));
        let project = with_url(&server);
        for words in [vec!["list"], vec!["get", "use_v3_style"], vec!["set", "use_v3_style", "on", "--yes"]] {
            let run = project.run(&words);
            assert_eq!((run.code, run.stdout.as_str()), (code, ""), "{status} {words:?}: {run:?}");
        }
        let each = if status >= 500 { 3 } else { 1 };
        assert_eq!(server.requests().len(), 3 * each, "{status}: {each} requests for each command");
    }
}

#[test]
fn a_lost_answer_to_a_write_ends_with_the_command_that_verifies_it() {
    for reply in [Reply::Close, Reply::Reset(None)] {
        let server = refusing(reply);
        let project = with_profile(&server, "");
        let stderr = project.fails(11, &["set", "use_v3_style", "on", "--yes", "-p", "prod"]);
        assert!(stderr.contains("whether it took effect is unknown"), "{stderr}");
        assert!(stderr.contains("ffctl explain use_v3_style --profile prod"), "{stderr}");
        assert_eq!(asked(&server, "PATCH").len(), 1);
    }
}

#[test]
fn somebody_else_in_between_is_a_conflict() {
    let server = api::rich(&FLAGS, None);
    let asked = std::sync::Arc::new(std::sync::Mutex::new(0));
    let (behind, count) = (server.url(), std::sync::Arc::clone(&asked));
    // Reads come from an old copy: the change is planned on what is no longer so.
    let stale = Server::start(move |request| {
        *count.lock().expect("no panic") += 1;
        let list = json!({ "flags": [{ "name": "use_v3_style", "enabled": false, "source": "default",
                           "override": {}, "etag": "\"77\"" }] });
        if request.method == "GET" {
            Reply::json(200, &list)
        } else {
            Reply::problem(412, "changed", &format!("ben changed it at {behind}"))
        }
    });
    let project = with_url(&stale);
    let stderr = project.fails(5, &["set", "use_v3_style", "on", "--yes"]);
    assert!(stderr.contains("ben changed it"), "{stderr}");
    assert!(stderr.contains("hint: see what is there now: ffctl explain use_v3_style\n"), "{stderr}");
    assert_eq!(*asked.lock().expect("no panic"), 2, "one read, one write");
}

#[test]
fn odd_answers_reach_the_user_as_notes() {
    let server = Server::start(|request| match request.method.as_str() {
        "GET" => Reply::json(
            200,
            &json!({ "flags": [{ "name": "use_v3_style", "enabled": true, "source": "admin",
                     "override": { "enabled": true }, "etag": "W/\"1\"" }] }),
        ),
        _ => Reply::Short(b"{".to_vec(), 10),
    });
    let project = with_url(&server);
    let run = project.run(&["set", "use_v3_style", "on", "--yes"]);
    assert!(run.stdout.contains("unchanged"), "{run:?}");
    assert!(run.stderr.contains("cannot guard a change"), "{}", run.stderr);
    let run = project.run(&["set", "use_v3_style", "off", "--yes"]);
    assert!(run.stderr.contains("the change was accepted, but"), "{run:?}");
    assert!(asked(&server, "PATCH").iter().all(|request| !request.headers.contains_key("if-match")));
}
