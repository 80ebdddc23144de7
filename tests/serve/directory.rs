//! A server that looks users up: what it knows then, and what a directory that is slow or away does to it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

use super::super::ffctl_server::{FfctlServer, until};
use super::super::project::Project;
use super::super::support::server::{Reply, Request, Server};

const FLAGS: &str = r#"schema = 1
[flags.f]
enabled = true
rollout = "0%"
rules = [{ when = [{ attribute = "email_domain", op = "in", values = ["agpt.co"] }], serve = "on" }]
[flags.g]
enabled = true
rollout = "0%"
rules = [{ when = [{ segment = "staff" }], serve = "on" }]
[segments.staff]
rules = [{ when = [{ attribute = "role", op = "in", values = ["admin"] }] }]
"#;

/// The record of every user but `nobody`.
fn record(request: &Request) -> Reply {
    let key = request.path.strip_prefix("/users/").expect("below the route");
    match key {
        "nobody" => Reply::json(404, &json!({})),
        _ => Reply::json(
            200,
            &json!({ "id": key, "email": format!("{key}@agpt.co"), "role": "admin", "created_at": 7.5 }),
        ),
    }
}

fn started(directory: &Server) -> (Project, FfctlServer) {
    let project = Project::new(FLAGS);
    let url = format!("{}/users/{{id}}", directory.url());
    // Long enough that a busy machine is not taken for a directory that is away.
    let server = FfctlServer::start(&project, &["--directory", &url, "--directory-wait", "20s"]);
    assert_eq!(server.said["directory"], url);
    (project, server)
}

fn ofrep(server: &FfctlServer, context: &Value) -> Value {
    let request = server.request("POST", "//ofrep/v1/evaluate/flags/f").json(&json!({ "context": context }));
    let answer = request.send();
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

fn value(server: &FfctlServer, user: &str) -> (Value, Value) {
    let answer = ofrep(server, &json!({ "targetingKey": user }));
    (answer["value"].clone(), answer["metadata"]["directory"].clone())
}

#[test]
fn evaluations_know_what_the_directory_knows_and_ask_once() {
    let directory = Server::start(record);
    let (_project, server) = started(&directory);
    assert_eq!(value(&server, "u1"), (json!(true), Value::Null));
    assert_eq!(value(&server, "u1"), (json!(true), Value::Null));
    let given = json!({ "targetingKey": "u1", "email": "u1@elsewhere.example" });
    assert_eq!(ofrep(&server, &given)["value"], false, "what the caller says goes first");
    assert_eq!(value(&server, "u1").0, true, "and is not kept");
    assert_eq!(directory.requests().len(), 1);

    let bulk = server
        .request("POST", "//ofrep/v1/evaluate/flags")
        .json(&json!({ "context": { "targetingKey": "u2" } }));
    let bulk = bulk.send().json();
    assert!(bulk["flags"].as_array().expect("flags").iter().all(|flag| flag["value"] == true), "{bulk}");
    assert_eq!(directory.requests().len(), 2, "once for all flags");

    assert_eq!(value(&server, "nobody"), (json!(false), json!("no_such_user")));
    assert_eq!(ofrep(&server, &json!({ "email": "x@agpt.co" }))["value"], true);
    assert_eq!(directory.requests().len(), 3, "without a key nobody is asked for");

    let evaluate = |body: Value| server.request("POST", "/evaluate").json(&body).send().json();
    let told =
        evaluate(json!({ "flags": ["g"], "context": { "kind": "user", "key": "u1" }, "explain": true }));
    assert_eq!(
        (&told["flags"][0]["value"], &told["context"]["directory"]["state"]),
        (&json!(true), &json!("cached"))
    );
    assert_eq!(told["context"]["directory"]["odd"][0]["field"], "created_at", "{told}");
    let told = evaluate(json!({ "flags": ["g"], "context": { "kind": "user", "key": "nobody" } }));
    let state = &told["context"]["directory"];
    assert_eq!((&state["state"], &state["reason"]), (&json!("bare"), &json!("no_such_user")), "{told}");
    let everyone = evaluate(json!({ "flags": ["g"] }));
    assert_eq!(everyone.get("context"), None);

    let page = server
        .request("GET", "//flags/g?user=u1")
        .with("cookie", &format!("ffctl_token={}", server.token))
        .send();
    assert!(page.text.contains("from the directory, cached"), "{}", page.text);
    let metrics = server.get("//metrics").text;
    for line in ["{outcome=\"record\"} 2", "{outcome=\"no_such_user\"} 2"] {
        assert!(metrics.contains(&format!("ffctl_directory_lookups_total{line}")), "{metrics}");
    }
}

#[test]
fn a_directory_that_is_away_costs_no_evaluation_an_error_and_few_a_wait() {
    let away = Arc::new(AtomicBool::new(true));
    let down = Arc::clone(&away);
    let directory = Server::start(move |request| {
        if down.load(Ordering::SeqCst) {
            Reply::Late(Duration::from_mins(1), Box::new(Reply::Close))
        } else {
            record(request)
        }
    });
    let mut project = Project::new(FLAGS);
    project.set("FFCTL_DIRECTORY", &format!("{}/users/{{id}}", directory.url()));
    let server = FfctlServer::start(&project, &["--directory", "--directory-wait", "50ms"]);
    let users = 200;
    for user in 0..users {
        assert_eq!(value(&server, &format!("u{user}")), (json!(false), json!("failed")));
    }
    assert!(directory.requests().len() < users, "while it is away few are looked up");
    let context = json!({ "flags": ["f"], "context": { "kind": "user", "key": "u1" } });
    let told = server.request("POST", "/evaluate").json(&context).send().json();
    let message = told["context"]["directory"]["message"].as_str().expect("why").to_owned();
    assert!(message.contains("no answer within 50ms"), "{message}");
    assert!(server.log().contains("the user directory is away"), "{}", server.log());
    away.store(false, Ordering::SeqCst);
    until(Duration::from_secs(20), || value(&server, "u1") == (json!(true), Value::Null));
    assert!(server.log().contains("answers again"), "{}", server.log());
}

#[test]
fn a_slow_directory_is_waited_for_in_the_background() {
    let directory =
        Server::start(|request| Reply::Late(Duration::from_millis(400), Box::new(record(request))));
    let mut project = Project::new(FLAGS);
    project.set("FFCTL_DIRECTORY", &format!("{}/users/{{id}}", directory.url()));
    let server = FfctlServer::start(&project, &["--directory", "--directory-wait", "1ms"]);
    assert_eq!(value(&server, "u1"), (json!(false), json!("failed")));
    until(Duration::from_secs(20), || value(&server, "u1") == (json!(true), Value::Null));
}

#[test]
fn a_server_starts_only_with_a_directory_that_can_be_asked() {
    let mut project = Project::new(FLAGS);
    let serve = |more: &[&'static str]| [&["serve", "--listen", "127.0.0.1:0"] as &[&str], more].concat();
    assert!(project.fails(7, &serve(&["--directory"])).contains("no user directory is set up"));
    assert!(project.fails(2, &serve(&["--directory", "https://people.example.com"])).contains("{id}"));
    assert!(project.fails(2, &serve(&["--directory-wait", "1s"])).contains("--directory"));
    project.set("FFCTL_DIRECTORY_TOKEN_FILE", "absent");
    assert!(project.fails(4, &serve(&["--directory", "https://people.example.com/{id}"])).contains("absent"));
}
