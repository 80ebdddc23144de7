//! `ffctl diff` between targets: what each says, how old that is, and never an empty answer of who said nothing.

use std::fs;

use serde_json::{Value, json};

use super::ffctl_server::FfctlServer;
use super::project::Project;
use super::support::api;

const FLAGS: &str =
    "schema = 1\n[flags]\na = true\nb = false\n[flags.c]\nenabled = true\nrollout = \"10%\"\n";

/// A project with the profiles `staging` and `prod`.
fn with_profiles(flags: &str, staging: &FfctlServer, prod: &str, prod_token: &str) -> Project {
    let project = Project::new(flags);
    fs::create_dir_all(project.config("ffctl")).expect("a folder");
    let mut config = String::new();
    for (name, url, token) in
        [("staging", staging.url().as_str(), staging.token.as_str()), ("prod", prod, prod_token)]
    {
        let file = project.config(&format!("ffctl/{name}"));
        fs::write(&file, token).expect("written");
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        fs::set_permissions(&file, mode).expect("set");
        for line in
            [format!("[profiles.{name}]"), format!("url = \"{url}\""), format!("token_file = \"{name}\"")]
        {
            config.push_str(&line);
            config.push('\n');
        }
    }
    fs::write(project.config("ffctl/config.toml"), config).expect("written");
    project
}

fn diff(project: &Project, code: i32, words: &[&str]) -> Value {
    let words = [&["diff", "-o", "json"], words].concat();
    let run = project.run(&words);
    assert_eq!(run.code, code, "{run:?}");
    serde_json::from_str(&run.stdout).expect("JSON")
}

fn names(report: &Value) -> Vec<(&str, &str)> {
    let all = report["differences"].as_array().expect("a list");
    all.iter()
        .map(|one| (one["name"].as_str().expect("text"), one["change"].as_str().expect("text")))
        .collect()
}

#[test]
fn two_servers_are_compared_by_their_own_words() {
    let (one, other) = (Project::new(FLAGS), Project::new(&FLAGS.replace("b = false", "b = true\nd = true")));
    let (staging, prod) = (FfctlServer::start(&one, &[]), FfctlServer::start(&other, &[]));
    let project =
        with_profiles("schema = 1\n[flags]\nunrelated = true\n", &staging, &prod.url(), &prod.token);
    let report = diff(&project, 1, &["profile:staging", "profile:prod"]);
    assert_eq!(names(&report), [("b", "changed"), ("d", "added")]);
    assert_eq!(
        (&report["before"]["target"]["profile"], &report["after"]["freshness"]["state"]),
        (&json!("staging"), &json!("live"))
    );
    project.ok(&["set", "b", "on", "-p", "staging", "--yes"]);
    project.ok(&["set", "c", "50%", "-p", "prod", "--yes"]);
    project.ok(&["set", "c", "on", "--org", "acme", "-p", "prod", "--yes"]);
    let report = diff(&project, 1, &["profile:staging", "profile:prod", "b", "c"]);
    assert_eq!(names(&report), [("b", "changed"), ("c", "changed")]);
    let fields = |at: usize| {
        let all = report["differences"][at]["fields"].as_array().expect("a list").iter();
        all.map(|one| format!("{} {} {}", one["field"], one["old"], one["new"])).collect::<Vec<_>>()
    };
    assert_eq!(fields(0), [r#""source" "admin" "default""#], "on for the same people, from elsewhere");
    assert_eq!(fields(1), [r#""rollout" "10%" "50%""#, r#""org acme" null "on""#]);
    let by_checkout = diff(&project, 1, &["profile:staging", "profile:prod", "--view", "checkout"]);
    assert_eq!(by_checkout["before"]["view"], "checkout");
    assert!(project.fails(3, &["diff", "profile:staging", "profile:prod", "nobody"]).contains("nobody"));
    let shown = project.run(&["diff", "profile:staging", "profile:prod"]).stdout;
    assert!(shown.contains("profile:staging: staging http://127.0.0.1:"), "{shown}");
    assert!(shown.contains("asked now"), "{shown}");
}

#[test]
fn a_side_that_is_away_is_no_side_without_differences() {
    let one = Project::new(FLAGS);
    let mut staging = FfctlServer::start(&one, &[]);
    let project = with_profiles(FLAGS, &staging, "http://127.0.0.1:9", "t");
    for words in [["profile:staging", "profile:prod"], ["profile:prod", "profile:staging"]] {
        let run = project.run(&[&["diff"], &words[..]].concat());
        assert_eq!((run.code, run.stdout.as_str()), (6, ""), "{run:?}");
        assert!(run.stderr.contains("prod http://127.0.0.1:9"), "{}", run.stderr);
    }
    project.fails(3, &["diff", "profile:nobody", "local"]);
    project.fails(12, &["diff", "store:absent.db", "local"]);
    project.fails(2, &["diff", "profile:", "local"]);
    project.fails(2, &["diff", "profile:staging"]);
    // One that answered a while ago is told to have.
    assert_eq!(diff(&project, 0, &["profile:staging", "local"])["before"]["freshness"]["state"], "live");
    staging.kill();
    let run = project.run(&["diff", "profile:staging", "local"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("profile:staging: ") && run.stdout.contains("cached"), "{}", run.stdout);
    project.fails(9, &["diff", "profile:staging", "local", "--max-age", "0"]);
    let offline = diff(&project, 0, &["profile:staging", "local", "--offline"]);
    assert_eq!(offline["before"]["freshness"]["state"], "cached");
    fs::remove_dir_all(project.cache()).expect("removed");
    project.fails(6, &["diff", "profile:staging", "local", "--offline"]);
}

#[test]
fn stores_and_this_checkout_are_sides_too() {
    let project = Project::new(FLAGS);
    project.ok(&["set", "a", "off", "--local", "--yes"]);
    project.ok(&["set", "b", "on", "--store", "other.db", "--yes"]);
    let report = diff(&project, 1, &["local", "store:other.db"]);
    assert_eq!(names(&report), [("a", "changed"), ("b", "changed")]);
    assert_eq!(names(&diff(&project, 1, &["default", "local"])), [("a", "changed")]);
    assert_eq!(names(&diff(&project, 1, &["store:other.db", "default"])), [("b", "changed")]);
    assert_eq!(names(&diff(&project, 0, &["admin", "local"])), []);
    project.write("older.toml", &FLAGS.replace("b = false", "b = true"));
    assert_eq!(names(&diff(&project, 1, &["./older.toml", "local"])), [("a", "changed"), ("b", "changed")]);
    for option in [&["--profile", "x"] as &[&str], &["--max-age", "1h"], &["--view", "server"]] {
        let words = [&["diff", "./older.toml", "store:other.db"], option].concat();
        let code = if option[0] == "--max-age" { 1 } else { 2 };
        assert_eq!(project.run(&words).code, code, "{option:?}");
    }
    let said = project.fails(2, &["simulate-rollout", "a", "--to", "profile:prod", "--synthetic", "10"]);
    assert!(said.contains("ffctl diff profile:prod"), "{said}");
}

#[test]
fn of_a_server_that_tells_little_only_that_is_compared_and_it_is_said() {
    let one = Project::new(FLAGS);
    let staging = FfctlServer::start(&one, &[]);
    let minimal = api::minimal(&[("a", true, "default"), ("b", true, "env"), ("c", true, "default")]);
    let project = with_profiles(FLAGS, &staging, &minimal.url(), "t");
    let run = project.run(&["diff", "profile:staging", "profile:prod", "-o", "json"]);
    let report: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!((run.code, names(&report)), (1, vec![("b", "changed")]));
    let note = report["notes"][0]["message"].as_str().expect("a note");
    assert!(note.starts_with("profile:prod tells the switch and the source"), "{note}");
}
