//! What is done to tokens, as everybody reads it in the journal of a server.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::ffctl_server::{FfctlServer, until};
use super::super::project::Project;

fn team() -> (Project, FfctlServer) {
    let mut project = Project::shipped();
    let server = FfctlServer::start(&project, &[]);
    server.point(&mut project);
    (project, server)
}

fn create(project: &Project, name: &str, more: &[&str]) -> Value {
    project.json(&[&["token", "create", name, "--yes"], more].concat())
}

#[test]
fn tokens_stand_in_the_journal_wherever_it_is_read() {
    let (project, server) = team();
    project.ok(&["set", "use_v3_style", "on", "--yes"]);
    let made = create(&project, "ci deploy", &["--role", "editor", "--expires", "90d", "-m", "the pipeline"]);
    assert_eq!((&made["journal"], made["head"].as_str().map(str::len)), (&json!("2"), Some(64)), "{made}");
    let secret = made["secret"].as_str().expect("a secret").to_owned();
    project.ok(&["set", "enable_try_on", "off", "--yes"]);
    let shown = project.ok(&["token", "revoke", "ci deploy", "--yes", "-m", "it was in a log"]);
    assert!(shown.contains("journal 4"), "{shown}");
    // Past the server, with the user of this machine as who did it.
    let local = project.json(&["token", "create", "wall", "--role", "viewer", "--local", "--yes"]);
    assert_eq!(local["journal"], "5");
    for target in [&[] as &[&str], &["--local"]] {
        let history = project.json(&[&["history"], target].concat());
        let entries = history["entries"].as_array().expect("entries");
        let told: Vec<Value> = entries
            .iter()
            .map(|entry| json!([entry["number"], entry["by"], entry["reason"], entry["token"]["change"]]))
            .collect();
        let expected = [
            json!(["5", "ada", null, "created"]),
            json!(["4", "first admin", "it was in a log", "revoked"]),
            json!(["3", "first admin", null, null]),
            json!(["2", "first admin", "the pipeline", "created"]),
            json!(["1", "first admin", null, null]),
        ];
        assert_eq!(told, expected, "{target:?}");
        let token = &entries[3]["token"];
        assert_eq!(
            (&token["name"], &token["role"], &token["number"]),
            (&json!("ci deploy"), &json!("editor"), &json!(2))
        );
        assert!(token["expires_at"].is_string() && entries[0]["token"].get("expires_at").is_none());
        let shown = project.ok(&[&["history"], target].concat());
        for says in ["ci deploy revoked, editor, until", "ci deploy made, editor, until", "wall made, viewer"]
        {
            assert!(shown.contains(says), "`{says}` in {shown}");
        }
        let table = project.ok(&[&["history", "-o", "csv"], target].concat());
        assert!(table.contains(",token ci deploy,editor,,it was in a log,"), "{table}");
        assert!(table.contains(",token ci deploy,,editor,the pipeline,"), "{table}");
        let verified = project.json(&[&["journal", "verify"], target].concat());
        assert_eq!((&verified["whole"], &verified["entries"]), (&json!(true), &json!(5)));
        let of_flag = project.json(&[&["history", "use_v3_style"], target].concat());
        assert_eq!(of_flag["entries"].as_array().map(Vec::len), Some(1), "{of_flag}");
    }
    let receipt = format!("2={}", made["head"].as_str().expect("a hash"));
    project.ok(&["journal", "verify", "--receipt", &receipt]);
    let everything = server.get("/journal").text + &server.log();
    assert!(!everything.contains(&secret[4..]), "never the secret");
}

#[test]
fn what_was_done_to_a_token_is_not_undone_and_not_told_to_who_watches_flags() {
    let (project, server) = team();
    let mut events = server.request("GET", "/events").open();
    project.ok(&["set", "use_v3_style", "on", "--yes"]);
    create(&project, "ci", &["--role", "viewer"]);
    project.ok(&["token", "revoke", "ci", "--yes"]);
    // The last change of flags is meant, whatever was done to tokens since.
    let run = project.run(&["undo", "--dry-run"]);
    assert!(run.stdout.contains("undo of 1") && !run.stderr.contains("somebody else"), "{run:?}");
    let said = project.fails(2, &["undo", "2", "--yes"]);
    assert!(said.contains("2 made the token `ci`") && said.contains("ffctl token revoke ci"), "{said}");
    let said = project.fails(2, &["undo", "3", "--yes"]);
    assert!(said.contains("3 revoked the token `ci`") && said.contains("--role viewer"), "{said}");
    project.ok(&["undo", "1", "--yes"]);
    let mut told = String::new();
    until(Duration::from_secs(10), || {
        let mut bytes = [0_u8; 256];
        let read = std::io::Read::read(&mut events, &mut bytes).expect("events");
        told.push_str(&String::from_utf8_lossy(&bytes[..read]));
        told.contains("\"journal\":4")
    });
    let changes: Vec<&str> = told.lines().filter(|line| line.starts_with("data: ")).collect();
    assert_eq!(changes.len(), 2, "{told}");
    assert!(changes[0].contains("\"journal\":1,"), "{told}");
}

#[test]
fn the_dashboard_tells_of_tokens_and_offers_no_undo_of_them() {
    let (project, server) = team();
    create(&project, "<b>ci</b>", &["--role", "viewer", "-m", "for the <i>wall</i>"]);
    project.ok(&["set", "use_v3_style", "on", "--yes"]);
    let cookie = format!("ffctl_token={}", server.token);
    let visit = |method: &str, path: &str| {
        let request = server.request(method, path).with("authorization", "").with("cookie", &cookie);
        let origin = server.said["address"].as_str().expect("an address");
        request.with("origin", origin).with("content-type", "application/x-www-form-urlencoded").send()
    };
    let page = visit("GET", "//journal").text;
    let row = |number: u64| {
        let begin = page.find(&format!("id=\"entry-{number}\"")).expect("a row");
        page[begin..].split("</tr>").next().expect("its end").to_owned()
    };
    let (token, flag) = (row(1), row(2));
    assert!(token.contains("&lt;b&gt;ci&lt;/b&gt;") && token.contains(">made<"), "{token}");
    assert!(token.contains("viewer") && token.contains("&lt;i&gt;"), "{token}");
    assert!(!token.contains("undo") && flag.contains("/journal/2/undo"), "{token}{flag}");
    for (method, path) in [("GET", "//journal/1/undo"), ("POST", "//journal/1/undo")] {
        let answer = visit(method, path);
        assert_eq!(answer.status, 409, "{answer:?}");
        assert!(answer.text.contains("which nothing takes back"), "{answer:?}");
    }
}

#[test]
fn the_api_takes_reasons_for_what_is_done_to_tokens() {
    let (_project, server) = team();
    let make = |reason: Value| {
        let body = json!({ "name": "ci", "role": "viewer", "reason": reason });
        server.request("POST", "/tokens").json(&body).send()
    };
    assert_eq!(make(json!(7)).problem(422), "invalid");
    assert_eq!(make(json!("x".repeat(2_001))).problem(422), "invalid");
    let made = make(json!("a try"));
    assert_eq!((made.status, made.json()["journal"].as_u64()), (201, Some(1)), "{made:?}");
    let number = made.json()["number"].as_u64().expect("a number");
    let revoke = |query: &str| server.request("DELETE", &format!("/tokens/{number}{query}")).send();
    let long = format!("?reason={}", "x".repeat(2_001));
    assert_eq!(revoke(&long).problem(422), "invalid");
    let revoked = revoke("?reason=done%20with").json();
    assert_eq!((revoked["journal"].as_u64(), revoked["head"].as_str().map(str::len)), (Some(2), Some(64)));
    assert_eq!(revoke("").json().get("journal"), None, "it was revoked already");
    let entry = server.get("/journal?limit=1").json()["entries"][0].clone();
    assert_eq!((&entry["reason"], &entry["changes"]), (&json!("done with"), &json!([])));
    assert_eq!(
        entry["token"],
        json!({ "change": "revoked", "number": number, "name": "ci", "role": "viewer" })
    );
}
