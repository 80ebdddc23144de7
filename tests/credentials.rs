//! Who may speak to which server: profiles, protected ones, settings that contradict each other, and where a token
//! goes.

use std::fs;

use serde_json::json;

use super::project::{Project, Run, run};
use super::remote::{FLAGS, TOKEN, asked, configured, private, with_profile, with_url};
use super::support::api;
use super::support::server::{Reply, Request, Server};

/// Asserts that a token stands in no output.
#[track_caller]
fn assert_secret(run: &Run) {
    assert!(!run.stdout.contains(TOKEN) && !run.stderr.contains(TOKEN), "{run:?}");
}

#[test]
fn the_token_goes_to_its_server_and_nowhere_else() {
    let canary = Server::start(|_| Reply::json(200, &json!({ "flags": [] })));
    let elsewhere = canary.url();
    let echo = move |request: &Request| {
        let token = request.headers.get("authorization").cloned().unwrap_or_default();
        if request.method == "GET" {
            Reply::problem(307, "moved", &token)
                .with("location", &format!("{elsewhere}/api/v1/admin/feature-flags"))
        } else {
            Reply::problem(400, "bad", &token)
        }
    };
    let server = Server::start(echo);
    let mut project = with_url(&server);
    project.set("FFCTL_TOKEN", TOKEN);
    for words in [vec!["list"], vec!["set", "use_v3_style", "on", "--yes"], vec!["list", "--json"]] {
        let run = project.run(&words);
        assert_eq!(run.code, 6, "{run:?}");
        assert_secret(&run);
    }
    assert!(
        server.requests().iter().all(|request| request.headers["authorization"] == format!("Bearer {TOKEN}"))
    );
    assert!(canary.requests().is_empty(), "the redirect was not followed");

    // A server that repeats the token is not repeated.
    let server = Server::start(|request| Reply::problem(401, "no", &request.headers["authorization"]));
    project.set("FFCTL_ADMIN_URL", &server.url());
    let run = project.run(&["list"]);
    assert_eq!(run.code, 4);
    assert_secret(&run);

    // With a profile, the token of the environment is not used, and that is said.
    let server = api::rich(&FLAGS, None);
    let mut project = configured(&format!("[profiles.open]\nurl = \"{}\"\n", server.url()));
    project.set("FFCTL_TOKEN", TOKEN);
    let run = project.run(&["list", "-p", "open"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stderr.contains("`FFCTL_TOKEN` is not used"), "{}", run.stderr);
    assert!(server.requests().iter().all(|request| !request.headers.contains_key("authorization")));
    assert_secret(&run);
}

#[test]
fn credentials_that_cannot_be_used_end_with_4_before_anything_is_sent() {
    let server = api::rich(&FLAGS, Some(TOKEN));
    let project = with_url(&server);
    let stderr = project.fails(4, &["list"]);
    assert!(stderr.contains("FFCTL_TOKEN_FILE"), "{stderr}");
    let asked_so_far = server.requests().len();
    let with = |name: &str, value: &str| run(project.command().env(name, value).arg("list"));
    fs::write(project.path("open"), TOKEN).expect("written");
    fs::write(project.path("two"), "a\nb\n").expect("written");
    fs::write(project.path("none"), "\n").expect("written");
    private(&project.path("two"));
    private(&project.path("none"));
    for file in ["open", "two", "none", "missing", "."] {
        let run = with("FFCTL_TOKEN_FILE", file);
        assert_eq!(run.code, 4, "{file}: {run:?}");
        assert_secret(&run);
    }
    assert_eq!(with("FFCTL_TOKEN", "").code, 4);
    assert_eq!(server.requests().len(), asked_so_far);
    assert_eq!(with("FFCTL_TOKEN", TOKEN).code, 0);
    assert_eq!(with("FFCTL_TOKEN", "wrong").code, 4);
}

#[test]
fn settings_that_contradict_each_other_are_refused() {
    let server = api::rich(&FLAGS, None);
    let mut project = with_profile(&server, "");
    assert!(project.fails(3, &["list", "-p", "prd"]).contains("prod"));
    project.fails(2, &["list", "-p", "prod", "--local"]);
    project.set("FFCTL_ADMIN_URL", "");
    assert!(project.fails(7, &["list"]).contains("`FFCTL_ADMIN_URL` is empty"));
    assert_eq!(project.run(&["list", "--local"]).code, 0, "who names a target needs no variable");
    project.set("FFCTL_ADMIN_URL", &server.url());
    project.set("FFCTL_PROFILE", "prod");
    project.fails(7, &["list"]);
    project.set("FFCTL_ADMIN_URL", "http://flags.example.com");
    project.set("FFCTL_TOKEN", TOKEN);
    let run = run(project.command().env_remove("FFCTL_PROFILE").arg("list"));
    assert_eq!(run.code, 7, "a token travels over https: {run:?}");
    assert_secret(&run);
}

#[test]
fn a_protected_profile_stands_on_the_command_line_and_is_confirmed_by_name() {
    let server = api::rich(&FLAGS, Some(TOKEN));
    let mut project = with_profile(&server, "protected = true\n");
    let change = ["set", "use_v3_style", "on"];
    let fails = |project: &Project, words: &[&str]| project.fails(8, &[&change, words].concat());
    assert!(fails(&project, &["-p", "prod", "--yes"]).contains("add --confirm prod"));
    assert!(fails(&project, &["-p", "prod"]).contains("add --confirm prod"));
    assert!(fails(&project, &["-p", "prod", "--confirm", "prd"]).contains("does not name"));
    project.set("FFCTL_PROFILE", "prod");
    assert!(fails(&project, &["--yes", "--confirm", "prod"]).contains("add --profile prod"));
    assert!(asked(&server, "PATCH").is_empty());
    project.ok(&[&change[..], &["-p", "prod", "--dry-run"]].concat());
    project.ok(&[&change[..], &["-p", "prod", "--confirm", "prod"]].concat());
    assert_eq!(asked(&server, "PATCH").len(), 1);
    assert_eq!(project.ok(&["get", "use_v3_style"]), "true\n", "reading needs no confirmation");
}

#[test]
fn what_no_profile_protects_is_not_confirmed_by_name() {
    let server = api::rich(&FLAGS, Some(TOKEN));
    let project = with_profile(&server, "");
    project.write(".env", "");
    let before = project.read("flags.toml");
    for layer in [
        &["-p", "prod"] as &[&str],
        &["--local"],
        &["--layer", "default"],
        &["--layer", "env", "--env-file", ".env"],
        &["--local", "--dry-run"],
    ] {
        for command in [&["set", "use_v3_style", "on"] as &[&str], &["set", "use_v3_style=25%"]] {
            let words = [command, layer, &["--yes", "--confirm", "prod"]].concat();
            let stderr = project.fails(2, &words);
            assert!(stderr.contains("--confirm") && stderr.contains("leave out --confirm"), "{stderr}");
        }
    }
    assert!(asked(&server, "PATCH").is_empty());
    assert_eq!((project.read("flags.toml"), project.read(".env")), (before, String::new()));
}

#[test]
fn the_default_profile_is_no_explicit_target() {
    let server = api::rich(&FLAGS, Some(TOKEN));
    let project = with_profile(&server, "");
    let config = project.config("ffctl/config.toml");
    let text = fs::read_to_string(&config).expect("there");
    fs::write(&config, format!("default_profile = \"prod\"\n{text}")).expect("written");
    let stderr = project.fails(8, &["set", "use_v3_style", "on", "--yes"]);
    assert!(stderr.contains("add --profile prod") && stderr.contains(&server.url()), "{stderr}");
    project.ok(&["set", "use_v3_style", "on", "--yes", "--profile", "prod"]);
}
