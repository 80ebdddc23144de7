//! The dashboard in a real browser, and what it tells browsers to forbid.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use super::ffctl_server::FfctlServer;
use super::project::Project;
use super::sdk::toolchain;

/// Where Chromium is on Debian and its relatives.
const CHROMIUM: &str = "/usr/bin/chromium";

/// What would run as a script, or open an element, wherever it is not taken for text.
const ATTACK: &str =
    r#"x'"><img src=x onerror="window.attacked=true;alert(1)"><script>window.attacked=true</script>"#;

/// Returns what drives a browser through a job of `tests/sdk/browser/drive.js`; says so where there is no browser.
pub(super) fn browser(job: &str) -> Option<Command> {
    if !Path::new(CHROMIUM).exists() {
        toolchain::left_out("browser", "there is no Chromium here");
        return None;
    }
    let folder = toolchain::node("browser")?;
    let mut command = Command::new("node");
    command.current_dir(folder).args(["drive.js", CHROMIUM, job]);
    Some(command)
}

/// Returns what drives a browser through a job at a server.
fn driver(server: &FfctlServer, job: &str, more: &[&str]) -> Option<Command> {
    let mut command = browser(job)?;
    command.args([server.said["address"].as_str().expect("text"), &server.token]).args(more);
    Some(command)
}

/// Drives a browser through a job.
fn drive(server: &FfctlServer, job: &str, more: &[&str]) {
    if let Some(mut command) = driver(server, job, more) {
        toolchain::run(&mut command).expect("the dashboard is as it should be");
    }
}

#[test]
fn a_person_toggles_rolls_out_and_undoes() {
    let project = Project::shipped();
    let server = FfctlServer::start(&project, &[]);
    drive(&server, "work", &[]);
    let journal = server.get("/journal").json();
    assert_eq!(journal["entries"].as_array().map(Vec::len), Some(3), "{journal}");
    assert_eq!(journal["entries"][2]["reason"], "a try");
}

#[test]
fn what_somebody_else_changes_appears_by_itself() {
    let project = Project::shipped();
    let mut server = FfctlServer::start(&project, &[]);
    let Some(mut command) = driver(&server, "live", &[]) else { return };
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    let (mut answers, asked) = (child.stdin.take().expect("piped"), child.stdout.take().expect("piped"));
    for line in BufReader::new(asked).lines() {
        match line.expect("text").as_str() {
            "down" => drop(server.end()),
            "up" => server.back(&project),
            other => panic!("nobody can do `{other}`"),
        }
        writeln!(answers, "done").expect("it waits");
    }
    let mut complaint = String::new();
    child.stderr.take().expect("piped").read_to_string(&mut complaint).expect("text");
    assert!(child.wait().expect("it ends").success(), "{complaint}");
}

#[test]
fn a_person_edits_shares_entries_and_ends() {
    let project = Project::shipped();
    let server = FfctlServer::start(&project, &[]);
    drive(&server, "edit", &[]);
    let flag = server.get("/feature-flags/style_prompt").json();
    assert_eq!(flag["override"], serde_json::json!({ "split": [["v2", 60], ["v3", 40]] }), "{flag}");
}

#[test]
fn pages_are_told_of_changes_by_the_cookie_alone() {
    let project = Project::shipped();
    let server = FfctlServer::start(&project, &[]);
    let watch = |cookie: &str| server.request("GET", "//live").with("cookie", cookie);
    assert_eq!(watch("x=y").send().problem(401), "no_token", "the header of the API does not count here");
    assert_eq!(watch("ffctl_token=ffa_x").send().problem(401), "unknown_token");
    let stream = watch(&format!("ffctl_token={}", server.token)).with("authorization", "Basic x").open();
    assert_eq!(
        (stream.status().as_u16(), &stream.headers()["content-type"]),
        (200, &"text/event-stream".parse().expect("text"))
    );
    let mut lines = BufReader::new(stream).lines().map(|line| line.expect("text"));
    let mut next = |event: &str| {
        lines.find(|line| *line == format!("event: {event}")).expect("it comes");
        let data = lines.next().expect("its data");
        serde_json::from_str::<serde_json::Value>(data.strip_prefix("data: ").expect("data")).expect("JSON")
    };
    let first = next("state");
    project
        .write("flags.toml", &project.read("flags.toml").replace("[[\"control\", 50]", "[[\"control\", 70]"));
    let other = next("change");
    assert_eq!(other["flags"], serde_json::json!([]), "an experiment is no flag, and its page changes");
    assert_ne!(first["state"], other["state"]);
    let patch = server.request("PATCH", "/feature-flags/use_v3_style").with("if-match", "*");
    assert_eq!(patch.json(&serde_json::json!({ "enabled": true })).send().status, 200);
    assert_eq!(next("change")["flags"], serde_json::json!(["use_v3_style"]));
}

#[test]
fn it_works_without_scripts() {
    let project = Project::shipped();
    let server = FfctlServer::start(&project, &[]);
    drive(&server, "plain", &[]);
}

#[test]
fn whatever_stands_in_a_field_is_text() {
    let quoted = serde_json::to_string(ATTACK).expect("a string");
    let text = format!(
        "schema = 1
[flags.hostile]
description = {quoted}
owner = {quoted}
tags = [{quoted}]
enabled = true
users = {{ {quoted} = \"on\" }}
orgs = {{ {quoted} = \"off\" }}
rollout = \"10%\"
[[flags.hostile.rules]]
name = {quoted}
when = [{{ attribute = {quoted}, op = \"in\", values = [{quoted}] }}]
serve = \"on\"
[experiments.trial]
description = {quoted}
flag = \"hostile\"
variants = [[\"a\", 1], [\"b\", 1]]
force = {{ {quoted} = \"b\" }}
"
    );
    let project = Project::new(&text);
    project.ok(&["set", "hostile", "on", "--user", ATTACK, "--local", "--yes", "-m", ATTACK]);
    let server = FfctlServer::start(&project, &[]);
    drive(&server, "hostile", &[ATTACK]);
}

#[test]
fn forms_of_other_sites_and_cookies_for_the_api_are_refused() {
    let project = Project::shipped();
    let server = FfctlServer::start(&project, &[]);
    let cookie = format!("ffctl_token={}", server.token);
    let form = "application/x-www-form-urlencoded";
    let send = |path: &str, origin: &str, body: &str| {
        let request = server.request("POST", path).with("authorization", "").with("cookie", &cookie);
        request.with("origin", origin).with("content-type", form).body(body).send()
    };
    for origin in ["https://evil.example", "null", ""] {
        let answer = send("//flags/use_v3_style", origin, "enabled=on&tag=*");
        assert_eq!(answer.status, 403, "{origin}: {}", answer.text);
        assert_eq!(send("//login", origin, "token=x").status, 403, "{origin}");
    }
    let listed = server.request("GET", "/feature-flags").with("authorization", "");
    let answer = listed.with("cookie", &cookie).send();
    assert_eq!(answer.status, 401, "the API takes no cookies");
    let answer = server.get("//login");
    let policy = answer.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    assert_eq!((answer.header("x-frame-options"), answer.header("cache-control")), ("DENY", "no-store"));
}

#[test]
fn who_tries_token_after_token_has_to_wait() {
    let project = Project::shipped();
    let server = FfctlServer::start(&project, &[]);
    let origin = format!("http://{}", server.address());
    let enter = |token: &str| {
        let request = server.request("POST", "//login").with("authorization", "").with("origin", &origin);
        request
            .with("content-type", "application/x-www-form-urlencoded")
            .body(&format!("token={token}"))
            .send()
    };
    // Who logs in counts for nothing, however often.
    for _ in 0..12 {
        assert_ne!(enter(&server.token).status, 429);
    }
    let mut refused = None;
    for attempt in 1..=60 {
        let answer = enter("ffa_no_such_token");
        if answer.status == 429 {
            refused = Some((attempt, answer));
            break;
        }
        assert_eq!(answer.status, 401, "{answer:?}");
    }
    let (attempt, answer) = refused.expect("it ends");
    assert!(attempt > 10, "ten are free: {attempt}");
    let seconds: u64 = answer.header("retry-after").parse().expect("seconds");
    assert!((1..=6).contains(&seconds) && answer.text.contains("too many attempts"), "{answer:?}");
    // Nothing can be learned meanwhile, not even which token is one; the API goes on.
    assert_eq!(enter(&server.token).status, 429);
    assert_eq!(server.get("/feature-flags").status, 200);
}
