//! `ffctl history`: who, when, why, old → new, over which layer; of the target and of files as one.

use serde_json::{Value, json};

use super::project::Project;
use super::remote::{FLAGS, with_profile, with_url};
use super::support::api;
use super::support::server::{Reply, Server};

fn entries(report: &Value) -> Vec<(&str, &str, String)> {
    let entries = report["entries"].as_array().expect("a list");
    let changes = |entry: &Value| {
        let changes = entry["changes"].as_array().expect("a list").iter();
        let words = |value: &Value| value.as_str().unwrap_or("-").to_owned();
        let one = |change: &Value| {
            format!(
                "{} {} {}>{}",
                words(&change["flag"]),
                words(&change["field"]),
                words(&change["old"]),
                words(&change["new"])
            )
        };
        changes.map(one).collect::<Vec<_>>().join(", ")
    };
    let text = |value: &'_ Value| value.as_str().unwrap_or_default().to_owned();
    entries
        .iter()
        .map(|entry| {
            (entry["number"].as_str().expect("a number"), entry["layer"].as_str().expect("a layer"), {
                format!("{} [{}]", changes(entry), text(&entry["reason"]))
            })
        })
        .collect()
}

/// Three changes of the store by two people and two of files.
fn changed() -> Project {
    let mut project = Project::shipped();
    project.ok(&["set", "use_v3_style=on", "enable_memory_v2=50%", "--local", "--yes", "-m", "launch day"]);
    project.ok(&["set", "use_v3_style", "25%", "--layer", "env", "--env-file", ".env", "--yes"]);
    project.ok(&["unset", "use_v3_style", "--local", "--yes", "-m", "oops"]);
    project.ok(&["set", "enable_try_on", "off", "--layer", "default", "--yes", "-m", "clean up"]);
    project.set("USER", "ben");
    project.ok(&["set", "style_prompt", "v3", "--local", "--yes", "--user", "u-1"]);
    project
}

#[test]
fn the_journals_of_target_and_files_are_one_newest_first() {
    let project = changed();
    let report = project.json(&["history"]);
    let expected = [
        ("3", "admin", "style_prompt user u-1 ->v3 []"),
        ("L2", "default", "enable_try_on enabled on>off [clean up]"),
        ("2", "admin", "use_v3_style enabled on>- [oops]"),
        ("L1", "env", "use_v3_style FF_USE_V3_STYLE ->25% []"),
        ("1", "admin", "enable_memory_v2 rollout ->50%, use_v3_style enabled ->on [launch day]"),
    ];
    assert_eq!(entries(&report), expected.map(|(number, layer, what)| (number, layer, what.to_owned())));
    assert_eq!((&report["complete"], &report["freshness"]["state"]), (&true.into(), &"live".into()));
    assert_eq!(report["entries"][0]["by"], "ben");
    assert!(report["entries"][1]["file"].as_str().is_some_and(|file| file.ends_with("/work/flags.toml")));
    let shown = project.ok(&["history"]);
    for text in [
        "ben",
        "ada",
        "style_prompt",
        "user u-1 not set → v3",
        "env .env",
        "default flags.toml",
        "reason: oops",
        "5 changes",
    ] {
        assert!(shown.contains(text), "{text}: {shown}");
    }
    let time = regex::Regex::new(r"↳ \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ").expect("a pattern");
    assert_eq!(time.find_iter(&shown).count(), 5, "the absolute time beside the relative one: {shown}");
    assert_eq!(project.ok(&["history", "-o", "name"]), "3\nL2\n2\nL1\n1\n");
    assert_eq!(project.ok(&["history", "-o", "jsonl"]).lines().count(), 5);
    assert_eq!(project.ok(&["history", "-o", "csv"]).lines().count(), 1 + 6);
}

#[test]
fn flag_person_time_and_number_choose_among_them() {
    let project = changed();
    let numbers = |words: &[&str]| {
        let report = project.json(&[&["history"], words].concat());
        let all = entries(&report).into_iter().map(|(number, ..)| number.to_owned()).collect::<Vec<_>>();
        (all.join(" "), report["complete"].as_bool().expect("said"))
    };
    let whole = |text: &str| (text.to_owned(), true);
    assert_eq!(numbers(&["use_v3_style"]), whole("2 L1 1"));
    assert_eq!(numbers(&["enable_try_on"]), whole("L2"));
    assert_eq!(numbers(&["enable_approval_queues"]), whole(""));
    assert_eq!(numbers(&["--by", "ben"]), whole("3"));
    assert_eq!(numbers(&["--by", "Ada", "use_v3_style"]), whole("2 L1 1"));
    assert_eq!(numbers(&["--by", "nobody"]), whole(""));
    assert_eq!(numbers(&["--since", "1h"]), whole("3 L2 2 L1 1"));
    assert_eq!(numbers(&["--since", "0s"]), whole(""));
    assert_eq!(numbers(&["--since", "2001-01-01T00:00:00Z", "--by", "ben"]), whole("3"));
    assert_eq!(numbers(&["--since", "2001-01-01", "--by", "ben"]), whole("3"), "a day is its midnight");
    assert_eq!(numbers(&["--since", "2999-01-01T00:00:00Z"]), whole(""));
    assert_eq!(numbers(&["--limit", "2"]), ("3 L2".to_owned(), false));
    assert_eq!(numbers(&["--limit", "5"]), whole("3 L2 2 L1 1"));
    // Of several flags in one change, the one that was asked for.
    let report = project.json(&["history", "use_v3_style", "--limit", "1", "--since", "1h"]);
    assert_eq!(report["entries"][0]["changes"].as_array().map(Vec::len), Some(1));
    assert!(project.ok(&["history", "--by", "nobody"]).contains("no changes"));
}

#[test]
fn what_it_cannot_tell_is_an_error() {
    let project = Project::shipped();
    assert!(project.fails(3, &["history", "use_v3_stile"]).contains("did you mean `use_v3_style`?"));
    for since in ["yesterday", "2026-13-01", "2026-01-01T00:00:00", "-1h"] {
        let said = project.fails(2, &["history", &format!("--since={since}")]);
        assert!(said.contains("--since") && said.contains("or a day such as"), "{said}");
    }
    project.fails(2, &["history", "--limit", "0"]);
    project.fails(2, &["history", "--env-file", ".env"]);
    assert!(project.ok(&["history"]).contains("no changes"));
    let is_empty = std::fs::read_dir(project.state()).expect("a folder").next().is_none();
    assert!(is_empty, "reading makes no store");
}

#[test]
fn a_flag_that_was_removed_keeps_its_history() {
    let project = Project::shipped();
    project.ok(&["remove", "use_v3_style", "--yes", "-m", "v3 was dropped"]);
    assert!(project.ok(&["history", "use_v3_style"]).contains("v3 was dropped"));
    project.write("flags.toml", "[flags\n");
    assert!(project.ok(&["history"]).contains("v3 was dropped"), "a broken flags.toml hides no history");
}

#[test]
fn a_servers_journal_is_asked_for() {
    let server = api::rich(&FLAGS, Some(super::remote::TOKEN));
    let project = with_profile(&server, "");
    project.ok(&["set", "use_v3_style", "on", "-p", "prod", "--yes", "-m", "launch"]);
    project.ok(&["set", "enable_try_on", "off", "--layer", "default", "--yes"]);
    let report = project.json(&["history", "-p", "prod"]);
    let all = entries(&report);
    assert!(all.contains(&("1", "admin", "use_v3_style enabled ->on [launch]".to_owned())), "{all:?}");
    assert!(all.iter().any(|(number, ..)| *number == "L1"), "{all:?}");
    assert_eq!(report["target"]["profile"], "prod");
    assert!(server.requests().iter().all(|request| request.method == "GET" || request.method == "PATCH"));
    let offline = project.json(&["history", "-p", "prod", "--offline"]);
    assert_eq!(
        (offline["freshness"]["state"].as_str(), &offline["complete"]),
        (Some("not_asked"), &false.into())
    );
    assert_eq!(entries(&offline).len(), 1);
}

#[test]
fn without_a_servers_journal_the_changes_of_files_are_still_told() {
    for (server, code) in [
        (api::minimal(&[("use_v3_style", false, "default")]), 6),
        (Server::start(|_| Reply::problem(401, "who", "who are you?")), 4),
        (Server::start(|_| Reply::json(200, &json!({ "entries": [7] }))), 6),
    ] {
        let project = with_url(&server);
        project.ok(&["set", "enable_try_on", "off", "--layer", "default", "--local", "--yes", "-m", "mine"]);
        let run = project.run(&["history"]);
        assert_eq!(run.code, code, "{run:?}");
        assert!(run.stdout.contains("L1") && run.stdout.contains("mine"), "{}", run.stdout);
        assert!(run.stderr.contains(&server.url()), "{}", run.stderr);
        let run = project.run(&["history", "--json"]);
        let error: Value = serde_json::from_str(&run.stderr).expect("one object");
        assert_eq!(error["error"]["exit"], code);
        let report: Value = serde_json::from_str(&run.stdout).expect("JSON");
        assert_eq!(report["complete"], false);
    }
}

#[test]
fn every_history_is_of_the_published_form() {
    let schema: Value = serde_json::from_str(include_str!("../schemas/history.schema.json")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    for report in [changed().json(&["history"]), Project::shipped().json(&["history"])] {
        let wrong: Vec<_> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{wrong:?}\n{report:#}");
    }
}
