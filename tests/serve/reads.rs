//! What everybody may ask, and how the server says no.

use std::time::Duration;

use serde_json::json;

use super::super::ffctl_server::{FfctlServer, until};
use super::super::project::Project;

#[test]
fn the_command_line_reads_what_it_would_read_itself() {
    let mut project = Project::shipped();
    project.ok(&["set", "use_v3_style=on", "enable_memory_v2=50%", "--local", "--yes"]);
    let local = project.json(&["list", "--local"]);
    let server = FfctlServer::start(&project, &[]);
    server.point(&mut project);
    let remote = project.json(&["list"]);
    assert_eq!(remote["target"]["kind"], "server");
    for (one, other) in
        local["flags"].as_array().expect("flags").iter().zip(remote["flags"].as_array().expect("flags"))
    {
        for field in ["name", "enabled", "source", "state", "summary"] {
            assert_eq!(one[field], other[field], "{}", one["name"]);
        }
    }
    assert_eq!(project.ok(&["get", "use_v3_style"]), "true\n");
}

#[test]
fn who_may_not_ask_is_told_why() {
    let project = Project::shipped();
    let server = FfctlServer::start(&project, &[]);
    for (header, code) in
        [("Bearer", "no_token"), ("Basic YTpi", "no_token"), ("Bearer ffa_no", "unknown_token")]
    {
        let answer = server.request("GET", "/feature-flags").with("authorization", header).send();
        assert_eq!(answer.problem(401), code, "{header}");
        assert!(answer.header("www-authenticate").starts_with("Bearer"));
    }
    assert_eq!(server.get("/feature-flags").status, 200);
    let lower = format!("bearer {}", server.token);
    assert_eq!(server.request("GET", "/feature-flags").with("authorization", &lower).send().status, 200);
    let log = server.log();
    assert!(log.contains("status=401") && !log.contains(&server.token) && !log.contains("ffa_no"), "{log}");
}

#[test]
fn what_is_not_there_is_a_problem_document() {
    let project = Project::shipped();
    let server = FfctlServer::start(&project, &[]);
    assert_eq!(server.get("/feature-flags/nothing").problem(404), "unknown_flag");
    let near = server.get("/feature-flags/use_v3_styel").json();
    assert!(near["detail"].as_str().is_some_and(|text| text.contains("use_v3_style")), "{near}");
    assert_eq!(server.get("/nowhere").problem(404), "unknown_route");
    assert_eq!(server.get("//nowhere").problem(404), "unknown_route");
    let refused = server.request("PUT", "/feature-flags").send();
    assert_eq!(refused.problem(405), "method");
    assert!(refused.header("allow").contains("GET"), "{refused:?}");
    for path in ["//healthz", "//readyz"] {
        assert_eq!(server.request("GET", path).with("authorization", "Basic x").send().status, 200, "{path}");
    }
}

#[test]
fn tags_tell_what_is_known_already() {
    let project = Project::shipped();
    let server = FfctlServer::start(&project, &[]);
    for path in ["/feature-flags", "/feature-flags/use_v3_style"] {
        let first = server.get(path);
        let tag = first.header("etag");
        assert!(tag.starts_with('"') && tag.len() > 10, "{tag}");
        for known in [tag.to_owned(), format!("W/{tag}"), format!("\"x\", {tag}"), "*".to_owned()] {
            let again = server.request("GET", path).with("if-none-match", &known).send();
            assert_eq!(
                (again.status, again.text.as_str(), again.header("etag")),
                (304, "", tag),
                "{path} {known}"
            );
        }
        assert_eq!(server.request("GET", path).with("if-none-match", "\"x\"").send().status, 200);
    }
    let flag = server.get("/feature-flags/use_v3_style");
    let list = server.get("/feature-flags").json();
    let listed = list["flags"].as_array().expect("flags").iter().find(|flag| flag["name"] == "use_v3_style");
    assert_eq!(listed, Some(&flag.json()));
    assert_eq!(flag.json()["etag"], flag.header("etag"));
    assert_eq!(list["idempotency_keys"], true);
}

#[test]
fn another_process_is_seen_at_once() {
    let project = Project::shipped();
    let server = FfctlServer::start(&project, &[]);
    let enabled = || server.get("/feature-flags/use_v3_style").json()["enabled"] == json!(true);
    assert!(!enabled());
    let mut took = Vec::new();
    for (number, value) in ["on", "off", "on", "off", "on"].into_iter().enumerate() {
        project.ok(&["set", "use_v3_style", value, "--local", "--yes"]);
        took.push(until(Duration::from_secs(30), || enabled() == (number % 2 == 0)));
    }
    took.sort();
    // The middle one: a busy machine may stop any process for a while.
    assert!(took[2] < Duration::from_millis(100), "{took:?}");
}

#[test]
fn flags_toml_may_change_and_break_while_it_runs() {
    let project = Project::new("schema = 1\n[flags]\na = true\n");
    let server = FfctlServer::start(&project, &[]);
    let names = || {
        let list = server.get("/feature-flags").json();
        list["flags"]
            .as_array()
            .expect("flags")
            .iter()
            .map(|flag| flag["name"].to_string())
            .collect::<String>()
    };
    assert_eq!(names(), "\"a\"");
    // As editors and deploys do: whole or not at all.
    let write = |text: &str| {
        project.write("flags.new", text);
        std::fs::rename(project.path("flags.new"), project.path("flags.toml")).expect("renamed");
    };
    write("schema = 1\n[flags]\na = true\nb = true\n");
    until(Duration::from_secs(30), || names() == "\"a\"\"b\"");
    write("schema = 1\n[flags]\na = tru\n");
    until(Duration::from_secs(30), || server.log().contains("going on with what was true before"));
    assert_eq!(names(), "\"a\"\"b\"");
    write("schema = 1\n[flags]\nc = true\n");
    until(Duration::from_secs(30), || names() == "\"c\"");
    until(Duration::from_secs(30), || server.log().contains("can be read again"));
    std::fs::remove_file(project.path("flags.toml")).expect("removed");
    until(Duration::from_secs(30), || server.log().matches("going on").count() == 2);
    assert_eq!(names(), "\"c\"");
}
