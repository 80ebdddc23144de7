//! The command line against the real server: what a team does all day.

use std::sync::Mutex;
use std::thread;

use serde_json::{Value, json};

use super::super::ffctl_server::FfctlServer;
use super::super::project::Project;
use super::super::support::server::{Reply, Server};

fn team(options: &[&str]) -> (Project, FfctlServer) {
    let mut project = Project::shipped();
    let server = FfctlServer::start(&project, options);
    server.point(&mut project);
    (project, server)
}

fn entries(server: &FfctlServer) -> Vec<Value> {
    server.get("/journal?limit=10000").json()["entries"].as_array().expect("entries").clone()
}

#[test]
fn set_unset_undo_history_and_check_agree() {
    let (project, _server) = team(&[]);
    let set = project.json(&["set", "use_v3_style=on", "enable_memory_v2=50%", "--yes", "-m", "launch"]);
    assert_eq!((&set["outcome"], &set["receipt"]["journal"]), (&json!("written"), &json!("1")));
    assert_eq!(
        (&set["receipt"]["read_back"], set["receipt"]["head"].as_str().map(str::len)),
        (&json!(true), Some(64))
    );
    project.ok(&["check", "use_v3_style=on", "enable_memory_v2>=50%"]);
    project.ok(&["set", "use_v3_style", "off", "--user", "u-1", "--org", "acme", "--yes"]);
    assert_eq!(project.ok(&["get", "use_v3_style", "--user", "u-1"]), "false\n");
    assert_eq!(project.ok(&["get", "use_v3_style", "--user", "u-2"]), "true\n");
    project.ok(&["set", "style_prompt", "--split", "v2=75,v3=25", "--yes"]);
    project.ok(&["unset", "enable_memory_v2", "--yes"]);
    let undone = project.json(&["undo", "2", "--yes", "-m", "too early", "--dry-run"]);
    assert_eq!(undone["outcome"], "planned");
    project.ok(&["undo", "3", "--yes"]);
    let history = project.json(&["history"]);
    let told: Vec<String> = history["entries"]
        .as_array()
        .expect("entries")
        .iter()
        .map(|entry| format!("{} {} {}", entry["number"], entry["by"], entry["reason"]).replace('"', ""))
        .collect();
    let expected = [
        "5 first admin undo of 3",
        "4 first admin null",
        "3 first admin null",
        "2 first admin null",
        "1 first admin launch",
    ];
    assert_eq!(told, expected);
    assert_eq!(project.json(&["history", "enable_memory_v2"])["entries"].as_array().map(Vec::len), Some(2));
    let explained = project.ok(&["explain", "use_v3_style", "--user", "u-1"]);
    assert!(explained.contains("journal 2"), "{explained}");
    // The store is the same, whoever reads it.
    let local = project.json(&["history", "--local"]);
    assert_eq!(local["entries"].as_array().map(Vec::len), Some(5));
}

#[test]
fn who_comes_late_is_told_what_changed() {
    let (project, server) = team(&[]);
    // Between the plan and the write stands a person: here another change, made while the first client is held up.
    let url = server.url();
    let root = url.trim_end_matches("/api/v1/admin").to_owned();
    let (token, other) = (server.token.clone(), Mutex::new(Some(())));
    let client = reqwest::blocking::Client::builder().no_proxy().build().expect("a client");
    let between = Server::start(move |request| {
        let first = request.method == "PATCH" && other.lock().expect("no panic").take().is_some();
        if first {
            let body = json!({ "enabled": true, "reason": "quicker" }).to_string();
            let url = format!("{root}/api/v1/admin/feature-flags/use_v3_style");
            let quicker = client.patch(url).bearer_auth(&token).header("if-match", "*");
            let done =
                quicker.header("content-type", "application/json").body(body).send().expect("an answer");
            assert!(done.status().is_success());
        }
        forward(&client, &root, request)
    });
    let run = super::super::project::run(project.command().env("FFCTL_ADMIN_URL", between.url()).args([
        "set",
        "use_v3_style",
        "25%",
        "--yes",
    ]));
    assert_eq!(run.code, 5, "{run:?}");
    assert!(run.stderr.contains("journal 1 by first admin"), "{}", run.stderr);
    assert_eq!(entries(&server).len(), 1);
}

/// Asks the real server what a client asked.
fn forward(
    client: &reqwest::blocking::Client,
    root: &str,
    request: &super::super::support::server::Request,
) -> Reply {
    let method = reqwest::Method::from_bytes(request.method.as_bytes()).expect("a method");
    let mut asked =
        client.request(method, format!("{root}/api/v1/admin{}", request.path)).body(request.body.clone());
    if request.path.starts_with("/api/") {
        asked = client
            .request(
                reqwest::Method::from_bytes(request.method.as_bytes()).expect("a method"),
                format!("{root}{}", request.path),
            )
            .body(request.body.clone());
    }
    for name in ["authorization", "if-match", "if-none-match", "idempotency-key", "content-type"] {
        if let Some(value) = request.headers.get(name) {
            asked = asked.header(name, value);
        }
    }
    let answer = asked.send().expect("an answer");
    let header =
        |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let kept: Vec<_> =
        ["etag", "idempotent-replayed"].into_iter().filter_map(|name| Some((name, header(name)?))).collect();
    let kind = header("content-type").unwrap_or_default();
    let reply = Reply::text(answer.status().as_u16(), &kind, &answer.text().expect("a body"));
    kept.iter().fold(reply, |reply, (name, value)| reply.with(name, value))
}

#[test]
fn a_lost_answer_is_repeated_and_done_once() {
    let (project, server) = team(&[]);
    let root = server.url().trim_end_matches("/api/v1/admin").to_owned();
    let client = reqwest::blocking::Client::builder().no_proxy().build().expect("a client");
    let lost = Mutex::new(false);
    let between = Server::start(move |request| {
        let reply = forward(&client, &root, request);
        let first = !std::mem::replace(&mut *lost.lock().expect("no panic"), request.method == "PATCH")
            && request.method == "PATCH";
        if first { Reply::Close } else { reply }
    });
    let run = super::super::project::run(project.command().env("FFCTL_ADMIN_URL", between.url()).args([
        "set",
        "use_v3_style=on",
        "enable_try_on=off",
        "--yes",
        "-m",
        "once",
    ]));
    assert_eq!(run.code, 0, "the client repeats it under the same key: {run:?}");
    assert!(
        run.stderr.contains("nothing was written twice") || run.stdout.contains("nothing was written twice"),
        "{run:?}"
    );
    assert_eq!(entries(&server).len(), 1);
}

#[test]
fn a_variable_of_the_checkout_shows_as_drift_and_not_as_truth() {
    let mut project = Project::shipped();
    project.set("FF_USE_V3_STYLE", "on");
    let server = FfctlServer::start(&project, &[]);
    server.point(&mut project);
    assert_eq!(server.get("/feature-flags/use_v3_style").json()["source"], "env");
    project.ok(&["set", "use_v3_style", "off", "--yes"]);
    assert_eq!(project.ok(&["get", "use_v3_style"]), "false\n", "admin is above env");
    project.ok(&["unset", "use_v3_style", "--yes"]);
    project.set("FF_USE_V3_STYLE", "off");
    assert_eq!(project.run(&["check", "use_v3_style=off"]).code, 10, "the server sees it otherwise");
}

#[test]
fn a_dry_run_writes_nothing_and_an_unknown_flag_is_named() {
    let (project, server) = team(&[]);
    project.ok(&["set", "use_v3_style", "on", "--dry-run"]);
    assert!(project.fails(3, &["set", "use_v3_styel", "on", "--yes"]).contains("use_v3_style"));
    assert_eq!(project.run(&["set", "style_prompt", "v9", "--yes"]).code, 3);
    assert!(entries(&server).is_empty());
}

#[test]
fn fifty_at_once_lose_nothing_and_leave_no_gap() {
    let (_project, server) = team(&[]);
    let path = "/feature-flags/use_v3_style";
    let acknowledged: Vec<u64> = thread::scope(|scope| {
        let clients: Vec<_> = (0..50)
            .map(|number| {
                let server = &server;
                scope.spawn(move || {
                    let user = format!("u-{number}");
                    // As everybody does: read, write what is based on it, and if somebody was faster, again.
                    for _ in 0..500 {
                        let tag = server.get(path).header("etag").to_owned();
                        let body = json!({ "users": { (user.as_str()): "on" }, "reason": user });
                        let answer = server.request("PATCH", path).with("if-match", &tag).json(&body).send();
                        match answer.status {
                            200 => return answer.json()["journal"].as_u64().expect("a number"),
                            412 => {}
                            _ => panic!("{answer:?}"),
                        }
                    }
                    panic!("{user} never got its turn");
                })
            })
            .collect();
        clients.into_iter().map(|client| client.join().expect("it ends")).collect()
    });
    let mut sorted = acknowledged.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, (1..=50).collect::<Vec<u64>>(), "each has a number of its own and none is left out");
    let entries = entries(&server);
    assert_eq!(entries.len(), 50);
    for (client, number) in acknowledged.iter().enumerate() {
        let entry = &entries[50 - usize::try_from(*number).expect("small")];
        assert_eq!(entry["reason"], format!("u-{client}"), "what was acknowledged is what stands there");
    }
    let users = server.get(path).json()["override"]["users"].as_object().map(serde_json::Map::len);
    assert_eq!(users, Some(50));
}

#[test]
fn a_store_that_is_given_out_is_not_said_to_be_read_by_nobody() {
    let project = Project::shipped();
    let alone = "local store, no server reads this";
    assert!(project.ok(&["set", "use_v3_style", "on", "--local", "--yes"]).contains(alone));
    let mut server = FfctlServer::start(&project, &[]);
    let given_out = "local store, which `ffctl serve` gives out";
    for form in [
        &["set", "use_v3_style", "off", "--local", "--yes"][..],
        &["list", "--local"],
        &["history", "--local"],
        &["token", "list", "--local"],
        &["journal", "verify", "--local"],
    ] {
        let said = project.ok(form);
        assert!(said.contains(given_out) && !said.contains(alone), "{form:?}: {said}");
    }
    server.end();
    assert!(project.ok(&["list", "--local"]).contains(given_out), "it is again once the server starts");
}
