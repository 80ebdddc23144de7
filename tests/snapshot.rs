//! `ffctl snapshot`: kept, listed, compared, and brought back as one change like any other.

use std::fs;

use serde_json::{Value, json};

use super::ffctl_server::FfctlServer;
use super::project::Project;
use super::support::api;

const FLAGS: &str =
    "schema = 1\n[flags]\na = true\nb = false\n[flags.c]\nenabled = true\nrollout = \"10%\"\n";

fn overrides(server: &FfctlServer) -> Value {
    let list = server.get("/feature-flags").json();
    let all = list["flags"].as_array().expect("a list").iter();
    all.map(|flag| (flag["name"].as_str().expect("text").to_owned(), flag["override"].clone())).collect()
}

#[test]
fn a_restore_is_one_change_that_can_be_undone() {
    let mut project = Project::new(FLAGS);
    let server = FfctlServer::start(&project, &[]);
    server.point(&mut project);
    project.ok(&["set", "a=off", "c=25%", "--yes"]);
    let saved = project.json(&["snapshot", "save", "before", "--comment", "all was well"]);
    let content = &saved["snapshots"][0]["content"];
    assert_eq!((&content["overrides"], &content["journal"]), (&json!(2), &json!(1)));
    let was = overrides(&server);
    assert_eq!(project.run(&["snapshot", "diff", "before"]).code, 0);
    // The incident: one override changed, one gone, one new, and one of a user.
    project.ok(&["set", "a=on", "b=on", "--yes"]);
    project.ok(&["unset", "c", "--yes"]);
    project.ok(&["set", "c", "off", "--user", "u-1", "--yes"]);
    let broken = overrides(&server);
    let differs = project.run(&["snapshot", "diff", "before", "-o", "json"]);
    let report: Value = serde_json::from_str(&differs.stdout).expect("JSON");
    assert_eq!((differs.code, &report["count"]["changed"]), (1, &json!(3)));
    assert_eq!(
        report["differences"][1]["fields"][0],
        json!({ "field": "enabled", "effect": "behaviour", "old": "on", "new": null })
    );
    assert!(
        project.run(&["snapshot", "diff", "before", "-o", "markdown"]).stdout.contains("snapshot:before")
    );
    project.ok(&["snapshot", "restore", "before", "--dry-run"]);
    assert_eq!(overrides(&server), broken, "a rehearsal changes nothing");
    let only = project.json(&["snapshot", "restore", "before", "--only", "a,c*", "--dry-run"]);
    assert_eq!(only["flags"].as_array().map(Vec::len), Some(2));
    let done = project.json(&["snapshot", "restore", "before", "--yes", "-m", "rollback"]);
    assert_eq!((&done["receipt"]["journal"], &done["receipt"]["read_back"]), (&json!("5"), &json!(true)));
    assert_eq!(overrides(&server), was);
    let entry = server.get("/journal?limit=1").json()["entries"][0].clone();
    assert_eq!(entry["changes"].as_array().map(Vec::len), Some(3), "one entry for all of it");
    let reason = entry["reason"].as_str().expect("a reason");
    assert!(
        reason.starts_with("restore of snapshot before of 2") && reason.ends_with(": rollback"),
        "{reason}"
    );
    assert_eq!(project.json(&["snapshot", "restore", "before", "--yes"])["outcome"], "unchanged");
    project.ok(&["undo", "5", "--yes"]);
    assert_eq!(overrides(&server), broken);
}

#[test]
fn what_the_snapshot_does_not_know_is_left_alone_unless_it_is_to_be_exact() {
    let project = Project::new(FLAGS);
    project.ok(&["set", "a", "off", "--yes", "--local"]);
    project.ok(&["snapshot", "save", "./s.json", "--local"]);
    project.write("flags.toml", &FLAGS.replace("b = false", "b = false\nlater = true"));
    project.ok(&["set", "later=off", "a=on", "--yes", "--local"]);
    let rehearsed = project.run(&["snapshot", "restore", "./s.json", "--yes", "--local"]);
    assert_eq!(rehearsed.code, 0, "{rehearsed:?}");
    assert!(rehearsed.stderr.contains("does not know `later`"), "{}", rehearsed.stderr);
    assert_eq!(project.ok(&["get", "later"]), "false\n");
    project.ok(&["snapshot", "restore", "./s.json", "--yes", "--local", "--exact"]);
    assert_eq!(
        (project.ok(&["get", "later"]), project.ok(&["get", "a"])),
        ("true\n".into(), "false\n".into())
    );
    // A flag that is gone cannot be overridden; the others can.
    project.ok(&["set", "a=on", "--yes", "--local"]);
    project.write("flags.toml", "schema = 1\n[flags]\nb = false\n");
    project.ok(&["unset", "a", "--local", "--yes"]);
    let said = project.fails(3, &["snapshot", "restore", "./s.json", "--yes", "--local"]);
    assert!(said.contains("`a`") && said.contains("--only"), "{said}");
    project.ok(&["snapshot", "restore", "./s.json", "--only", "b", "--yes", "--local"]);
}

#[test]
fn another_target_must_be_meant() {
    let one = Project::new(FLAGS);
    let server = FfctlServer::start(&one, &[]);
    let mut project = Project::new(FLAGS);
    project.ok(&["set", "a", "off", "--yes", "--local"]);
    project.ok(&["snapshot", "save", "mine", "--local"]);
    let store = project.json(&["snapshot", "list"])["snapshots"][0]["content"]["target"]["address"].clone();
    let store = store.as_str().expect("text").to_owned();
    server.point(&mut project);
    let restore = ["snapshot", "restore", "mine", "--yes"];
    let said = project.fails(8, &restore);
    assert!(said.contains("--saved-from") && said.contains("local store"), "{said}");
    assert_eq!(overrides(&server)["a"], Value::Null);
    assert!(
        project.fails(8, &[&restore[..], &["--saved-from", "prod"]].concat()).contains("it was saved from")
    );
    project.ok(&[&restore[..], &["--saved-from", &store]].concat());
    assert_eq!(overrides(&server)["a"], json!({ "enabled": false }));
}

#[test]
fn a_restore_is_guarded_like_every_change() {
    let project = Project::new(FLAGS);
    project.ok(&["set", "a", "off", "--yes", "--local"]);
    project.ok(&["snapshot", "save", "s", "--local"]);
    project.ok(&["set", "a", "on", "--yes", "--local"]);
    project.fails(8, &["snapshot", "restore", "s", "--local"]);
    project.fails(8, &["snapshot", "restore", "s", "--yes"]);
    project.fails(2, &["snapshot", "restore", "s", "--local", "--yes", "--confirm", "prod"]);
    project.fails(3, &["snapshot", "restore", "s", "--only", "nobody", "--local", "--yes"]);
    assert_eq!(project.ok(&["get", "a"]), "true\n");
    project.ok(&["snapshot", "restore", "s", "--local", "--yes"]);
    assert_eq!(project.ok(&["get", "a"]), "false\n");
}

#[test]
fn somebody_else_in_between_is_a_conflict_or_nothing() {
    // A server that answers the write with "changed meanwhile" changes nothing, and says so.
    let project = Project::new(FLAGS);
    let server = FfctlServer::start(&project, &[]);
    let mut there = Project::new(FLAGS);
    server.point(&mut there);
    there.ok(&["set", "a", "off", "--yes"]);
    there.ok(&["snapshot", "save", "s"]);
    there.ok(&["set", "a", "on", "--yes"]);
    let stale = server.get("/feature-flags/a").header("etag").to_owned();
    there.ok(&["set", "a", "off", "--user", "u", "--yes"]);
    let body = json!({ "flags": { "a": { "if_match": stale, "patch": { "enabled": false } } } });
    assert_eq!(
        server.request("PATCH", "/feature-flags").json(&body).send().status,
        412,
        "the guard is there"
    );
    there.ok(&["snapshot", "restore", "s", "--yes"]);
    assert_eq!(overrides(&server)["a"], json!({ "enabled": false }));
}

#[test]
fn files_that_are_no_snapshots_are_told_apart() {
    let project = Project::new(FLAGS);
    project.ok(&["set", "a", "off", "--yes", "--local"]);
    project.ok(&["snapshot", "save", "good", "--local"]);
    let file = project.json(&["snapshot", "list"])["snapshots"][0]["file"].as_str().expect("text").to_owned();
    let text = fs::read_to_string(&file).expect("readable");
    let schema: Value =
        serde_json::from_str(include_str!("../schemas/snapshot-file.schema.json")).expect("JSON");
    let valid = jsonschema::validator_for(&schema).expect("a schema");
    assert!(valid.is_valid(&serde_json::from_str(&text).expect("JSON")), "{text}");
    assert!(project.fails(8, &["snapshot", "save", "good", "--local"]).contains("--replace"));
    project.ok(&["snapshot", "save", "good", "--local", "--replace"]);
    let text_of = |name: &str, text: &str| project.write(name, text);
    text_of("changed.json", &text.replace("\"off\"", "\"on\""));
    text_of("newer.json", &text.replace("snapshot-file/1", "snapshot-file/9"));
    text_of("cut.json", &text[..text.len() - 20]);
    text_of("list.json", &project.ok(&["list", "-o", "json"]));
    for (name, says) in [
        ("changed.json", "changed or damaged"),
        ("newer.json", "a newer ffctl reads it"),
        ("cut.json", "no snapshot"),
        ("list.json", "no snapshot"),
        ("flags.toml", "no name"),
    ] {
        for command in [&["snapshot", "diff"] as &[&str], &["snapshot", "restore", "--yes", "--local"]] {
            let run = project.run(&[command, &[name]].concat());
            let code = if name == "flags.toml" { 3 } else { 7 };
            assert_eq!(run.code, code, "{name}: {run:?}");
            assert!(run.stderr.contains(says) || code == 3, "{name}: {}", run.stderr);
        }
    }
    project.fails(12, &["snapshot", "diff", "./absent.json"]);
    assert!(project.fails(3, &["snapshot", "diff", "god"]).contains("did you mean `good`"));
    project.fails(2, &["snapshot", "save", "-x y", "--local"]);
    // One that is damaged does not hide the others, and is told.
    fs::write(file.replace("good", "bad"), "{}").expect("written");
    let run = project.run(&["snapshot", "list"]);
    assert_eq!(run.code, 7);
    assert!(
        run.stdout.contains("good") && run.stdout.contains("invalid: it is no snapshot"),
        "{}",
        run.stdout
    );
    assert_eq!(project.run(&["snapshot", "diff", "good", "good"]).code, 0);
}

#[test]
fn a_snapshot_is_a_side_of_diff() {
    let project = Project::new(FLAGS);
    project.ok(&["snapshot", "save", "s", "--local"]);
    project.ok(&["set", "c", "50%", "--yes", "--local"]);
    let run = project.run(&["diff", "snapshot:s", "admin", "-o", "json"]);
    let report: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!((run.code, &report["differences"][0]["name"]), (1, &json!("c")));
    assert_eq!(report["differences"][0]["fields"][0]["new"], "50%");
    project.fails(3, &["diff", "snapshot:nobody", "admin"]);
}

#[test]
fn what_would_have_ended_by_now_is_not_brought_back() {
    let mut project = Project::new(FLAGS);
    let server = FfctlServer::start(&project, &[]);
    server.point(&mut project);
    project.ok(&["set", "b", "on", "--for", "1s", "--yes"]);
    project.ok(&["set", "a", "off", "--for", "2h", "--yes"]);
    project.ok(&["snapshot", "save", "s"]);
    super::ffctl_server::until(std::time::Duration::from_secs(20), || overrides(&server)["b"] == Value::Null);
    project.ok(&["unset", "a", "--yes"]);
    let run = project.run(&["snapshot", "restore", "s", "--yes"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stderr.contains("enabled of `b` was to end by itself"), "{}", run.stderr);
    assert_eq!(
        (&overrides(&server)["a"], &overrides(&server)["b"]),
        (&json!({ "enabled": false }), &Value::Null)
    );
    let ends = || server.get("/feature-flags/a").json()["override_expires"]["enabled"].clone();
    let two_hours = ends();
    assert!(two_hours.is_string(), "what has not ended yet comes back with its end");
    // An end that became another one is a difference, to be shown and brought back.
    project.ok(&["set", "a", "off", "--yes"]);
    assert_eq!(ends(), Value::Null);
    let differs = project.run(&["snapshot", "diff", "s"]);
    assert_eq!(differs.code, 1, "{differs:?}");
    assert!(differs.stdout.contains("off until 2"), "{}", differs.stdout);
    project.ok(&["snapshot", "restore", "s", "--only", "a", "--yes"]);
    assert_eq!(ends(), two_hours);
}

#[test]
fn a_server_that_is_away_or_tells_little() {
    let mut project = Project::shipped();
    project.set("FFCTL_ADMIN_URL", "http://127.0.0.1:9");
    project.fails(6, &["snapshot", "save", "s"]);
    assert!(!project.state().join("ffctl/snapshots").exists(), "nothing is kept of nothing");
    let minimal = api::minimal(&[("use_v3_style", true, "admin"), ("enable_try_on", true, "default")]);
    project.set("FFCTL_ADMIN_URL", &minimal.url());
    let saved = project.json(&["snapshot", "save", "s"]);
    assert_eq!(saved["snapshots"][0]["content"]["overrides"], 1);
    project.ok(&["set", "use_v3_style", "off", "--yes"]);
    project.ok(&["snapshot", "restore", "s", "--yes"]);
    assert_eq!(project.ok(&["get", "use_v3_style"]), "true\n");
}
