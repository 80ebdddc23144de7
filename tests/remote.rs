//! Servers as targets: what a rich and a minimal admin API can do, and what is done without one.

use std::fs;

use serde_json::{Value, json};

use super::project::{Project, Run, run};
use super::support::api;
use super::support::server::{Reply, Request, Server};

pub(crate) const TOKEN: &str = "token-of-the-tests-4711";

/// A project with a config.toml.
pub(crate) fn configured(config: &str) -> Project {
    let project = Project::shipped();
    let path = project.config("ffctl/config.toml");
    fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    fs::write(path, config).expect("written");
    project
}

/// A project whose profile `prod` is this server, with a token file.
pub(crate) fn with_profile(server: &Server, more: &str) -> Project {
    let project = configured("");
    let token = project.config("token");
    fs::write(&token, format!("{TOKEN}\n")).expect("written");
    private(&token);
    let config =
        format!("[profiles.prod]\nurl = \"{}\"\ntoken_file = \"{}\"\n{more}", server.url(), token.display());
    fs::write(project.config("ffctl/config.toml"), config).expect("written");
    project
}

#[cfg(unix)]
pub(crate) fn private(path: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("set");
}

#[cfg(not(unix))]
pub(crate) fn private(_: &std::path::Path) {}

/// A project that `FFCTL_ADMIN_URL` leads to this server.
pub(crate) fn with_url(server: &Server) -> Project {
    let mut project = Project::shipped();
    project.set("FFCTL_ADMIN_URL", &server.url());
    project
}

pub(crate) const FLAGS: [&str; 3] = ["use_v3_style", "enable_memory_v2", "only_here"];

pub(crate) fn asked(server: &Server, method: &str) -> Vec<Request> {
    server.requests().into_iter().filter(|request| request.method == method).collect()
}

fn run_with(project: &Project, variables: &[(&str, &str)], words: &[&str]) -> Run {
    run(project.command().envs(variables.iter().copied()).args(words))
}

/// A server that knows one flag and answers every change with `reply`.
pub(crate) fn refusing(reply: Reply) -> Server {
    Server::start(move |request| match request.method.as_str() {
        "GET" => Reply::json(
            200,
            &json!({ "flags": [{ "name": "use_v3_style", "enabled": false, "source": "default",
                     "override": {}, "etag": "\"1\"" }] }),
        ),
        _ => reply.clone(),
    })
}

#[test]
fn a_rich_server_is_read_changed_and_read_back() {
    let server = api::rich(&FLAGS, Some(TOKEN));
    let project = with_profile(&server, "");
    let said = project.ok(&["set", "use_v3_style", "on", "-p", "prod", "--yes", "-m", "launch"]);
    assert!(said.contains(&format!("target: prod {}", server.url())), "{said}");
    assert!(said.contains("written · journal 1 · read back"), "{said}");
    assert!(said.contains("undo: ffctl undo 1 --profile prod"), "{said}");
    let patches = asked(&server, "PATCH");
    assert_eq!(patches.len(), 1);
    assert_eq!(patches[0].path, "/api/v1/admin/feature-flags/use_v3_style");
    assert_eq!(patches[0].headers["if-match"], "\"0\"", "it must be as it was read");
    assert!(patches[0].headers["idempotency-key"].len() >= 16);
    let body: Value = serde_json::from_str(&patches[0].body).expect("JSON");
    assert_eq!(body, json!({ "enabled": true, "reason": "launch" }));

    assert_eq!(project.ok(&["get", "use_v3_style", "-p", "prod"]), "true\n");
    let explained = project.ok(&["explain", "use_v3_style", "-p", "prod"]);
    assert!(explained.contains("journal 1"), "{explained}");
    assert_eq!(project.ok(&["get", "use_v3_style"]), "false\n", "the local store is another target");

    let undo = "ffctl undo 1 --profile prod --yes";
    assert_eq!(run(&mut project.shell(undo)).code, 0);
    assert_eq!(project.ok(&["get", "use_v3_style", "-p", "prod"]), "false\n");
}

#[test]
fn several_flags_go_to_a_server_in_one_request() {
    let server = api::rich(&FLAGS, None);
    let project = with_url(&server);
    project.ok(&["set", "use_v3_style=on", "enable_memory_v2=50%", "--yes"]);
    let patches = asked(&server, "PATCH");
    assert_eq!((patches.len(), patches[0].path.as_str()), (1, "/api/v1/admin/feature-flags"));
    assert_eq!(project.json(&["list", "enable_memory_v2"])["flags"][0]["rollout"], "50%");
}

#[test]
fn what_is_offered_to_be_typed_means_the_same_server() {
    let server = api::rich(&FLAGS, Some(TOKEN));
    let project = with_profile(&server, "");
    let said = project.ok(&["set", "enable_memory_v2", "on", "-p", "prod", "--dry-run"]);
    assert!(said.contains("hint: ffctl set enable_memory_v2 100% --profile prod"), "{said}");
    let refused = refusing(Reply::problem(412, "changed", "ben was faster"));
    let project = with_profile(&refused, "");
    let stderr = project.fails(5, &["set", "use_v3_style", "on", "-p", "prod", "--yes", "-f", "flags.toml"]);
    assert!(stderr.contains("ffctl explain use_v3_style --profile prod --flags flags.toml"), "{stderr}");
    let refused = refusing(Reply::problem(404, "unknown_flag", "what?"));
    let project = with_profile(&refused, "");
    let stderr = project.fails(3, &["set", "use_v3_style", "on", "-p", "prod", "--yes"]);
    assert!(stderr.contains("`ffctl list --profile prod` shows its flags"), "{stderr}");
}

#[test]
fn a_minimal_server_can_be_listed_asked_and_switched() {
    let server = api::minimal(&[("use_v3_style", false, "default"), ("only_here", true, "env")]);
    let project = with_url(&server);
    let list = project.json(&["list"]);
    let flags = list["flags"].as_array().expect("a list");
    let flag = |name: &str| flags.iter().find(|flag| flag["name"] == name).expect("listed");
    assert_eq!(flag("only_here")["declared"], false);
    let run = project.run(&["set", "use_v3_style", "on", "--yes"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(
        run.stderr.contains("names no version of `use_v3_style`"),
        "it says what it cannot do: {}",
        run.stderr
    );
    assert!(run.stdout.contains("written · read back"), "{}", run.stdout);
    assert_eq!(project.ok(&["get", "use_v3_style"]), "true\n");
    assert_eq!(project.ok(&["get", "only_here"]), "true\n");
    project.ok(&["set", "only_here", "off", "--yes"]);
    assert_eq!(project.ok(&["get", "only_here"]), "false\n");
    // What it does not know it refuses, and that is said.
    let stderr = project.fails(7, &["set", "use_v3_style", "25%", "--yes"]);
    assert!(stderr.contains("only `enabled` can be set"), "{stderr}");
    let stderr = project.fails(8, &["set", "use_v3_style=off", "only_here=on", "--yes"]);
    assert!(
        stderr.contains("several flags all or nothing") && stderr.contains("one flag at a time"),
        "{stderr}"
    );
}

#[test]
fn nobody_there_is_unreachable_and_never_off() {
    let mut project = Project::shipped();
    project.set("FFCTL_ADMIN_URL", "http://127.0.0.1:9");
    for words in [vec!["list"], vec!["get", "use_v3_style"], vec!["set", "use_v3_style", "off", "--yes"]] {
        let run = project.run(&words);
        assert_eq!((run.code, run.stdout.as_str()), (6, ""), "{words:?}: {run:?}");
        assert!(run.stderr.contains("http://127.0.0.1:9"), "{}", run.stderr);
    }
    project.set("FFCTL_TIMEOUT", "300ms");
    let slow = Server::start(|_| Reply::Late(std::time::Duration::from_secs(3), Box::new(Reply::Close)));
    project.set("FFCTL_ADMIN_URL", &slow.url());
    assert!(project.fails(6, &["list"]).contains("no answer within"));
}

#[test]
fn an_incident_write_needs_no_checkout_and_no_sound_flags_toml() {
    let server = api::rich(&FLAGS, Some(TOKEN));
    let project = with_profile(&server, "");
    let off = ["set", "use_v3_style", "off", "-p", "prod", "--yes"];
    project.write("flags.toml", "[flags\nuse_v3_style = tru\n");
    let run = project.run(&off);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stderr.contains("going on without flags.toml"), "{}", run.stderr);
    fs::remove_file(project.path("flags.toml")).expect("removed");
    project.ok(&["set", "use_v3_style", "on", "-p", "prod", "--yes"]);
    project.ok(&["set", "only_here", "off", "-p", "prod", "--yes"]);
    assert_eq!(project.ok(&["get", "use_v3_style", "-p", "prod"]), "true\n");
    let lost = run_with(&project, &[("FFCTL_FLAGS", "moved.toml")], &off);
    assert_eq!(lost.code, 0, "{lost:?}");
    assert!(lost.stderr.contains("going on without flags.toml: variable `FFCTL_FLAGS`"), "{}", lost.stderr);
    let here = ["set", "use_v3_style", "off", "--local", "--yes"];
    let lost = run_with(&project, &[("FFCTL_FLAGS", "moved.toml")], &here);
    assert_eq!(lost.code, 7, "a local change needs the file: {lost:?}");
    project.ok(&["set", "use_v3_style", "on", "-p", "prod", "--yes"]);
    // Names are still checked, against those of the server.
    let stderr = project.fails(3, &["set", "use_v3_stile", "off", "-p", "prod", "--yes"]);
    assert!(stderr.contains("did you mean `use_v3_style`?"), "{stderr}");
}

#[test]
fn a_flag_that_the_server_does_not_know_is_not_sent() {
    let server = api::rich(&FLAGS, None);
    let project = with_url(&server);
    let stderr = project.fails(3, &["set", "enable_try_on", "off", "--yes"]);
    assert!(stderr.contains("knows no flag `enable_try_on`"), "{stderr}");
    project.fails(3, &["unset", "enable_try_on", "--yes", "--dry-run"]);
    assert!(asked(&server, "PATCH").is_empty());
}

#[test]
fn drift_is_shown() {
    let server = api::minimal(&[("use_v3_style", true, "default"), ("enable_try_on", true, "env")]);
    let project = with_url(&server);
    let list = project.json(&["list"]);
    let flag = |name: &str| {
        list["flags"]
            .as_array()
            .and_then(|all| all.iter().find(|flag| flag["name"] == name))
            .cloned()
            .expect("listed")
    };
    assert_eq!(flag("use_v3_style")["drift"], true, "the server says on, the checkout off");
    assert_eq!(flag("enable_try_on")["drift"], false);
    assert_eq!(flag("use_v3_style")["server"], json!({ "enabled": true, "source": "default" }));
    assert!(project.ok(&["explain", "use_v3_style"]).contains("drift: the server says on"));
    assert!(project.ok(&["list"]).contains("drift"));
}

#[test]
fn offline_asks_nobody_and_says_so() {
    let server = api::rich(&FLAGS, None);
    let project = with_url(&server);
    let list = project.json(&["list", "--offline"]);
    assert_eq!(list["freshness"]["state"], "not_asked");
    assert!(project.ok(&["list", "--offline"]).contains("not asked"));
    let stderr = project.fails(2, &["set", "use_v3_style", "on", "--offline", "--yes"]);
    assert!(stderr.contains("--offline takes an answer of earlier"), "{stderr}");
    assert!(server.requests().is_empty());
    project.ok(&["set", "use_v3_style", "on", "--offline", "--local", "--yes"]);
}

#[test]
fn a_dry_run_only_asks() {
    let server = Server::start(|request| match request.method.as_str() {
        "GET" => Reply::json(
            200,
            &json!({ "flags": [
                { "name": "use_v3_style", "enabled": true, "source": "admin", "override": { "enabled": true }, "etag": "\"1\"" },
                { "name": "enable_memory_v2", "enabled": true, "source": "default", "override": null, "etag": "\"2\"" },
            ]}),
        ),
        _ => Reply::problem(500, "no", "this server takes nothing"),
    });
    let project = with_url(&server);
    let changes: [&[&str]; 4] = [
        &["set", "use_v3_style", "off"],
        &["set", "use_v3_style=off", "enable_memory_v2=50%"],
        &["unset", "use_v3_style"],
        &["set", "enable_memory_v2", "on", "--user", "u"],
    ];
    for words in changes {
        for more in [vec!["--dry-run"], vec!["--dry-run", "--yes", "-m", "why"]] {
            let report = project.json(&[words, &more].concat());
            assert_eq!(report["outcome"], "planned", "{words:?}");
        }
    }
    assert!(server.requests().iter().all(|request| request.method == "GET"));
    assert!(
        fs::read_dir(project.state()).expect("a folder").next().is_none(),
        "nor is anything written here"
    );
}
