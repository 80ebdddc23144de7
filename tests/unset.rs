//! `ffctl unset`: what a layer no longer says counts from the layers below again.

use super::project::Project;

const FIRST: [&[&str]; 3] = [
    &["set", "enable_memory_v2", "off"],
    &["set", "enable_memory_v2", "60%"],
    &["set", "enable_memory_v2", "on", "--user", "u-1", "--user", "u-2", "--org", "acme"],
];

/// A project in whose store one flag has an override of everything.
fn overridden() -> Project {
    let project = Project::shipped();
    for words in FIRST {
        project.ok(&[words, &["--local", "--yes"]].concat());
    }
    project
}

fn admin_fields(project: &Project, flag: &str) -> Vec<String> {
    let explained = project.json(&["explain", flag]);
    let fields = explained["fields"].as_array().expect("a list");
    let of_admin = |field: &&serde_json::Value| field["settings"][0]["source"] == "admin";
    fields.iter().filter(of_admin).map(|field| field["field"].as_str().expect("a name").to_owned()).collect()
}

fn unset(project: &Project, words: &[&str]) -> String {
    project.ok(&[&["unset", "enable_memory_v2"], words, &["--local", "--yes"]].concat())
}

#[test]
fn only_what_was_named_is_taken_back() {
    let all = ["enabled", "user u-1", "user u-2", "org acme", "rollout"];
    let cases: [(&[&str], &[&str]); 7] = [
        (&[], &all),
        (&["--field", "rollout"], &["rollout"]),
        (&["--field", "rollout,enabled"], &["enabled", "rollout"]),
        (&["--user", "u-1"], &["user u-1"]),
        (&["--org", "acme", "--user", "u-2"], &["user u-2", "org acme"]),
        (&["--field", "users"], &["user u-1", "user u-2"]),
        (&["--field", "orgs", "--field", "enabled"], &["enabled", "org acme"]),
    ];
    for (words, gone) in cases {
        let project = overridden();
        assert_eq!(admin_fields(&project, "enable_memory_v2"), all);
        unset(&project, words);
        let left: Vec<_> = all.into_iter().filter(|field| !gone.contains(field)).collect();
        assert_eq!(admin_fields(&project, "enable_memory_v2"), left, "{words:?}");
    }
}

#[test]
fn the_layers_below_count_again() {
    let project = overridden();
    let said = unset(&project, &[]);
    assert!(said.contains("→ ◐ 25% + 2 rules"), "{said}");
    assert!(said.contains("journal 4 · read back"), "{said}");
    let explained = project.json(&["explain", "enable_memory_v2"]);
    assert_eq!(explained["flag"]["summary"], "25% + 2 rules");
    assert_eq!(explained["flag"]["source"], "default");
}

#[test]
fn the_undo_command_brings_it_back() {
    let project = overridden();
    let before = project.json(&["explain", "enable_memory_v2"])["flag"].clone();
    let report = project.json(&["unset", "enable_memory_v2", "--local", "--yes"]);
    let undo = report["receipt"]["undo"].as_str().expect("one that a shell takes");
    let run = super::project::run(&mut project.shell(&undo.replace("--local", "--local --yes")));
    assert_eq!(run.code, 0, "{undo}: {run:?}");
    let after = project.json(&["explain", "enable_memory_v2"])["flag"].clone();
    for field in ["summary", "enabled", "rollout", "users", "orgs", "sources"] {
        assert_eq!(after[field], before[field], "{field} after {undo}");
    }
}

#[test]
fn no_undo_command_switches_on_in_between_what_was_off() {
    // Where there is no number to undo, it is spelled out.
    let server = super::support::api::without_journal(&["use_v3_style"]);
    let project = super::remote::with_url(&server);
    project.ok(&["set", "use_v3_style", "25%", "--yes"]);
    project.ok(&["set", "use_v3_style", "off", "--yes"]);
    let report = project.json(&["unset", "use_v3_style", "--yes"]);
    assert_eq!(report["receipt"]["undo"], serde_json::Value::Null, "a `set 25%` would be seen: {report}");
}

#[test]
fn nothing_to_take_back_is_no_change() {
    let project = Project::shipped();
    let said = project.ok(&["unset", "use_v3_style", "--local", "--yes"]);
    assert!(said.contains("unchanged"), "{said}");
    assert!(std::fs::read_dir(project.state()).expect("a folder").next().is_none(), "no store was made");
    let project = overridden();
    assert!(unset(&project, &["--user", "nobody"]).contains("unchanged"));
    assert!(project.fails(3, &["unset", "enable_memory_v3"]).contains("did you mean `enable_memory_v2`?"));
}

#[test]
fn several_flags_at_once_are_one_journal_entry() {
    let project = Project::shipped();
    project.ok(&["set", "use_v3_style=on", "enable_try_on=off", "--local", "--yes"]);
    let said = project.ok(&["unset", "use_v3_style", "enable_try_on", "--local", "--yes"]);
    assert!(said.contains("journal 2") && said.contains("undo: ffctl undo 2 --local"), "{said}");
    let server = super::support::api::without_journal(&["use_v3_style", "enable_try_on"]);
    let project = super::remote::with_url(&server);
    project.ok(&["set", "use_v3_style=on", "enable_try_on=off", "--yes"]);
    let said = project.ok(&["unset", "use_v3_style", "enable_try_on", "--yes"]);
    assert!(said.contains("undo: ffctl set use_v3_style=on enable_try_on=off\n"), "{said}");
    assert!(admin_fields(&project, "use_v3_style").is_empty());
}

#[test]
fn options_that_a_layer_cannot_follow_are_refused() {
    let project = Project::shipped();
    project.fails(2, &["unset", "use_v3_style", "--layer", "default"]);
    project.fails(2, &["unset", "use_v3_style", "--layer", "default", "--field", "enabled"]);
    project
        .fails(2, &["unset", "use_v3_style", "--layer", "env", "--env-file", ".env", "--field", "rollout"]);
    project.fails(2, &["unset", "use_v3_style", "--layer", "env"]);
    project.fails(2, &["unset", "use_v3_style", "use_v3_style", "--local", "--yes"]);
}
