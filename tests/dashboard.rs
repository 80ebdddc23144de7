//! The dashboard in a real browser, and what it tells browsers to forbid.

use std::path::Path;
use std::process::Command;

use super::ffctl_server::FfctlServer;
use super::project::Project;
use super::sdk::toolchain;

/// Where Chromium is on Debian and its relatives.
const CHROMIUM: &str = "/usr/bin/chromium";

/// What would run as a script, or open an element, wherever it is not taken for text.
const ATTACK: &str =
    r#"x'"><img src=x onerror="window.attacked=true;alert(1)"><script>window.attacked=true</script>"#;

/// Drives a browser through a job of `tests/sdk/browser/drive.js`; says so where there is no browser.
fn drive(server: &FfctlServer, job: &str, more: &[&str]) {
    if !Path::new(CHROMIUM).exists() {
        toolchain::left_out("browser", "there is no Chromium here");
        return;
    }
    let Some(folder) = toolchain::node("browser") else { return };
    let address = server.said["address"].as_str().expect("text");
    let mut command = Command::new("node");
    command.current_dir(folder).args(["drive.js", CHROMIUM, job, address, &server.token]).args(more);
    toolchain::run(&mut command).expect("the dashboard is as it should be");
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
