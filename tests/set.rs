//! `ffctl set`: what it accepts, what it refuses, what it says, and that a refused change leaves nothing behind.

use super::project::{Project, Run, run};

/// Nobody must be asked, and the target is named.
const HERE: [&str; 2] = ["--local", "--yes"];

/// Runs `ffctl set …` on the local store.
fn set(project: &Project, words: &[&str]) -> Run {
    let mut arguments = vec!["set"];
    arguments.extend(words);
    arguments.extend(HERE);
    project.run(&arguments)
}

/// Runs it; it must be done.
#[track_caller]
fn done(project: &Project, words: &[&str]) -> String {
    let run = set(project, words);
    assert_eq!(run.code, 0, "{words:?}: {}{}", run.stdout, run.stderr);
    run.stdout
}

/// Returns the state of a flag in short.
fn summary(project: &Project, flag: &str) -> String {
    let list = project.json(&["list", flag]);
    list["flags"][0]["summary"].as_str().expect("a summary").to_owned()
}

/// Tells whether anything was ever written to the state folder.
fn is_untouched(project: &Project) -> bool {
    std::fs::read_dir(project.state()).expect("a folder").next().is_none()
}

#[test]
fn every_kind_of_value_takes_effect_and_is_read_back() {
    let project = Project::shipped();
    let cases: [(&[&str], &str, &str); 7] = [
        (&["use_v3_style", "on"], "use_v3_style", "on"),
        (&["use_v3_style", "OFF"], "use_v3_style", "off"),
        (&["use_v3_style", "12.5%"], "use_v3_style", "12.5%"),
        (&["style_prompt", "v3"], "style_prompt", "on"),
        (&["style_prompt", "--split", "v2=75,v3=25"], "style_prompt", "v2 75 / v3 25 + 1 rule"),
        (&["style_prompt", "off"], "style_prompt", "off"),
        (&["enable_try_on=off", "enable_memory_v2=50%"], "enable_memory_v2", "50% + 2 rules"),
    ];
    for (at, (words, flag, expected)) in cases.into_iter().enumerate() {
        let said = done(&project, words);
        assert!(said.contains(&format!("written · journal {} · read back", at + 1)), "{said}");
        assert!(said.contains("target: local store, no server reads this"), "{said}");
        assert_eq!(summary(&project, flag), expected, "{words:?}");
    }
    assert_eq!(project.ok(&["get", "enable_try_on"]), "false\n", "both of one command");
}

#[test]
fn entries_touch_these_users_and_organisations_alone() {
    let project = Project::shipped();
    done(&project, &["use_v3_style", "on"]);
    done(&project, &["use_v3_style", "off", "--user", "u-1", "--user", "u-2", "--org", "acme"]);
    let get = |user: &str| project.ok(&["get", "use_v3_style", "--user", user]);
    assert_eq!(
        (get("u-1").as_str(), get("u-2").as_str(), get("u-3").as_str()),
        ("false\n", "false\n", "true\n")
    );
    let flag = &project.json(&["list", "use_v3_style"])["flags"][0];
    assert_eq!((&flag["enabled"], &flag["rollout"]), (&true.into(), &"100%".into()));
    assert_eq!(flag["orgs"]["acme"], "off");
    assert_eq!(flag["sources"]["orgs"]["acme"], "admin");
    assert!(project.fails(2, &["set", "use_v3_style", "25%", "--user", "u-1"]).contains("25%"));
    done(&project, &["style_prompt", "v3", "--user", "u-1"]);
    assert!(project.ok(&["get", "style_prompt", "--user", "u-1"]).contains("style_v3"));
}

#[test]
fn several_flags_change_together_or_not_at_all() {
    let project = Project::shipped();
    for wrong in
        ["enable_tri_on=on", "enable_try_on=1", "style_prompt=v9", "use_v3_style=off", "enable_try_on="]
    {
        let run = set(&project, &["use_v3_style=on", wrong]);
        assert!(matches!(run.code, 2 | 3), "{wrong}: {run:?}");
        assert!(is_untouched(&project), "{wrong}: nothing was written");
    }
    assert_eq!(summary(&project, "use_v3_style"), "off");
}

#[test]
fn what_is_not_clear_is_refused_with_what_might_be_meant() {
    let project = Project::shipped();
    let cases: [(i32, &[&str], &[&str]); 13] = [
        (
            2,
            &["use_v3_style", "1"],
            &["`on` or `1%`", "ffctl set use_v3_style on", "ffctl set use_v3_style 1%"],
        ),
        (2, &["use_v3_style", "0"], &["`off` or `0%`"]),
        (2, &["use_v3_style", "0.25"], &["ffctl set use_v3_style 25%", "ffctl set use_v3_style 0.25%"]),
        (2, &["use_v3_style", "25"], &["ffctl set use_v3_style 25%"]),
        (2, &["use_v3_style", "101%"], &["above 100%"]),
        (2, &["use_v3_style", "oon"], &["did you mean `on`?"]),
        (2, &["use_v3_style"], &["ffctl set use_v3_style on"]),
        (2, &["use_v3_style", ""], &["the value of `use_v3_style` is empty"]),
        (2, &["use_v3_style=on", "enable_try_on"], &["`enable_try_on` lacks its value"]),
        (3, &["use_v3_stlye", "on"], &["did you mean `use_v3_style`?"]),
        (3, &["personalization_v2", "on"], &["is an experiment"]),
        (3, &["style_prompt", "v4"], &["style_prompt", "v3"]),
        (2, &["style_prompt", "25%"], &["--split v2=50,v3=50"]),
    ];
    for (code, words, expected) in cases {
        let run = set(&project, words);
        assert_eq!(run.code, code, "{words:?}: {run:?}");
        for text in expected {
            assert!(run.stderr.contains(text), "{words:?} lacks {text:?}: {}", run.stderr);
        }
        assert_eq!(run.stdout, "", "{words:?}");
    }
    assert!(is_untouched(&project));
    assert_eq!(project.json(&["list"])["flags"].as_array().map(Vec::len), Some(9), "no flag was made");
}

#[test]
fn on_is_not_everyone_while_a_rollout_stays_in_force() {
    let project = Project::shipped();
    let said = done(&project, &["enable_memory_v2", "on"]);
    assert!(said.contains("a rollout of 25% stays in force: `on` is not everyone"), "{said}");
    assert!(said.contains("hint: ffctl set enable_memory_v2 100%"), "{said}");
    assert!(!done(&project, &["enable_memory_v2", "100%"]).contains("stays in force"));
}

#[test]
fn what_is_so_already_is_said_and_not_journalled() {
    let project = Project::shipped();
    done(&project, &["use_v3_style", "on"]);
    let said = done(&project, &["use_v3_style", "on"]);
    assert!(said.contains("unchanged"), "{said}");
    let report = project.json(&["set", "use_v3_style", "on", "--local", "--yes"]);
    assert_eq!((&report["outcome"], &report["receipt"]), (&"unchanged".into(), &serde_json::Value::Null));
    // The same value as the layer below is still a change: it stays when the layer below moves.
    assert!(done(&project, &["enable_try_on", "on"]).contains("journal 2"));
}

#[test]
fn what_a_layer_says_already_is_no_success_where_a_higher_one_says_otherwise() {
    let project = Project::shipped();
    done(&project, &["use_v3_style", "on"]);
    project.write(".env", "FF_USE_V3_STYLE=off\n");
    for layer in [vec!["--layer", "default"], vec!["--layer", "env", "--env-file", ".env"]] {
        let words = [vec!["set", "use_v3_style", "off", "--yes"], layer].concat();
        let said = project.ok(&words);
        assert!(said.contains("stays ● on") && !said.contains("it is so already"), "{said}");
        assert!(said.contains("the admin layer says on (journal 1)"), "{said}");
        assert!(said.contains("hint: ffctl unset use_v3_style --field enabled"), "{said}");
        assert!(said.contains("layer says so already"), "{said}");
    }
    let said = project.ok(&["set", "use_v3_style", "on", "--layer", "default", "--yes"]);
    project.ok(&["undo", "L1", "--yes"]);
    assert!(said.contains("written"), "{said}");
}

#[test]
fn a_reason_says_something() {
    let project = Project::shipped();
    for empty in ["", "  "] {
        let said = project.fails(2, &["set", "use_v3_style", "on", "--local", "--yes", "-m", empty]);
        assert!(said.contains("a reason says something"), "{said}");
    }
    assert!(is_untouched(&project));
}

#[test]
fn a_part_of_everybody_is_not_asked_of_one_organisation() {
    let project = Project::shipped();
    let set = ["set", "enable_approval_queues", "10%", "--org", "acme", "--local", "--yes"];
    let said = project.fails(2, &set);
    assert!(said.contains("`10%` is a part of everybody") && said.contains("write on or off"), "{said}");
    assert!(!said.contains("such as 25%"), "{said}");
}

#[test]
fn a_change_below_an_override_is_told_to_be_without_effect() {
    let project = Project::shipped();
    done(&project, &["use_v3_style", "off"]);
    for layer in [vec!["--layer", "default"], vec!["--layer", "env", "--env-file", ".env"]] {
        let mut words = vec!["set", "use_v3_style", "on", "--yes"];
        words.extend(&layer);
        let report = project.json(&words);
        let flag = &report["flags"][0];
        assert_eq!((&flag["before"], &flag["after"]), (&"off".into(), &"off".into()), "{layer:?}");
        assert_eq!(flag["fields"][0]["masked"], true, "{layer:?}");
        assert!(flag["notes"].to_string().contains("the admin layer says off"), "{flag}");
    }
}

#[test]
fn the_plan_says_which_value_counted_before() {
    let project = Project::shipped();
    let said =
        run(project.command().env("FF_USE_V3_STYLE", "on").args(["set", "use_v3_style", "off"]).args(HERE));
    assert!(said.stdout.contains("over env on"), "{said:?}");
    assert!(said.stdout.contains("● on → ○ off"), "{said:?}");
}

#[test]
fn a_dry_run_shows_the_same_plan_and_writes_nothing() {
    let project = Project::shipped();
    let flags = project.read("flags.toml");
    for layer in [vec![], vec!["--layer", "default"], vec!["--layer", "env", "--env-file", ".env"]] {
        let mut words = vec!["set", "enable_memory_v2", "50%", "--dry-run"];
        words.extend(&layer);
        let said = project.ok(&words);
        assert!(said.contains("planned: nothing was written") && said.contains("50%"), "{said}");
        assert_eq!(project.json(&words)["outcome"], "planned");
    }
    assert!(is_untouched(&project), "not even an empty store");
    assert_eq!(project.read("flags.toml"), flags);
    assert!(!project.path(".env").exists());
}

/// The words after `add ` in a hint, up to the first comma or ` to `.
fn options_of_hint(stderr: &str) -> Vec<String> {
    let hint = stderr.split("hint: add ").nth(1).expect("a hint");
    let words = hint.split([',', '\n']).next().expect("a line").split(" to ").next().expect("words");
    words.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn without_a_terminal_consent_and_target_stand_on_the_command_line() {
    let project = Project::shipped();
    for given in [vec![], vec!["--yes"], vec!["--local"]] {
        let mut words = vec!["set", "use_v3_style", "on"];
        words.extend(&given);
        let stderr = project.fails(8, &words);
        assert!(stderr.contains("local store"), "{stderr}");
        assert!(is_untouched(&project), "{given:?}");
        // What the hint says to add is enough.
        let added = options_of_hint(&stderr);
        words.extend(added.iter().map(String::as_str));
        words.push("--dry-run");
        assert_eq!(project.run(&words).code, 0, "{words:?}");
        words.pop();
        assert_eq!(project.run(&words).code, 0, "{words:?}");
        std::fs::remove_dir_all(project.state()).expect("removed");
        std::fs::create_dir(project.state()).expect("made");
    }
    // An answer on standard input is no consent.
    let run = project.run_with_input(&["set", "use_v3_style", "on", "--local"], "y\n");
    assert_eq!(run.code, 8);
    assert!(is_untouched(&project));
}

#[test]
fn reason_and_actor_are_in_the_journal_and_explain_tells_them() {
    let project = Project::shipped();
    let said = done(&project, &["use_v3_style", "on", "-m", "launch day"]);
    assert!(said.contains("reason: launch day"), "{said}");
    let explained = project.ok(&["explain", "use_v3_style"]);
    assert!(explained.contains("journal 1 by ada, just now"), "{explained}");
    let setting = project.json(&["explain", "use_v3_style"])["fields"][0]["settings"][0].clone();
    assert_eq!((&setting["by"], &setting["origin"]), (&"ada".into(), &"journal 1".into()));
    assert!(setting["at"].as_str().is_some_and(|at| at.ends_with('Z')), "{setting}");
    let store = super::store::only_store(&project);
    let connection = rusqlite::Connection::open(store).expect("a store");
    let row: (String, String) = connection
        .query_row("SELECT actor, reason FROM journal", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("one entry");
    assert_eq!(row, ("ada".to_owned(), "launch day".to_owned()));
}

/// What the layer under `FLAG` says, as `explain` shows it: every field with its settings, without who and when.
fn layers(project: &Project, flag: &str) -> serde_json::Value {
    let mut fields = project.json(&["explain", flag, "--env-file", ".env"])["fields"].clone();
    for field in fields.as_array_mut().expect("a list") {
        for setting in field["settings"].as_array_mut().expect("a list") {
            let setting = setting.as_object_mut().expect("an object");
            setting.retain(|key, _| matches!(key.as_str(), "value" | "source" | "wins"));
        }
    }
    fields
}

#[test]
fn the_undo_command_of_the_receipt_undoes() {
    let before: [&[&str]; 8] = [
        &[],
        &["use_v3_style", "off"],
        &["use_v3_style", "10%"],
        &["style_prompt", "--split", "v2=1,v3=2"],
        &["style_prompt", "v3"],
        &["use_v3_style", "on", "--user", "u 1", "--org", "o'x"],
        &["use_v3_style", "off", "--user", "u 1"],
        &["use_v3_style=10%", "enable_try_on=off"],
    ];
    let after: [&[&str]; 7] = [
        &["use_v3_style", "on"],
        &["use_v3_style", "40%"],
        &["use_v3_style", "off"],
        &["use_v3_style", "off", "--user", "u 1", "--user", "$(rm x);'\"", "--org=-o"],
        &["style_prompt", "v3"],
        &["style_prompt", "--split", "v2=7,v3=3"],
        &["use_v3_style=on", "enable_try_on=50%"],
    ];
    let flags = ["use_v3_style", "enable_try_on", "style_prompt"];
    for first in before {
        for second in after {
            // By its number on the local store; spelled out where a server tells no number.
            let server = super::support::api::without_journal(&flags);
            let spelled = super::remote::with_url(&server);
            for (project, here) in [(Project::shipped(), &HERE[..]), (spelled, &["--yes"])] {
                project.write(".env", "");
                if !first.is_empty() {
                    project.ok(&[&["set"], first, here].concat());
                }
                let was = flags.map(|flag| layers(&project, flag));
                let report = project.json(&[&["set"], second, here].concat());
                if report["outcome"] == "unchanged" {
                    continue;
                }
                let undo = report["receipt"]["undo"].as_str();
                let undo =
                    undo.unwrap_or_else(|| panic!("{first:?} then {second:?} cannot be undone: {report}"));
                let local = here.contains(&"--local");
                assert_eq!(undo.starts_with("ffctl undo "), local, "{undo}");
                assert_eq!(undo.contains("--local"), local, "it names the target: {undo}");
                let script = format!("{} --yes", undo.replace(" && ", " --yes && "));
                let run = run(&mut project.shell(&script));
                assert_eq!(run.code, 0, "{script}: {}{}", run.stdout, run.stderr);
                assert_eq!(
                    flags.map(|flag| layers(&project, flag)),
                    was,
                    "{first:?} then {second:?}: {undo}"
                );
            }
        }
    }
}

#[test]
fn every_change_is_of_the_published_form() {
    let project = Project::shipped();
    let schema: serde_json::Value =
        serde_json::from_str(include_str!("../schemas/change.schema.json")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let env = ["--layer", "env", "--env-file", ".env"];
    let runs: [Vec<&str>; 5] = [
        vec!["set", "enable_memory_v2", "on", "--dry-run"],
        vec!["set", "enable_memory_v2", "on", "--local", "--yes", "-m", "why"],
        vec!["set", "enable_memory_v2", "on", "--local", "--yes"],
        [vec!["set", "enable_memory_v2", "off", "--yes"], env.to_vec()].concat(),
        vec!["unset", "enable_memory_v2", "--field", "rollout", "--layer", "default", "--dry-run"],
    ];
    for words in runs {
        let run = project.run(&[words.clone(), vec!["--json"]].concat());
        if run.code == 7 {
            // Rules need a rollout below them; what is refused has no report.
            continue;
        }
        let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
        let wrong: Vec<_> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{words:?}: {wrong:?}\n{report:#}");
    }
}
