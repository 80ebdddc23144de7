//! `ffctl login` and `logout` against a real server: tried before it is kept, kept for one origin, shown to nobody.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use serde_json::json;

use super::ffctl_server::FfctlServer;
use super::project::{Project, Run};
use super::support::api;
use super::support::server::{Reply, Server};

/// A project with the profile `prod` of a server.
fn configured(url: &str, more: &str) -> Project {
    let project = Project::shipped();
    point(&project, url, more);
    project
}

fn point(project: &Project, url: &str, more: &str) {
    fs::create_dir_all(project.config("ffctl")).expect("a folder");
    let text = format!("[profiles.prod]\nurl = \"{url}\"\n{more}");
    fs::write(project.config("ffctl/config.toml"), text).expect("written");
}

fn kept(project: &Project) -> PathBuf {
    project.state().join("ffctl/tokens/prod.token")
}

fn login(project: &Project, token: &str) -> Run {
    project.run_with_input(&["login", "-p", "prod"], token)
}

#[test]
fn a_token_is_kept_once_the_server_has_accepted_it() {
    let elsewhere = Project::shipped();
    let server = FfctlServer::start(&elsewhere, &[]);
    let project = configured(&server.url(), "");
    let said = project.fails(4, &["list", "-p", "prod"]);
    assert!(said.contains("hint: ffctl login --profile prod"), "{said}");
    let wrong = login(&project, "ffa_wrong\n");
    assert_eq!(wrong.code, 4, "{wrong:?}");
    assert!(!kept(&project).exists(), "what the server refuses is not kept");
    let run = login(&project, &format!("{}\n", server.token));
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("kept the token of first admin · admin"), "{}", run.stdout);
    for run in [&wrong, &run] {
        assert!(!format!("{run:?}").contains(&server.token), "{run:?}");
    }
    let mode = |path: &std::path::Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!(mode(&kept(&project)), 0o600);
    assert_eq!(mode(kept(&project).parent().expect("a folder")), 0o700);
    project.ok(&["set", "use_v3_style", "on", "-p", "prod", "--yes"]);
    let shown = project.json(&["profile", "show", "prod"]);
    assert_eq!(shown["profiles"][0]["token"]["source"], "login");
    assert_eq!(shown["profiles"][0]["token"]["present"], true);
    assert!(!shown.to_string().contains(&server.token));
    let out = project.ok(&["logout", "-p", "prod"]);
    assert!(out.contains("forgotten the token"), "{out}");
    assert!(!kept(&project).exists());
    assert!(project.ok(&["logout", "-p", "prod"]).contains("no token was kept"));
    project.fails(4, &["list", "-p", "prod"]);
}

#[test]
fn a_role_and_an_end_are_told() {
    let elsewhere = Project::shipped();
    let server = FfctlServer::start(&elsewhere, &[]);
    let body = json!({ "name": "ci", "role": "viewer", "expires_at": "2999-01-01T00:00:00Z" });
    let made = server.request("POST", "/tokens").json(&body).send().json();
    let token = made["secret"].as_str().expect("a secret");
    let project = configured(&server.url(), "");
    let run = project.run_with_input(&["login", "-p", "prod", "--json"], token);
    let told: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(
        (&told["name"], &told["role"], &told["expires_at"]),
        (&json!("ci"), &json!("viewer"), &json!("2999-01-01T00:00:00Z"))
    );
    assert_eq!(told["server"], concat!("ffctl ", env!("CARGO_PKG_VERSION")));
    let refused = project.fails(4, &["set", "use_v3_style", "on", "-p", "prod", "--yes"]);
    assert!(refused.contains("403"), "{refused}");
}

#[test]
fn a_kept_token_goes_to_no_other_origin() {
    let elsewhere = Project::shipped();
    let server = FfctlServer::start(&elsewhere, &[]);
    let project = configured(&server.url(), "");
    assert_eq!(login(&project, &server.token).code, 0);
    // The profile leads elsewhere now, to another port of this very machine.
    let canary = Server::start(|_| Reply::json(200, &json!({ "flags": [] })));
    point(&project, &canary.url(), "");
    for words in [
        &["list", "-p", "prod"] as &[&str],
        &["set", "use_v3_style", "on", "-p", "prod", "--yes"],
        &["history", "-p", "prod"],
    ] {
        let said = project.fails(4, words);
        assert!(said.contains("the token kept for profile `prod` is for http://127.0.0.1:"), "{said}");
        assert!(said.contains(&format!("is not sent to {}", canary.url())), "{said}");
        assert!(said.contains("hint: ffctl login --profile prod"), "{said}");
    }
    let doctor = project.run(&["doctor", "-p", "prod"]);
    assert_eq!(doctor.code, 4, "{doctor:?}");
    assert!(canary.requests().is_empty(), "nothing was asked, and nothing sent");
    // Another path of the same origin is the same server.
    point(&project, &format!("{}/api/v1/admin", server.url().trim_end_matches("/api/v1/admin")), "");
    project.ok(&["list", "-p", "prod"]);
    // A copy for another profile is no login.
    let text = format!("[profiles.prod]\nurl = \"{0}\"\n[profiles.copy]\nurl = \"{0}\"\n", server.url());
    fs::write(project.config("ffctl/config.toml"), text).expect("written");
    fs::copy(kept(&project), project.state().join("ffctl/tokens/copy.token")).expect("copied");
    assert!(project.fails(4, &["list", "-p", "copy"]).contains("another profile"));
}

#[test]
fn what_others_may_read_or_nobody_wrote_is_not_used() {
    let server = api::rich(&["use_v3_style"], None);
    let project = configured(&server.url(), "");
    fs::create_dir_all(kept(&project).parent().expect("a folder")).expect("made");
    let private = |mode| fs::set_permissions(kept(&project), fs::Permissions::from_mode(mode)).expect("set");
    fs::write(kept(&project), "ffa_secret\n").expect("written");
    private(0o600);
    assert!(project.fails(4, &["list", "-p", "prod"]).contains("is not as `ffctl login` wrote it"));
    private(0o644);
    assert!(project.fails(4, &["list", "-p", "prod"]).contains("can be read by others"));
    assert!(server.requests().is_empty());
}

#[test]
fn a_login_that_would_have_no_effect_is_refused() {
    let server = api::rich(&["use_v3_style"], None);
    let mut project = configured(&server.url(), "token_file = \"~/.t\"\n");
    let run = login(&project, "secret");
    assert!(run.code == 8 && run.stderr.contains("config.toml:3"), "{run:?}");
    assert!(run.stderr.contains("write the token into ~/.t"), "{run:?}");
    let none = project.run_with_input(&["login"], "secret");
    assert!(none.code == 2 && none.stderr.contains("ffctl login --profile prod"), "{none:?}");
    project.set("FFCTL_ADMIN_URL", &server.url());
    let variable = project.run_with_input(&["login"], "secret");
    assert!(variable.code == 2 && variable.stderr.contains("FFCTL_TOKEN"), "{variable:?}");
    assert!(server.requests().is_empty());
}

#[test]
fn what_is_no_token_is_not_tried() {
    let server = api::rich(&["use_v3_style"], None);
    let project = configured(&server.url(), "");
    let long = "x".repeat(20_000);
    for text in ["", "\n", "two words", "a\nb\n", "schl\u{fc}ssel"] {
        let run = login(&project, text);
        assert_eq!(run.code, 4, "{text:?}: {run:?}");
    }
    assert_ne!(login(&project, &format!("{long}\n{long}")).code, 0);
    assert!(server.requests().is_empty() && !kept(&project).exists());
    // Nobody there: nothing is kept of what nobody accepted.
    point(&project, "http://127.0.0.1:9", "");
    assert_eq!(login(&project, "secret").code, 6);
    assert!(!kept(&project).exists());
}

#[test]
fn a_server_that_does_not_tell_who_one_is_is_asked_for_its_flags() {
    let server = api::rich(&["use_v3_style"], Some("secret"));
    let project = configured(&server.url(), "");
    assert_eq!(login(&project, "wrong").code, 4);
    let run = login(&project, "secret");
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stderr.contains("does not tell whose it is"), "{run:?}");
    project.ok(&["list", "-p", "prod"]);
    // A web page is no admin API, whatever it answers with.
    let page = Server::start(|_| Reply::Answer {
        status: 200,
        headers: vec![("content-type".to_owned(), "text/html".to_owned())],
        body: b"<!doctype html><p>hello".to_vec(),
    });
    point(&project, &page.url(), "");
    assert_eq!(login(&project, "secret").code, 6);
}

#[test]
fn a_removed_profile_leaves_no_token() {
    let server = api::rich(&["use_v3_style"], None);
    let project = configured(&server.url(), "");
    assert_eq!(login(&project, "secret").code, 0);
    assert!(kept(&project).exists());
    let run = project.run(&["profile", "remove", "prod"]);
    assert!(run.code == 0 && run.stderr.contains("is forgotten"), "{run:?}");
    assert!(!kept(&project).exists());
}

#[test]
fn logins_take_no_option_that_they_would_ignore() {
    let server = api::rich(&["use_v3_style"], None);
    let project = configured(&server.url(), "");
    for option in [
        &["--flags", "flags.toml"] as &[&str],
        &["--env-file", "x.env"],
        &["--offline"],
        &["--max-age", "1h"],
        &["--view", "checkout"],
    ] {
        for command in ["login", "logout"] {
            let said = project.fails(2, &[&[command, "-p", "prod"], option].concat());
            assert!(said.contains(option[0]), "{command}: {said}");
        }
    }
    for option in [&["--local"] as &[&str], &["--store", "x.db"]] {
        for command in ["login", "logout"] {
            assert!(project.fails(2, &[&[command], option].concat()).contains(option[0]));
        }
    }
    for format in ["table", "json", "jsonl", "csv", "markdown", "name"] {
        let run = project.run_with_input(&["login", "-p", "prod", "-o", format], "secret");
        assert!(run.code == 0 && run.stdout.ends_with('\n') && !run.stdout.contains("secret"), "{run:?}");
        assert!(project.ok(&["logout", "-p", "prod", "-o", format]).ends_with('\n'), "{format}");
    }
    assert_eq!(project.run(&["login", "-p", "prod", "-o", "sarif"]).code, 2);
    let run = project.run_with_input(&["login", "-p", "prod", "--color", "always"], "secret");
    assert!(run.stdout.contains('\u{1b}'), "{run:?}");
}
