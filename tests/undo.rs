//! `ffctl undo`: what it brings back, what it refuses, and that it is a change like any other.

use std::fs;

use serde_json::{Value, json};

use super::ffctl_server::FfctlServer;
use super::project::{Project, run};
use super::remote::{FLAGS, asked, with_profile};
use super::support::api;

const HERE: [&str; 2] = ["--local", "--yes"];

fn done(project: &Project, words: &[&str]) -> Value {
    project.json(&[words, &HERE].concat())
}

fn overrides(project: &Project) -> Vec<String> {
    let list = project.json(&["list", "--source", "admin"]);
    let flags = list["flags"].as_array().expect("a list").iter();
    flags.map(|flag| format!("{} {}", flag["name"], flag["summary"]).replace('"', "")).collect()
}

#[test]
fn a_change_and_its_undo_are_changes_like_any_other() {
    let project = Project::shipped();
    done(&project, &["set", "use_v3_style=on", "enable_memory_v2=50%"]);
    let set = overrides(&project);
    let undone = done(&project, &["undo", "1", "-m", "too early"]);
    assert!(overrides(&project).is_empty());
    assert_eq!(
        (&undone["reason"], &undone["receipt"]["journal"]),
        (&"undo of 1: too early".into(), &"2".into())
    );
    assert_eq!(undone["receipt"]["undo"], "ffctl undo 2 --local");
    let redone = done(&project, &["undo", "2"]);
    assert_eq!((overrides(&project), &redone["reason"]), (set, &"undo of 2".into()));
    let history = project.ok(&["history"]);
    assert!(history.contains("reason: undo of 1: too early"), "{history}");
}

#[test]
fn only_what_the_change_touched_comes_back() {
    let project = Project::shipped();
    done(&project, &["set", "use_v3_style", "on"]);
    done(&project, &["set", "use_v3_style", "off", "--user", "u-1"]);
    done(&project, &["set", "use_v3_style", "25%"]);
    done(&project, &["set", "enable_try_on", "off"]);
    let report = done(&project, &["undo", "2"]);
    assert_eq!(report["flags"].as_array().map(Vec::len), Some(1));
    assert_eq!(report["flags"][0]["fields"][0]["field"], "user u-1");
    assert_eq!(overrides(&project), ["use_v3_style 25%", "enable_try_on off"]);
}

#[test]
fn what_changed_since_is_refused_and_told() {
    let mut project = Project::shipped();
    done(&project, &["set", "use_v3_style=on", "enable_try_on=off"]);
    project.set("USER", "ben");
    done(&project, &["set", "enable_try_on", "on", "-m", "needed it"]);
    let before = overrides(&project);
    let said = project.fails(5, &["undo", "1", "--local", "--yes"]);
    assert!(said.contains("what 1 changed has changed since"), "{said}");
    assert!(said.contains("enabled of `enable_try_on` was made off and is on now"), "{said}");
    assert!(said.contains("changed by 2 by ben, just now: enabled off → on (needed it)"), "{said}");
    assert!(said.contains("ffctl explain enable_try_on --local"), "{said}");
    assert_eq!(overrides(&project), before, "all or nothing");
    done(&project, &["undo", "2"]);
    done(&project, &["undo", "1"]);
    let said = project.fails(5, &["undo", "1", "--local", "--yes"]);
    assert!(said.contains("(undo of 1)"), "a second time it is undone already: {said}");
    assert_eq!(project.json(&["history"])["entries"].as_array().map(Vec::len), Some(4));
}

#[test]
fn where_nobody_is_asked_the_number_must_be_given() {
    let mut project = Project::shipped();
    done(&project, &["set", "use_v3_style", "on"]);
    for words in [vec!["undo", "--local", "--yes"], vec!["undo", "--local"], vec!["undo"]] {
        let said = project.fails(8, &words);
        assert!(said.contains("your last change is 1: ffctl undo 1"), "{said}");
    }
    assert!(project.ok(&["undo", "--dry-run"]).contains("reason: undo of 1"));
    assert_eq!(overrides(&project), ["use_v3_style on"]);
    assert!(project.fails(8, &["undo", "1"]).contains("--local --yes"), "and consent like any change");
    project.set("USER", "ben");
    let said = project.fails(3, &["undo", "--dry-run"]);
    assert!(said.contains("no change of yours") && said.contains("ffctl undo 1"), "{said}");
    for number in ["2", "99", "L1"] {
        project.fails(3, &["undo", number, "--local", "--yes"]);
    }
    for number in ["x", "0", "-1", "L", "1.5"] {
        project.fails(2, &["undo", "--local", "--yes", "--", number]);
    }
}

#[test]
fn my_last_change_is_mine_and_later_ones_of_others_are_told() {
    let mut project = Project::shipped();
    done(&project, &["set", "use_v3_style", "on"]);
    done(&project, &["set", "enable_try_on", "off"]);
    project.set("USER", "ben");
    done(&project, &["set", "enable_memory_v2", "50%"]);
    project.set("USER", "ada");
    let run = project.run(&["undo", "--dry-run"]);
    assert!(run.stdout.contains("undo of 2"), "{run:?}");
    assert!(run.stderr.contains("somebody else changed this target since: 3 by ben"), "{}", run.stderr);
}

#[test]
fn an_undo_on_a_server_is_guarded_and_journalled_there() {
    let server = api::rich(&FLAGS, Some(super::remote::TOKEN));
    let project = with_profile(&server, "");
    let prod = ["-p", "prod", "--yes"];
    project.ok(&[&["set", "enable_memory_v2", "50%"], &prod[..]].concat());
    project.ok(&[&["set", "enable_memory_v2", "off"], &prod[..]].concat());
    let report = project.json(&[&["undo", "2"], &prod[..]].concat());
    assert_eq!(report["receipt"]["undo"], "ffctl undo 3 --profile prod");
    let patches = asked(&server, "PATCH");
    let last = patches.last().expect("one");
    assert_eq!(last.headers["if-match"], "\"2\"");
    let body: Value = serde_json::from_str(&last.body).expect("JSON");
    assert_eq!(body, json!({ "enabled": null, "reason": "undo of 2" }));
    // This one names people by their tokens and does not tell whose this is: nobody guesses which of them one is.
    let said = project.fails(3, &[&["undo"], &prod[..]].concat());
    assert!(said.contains("no change of yours") && said.contains("ffctl undo 3"), "{said}");
    assert!(said.contains("does not tell whose token it is: changes of `ada` are taken for yours"), "{said}");
}

#[test]
fn at_a_server_i_am_who_my_token_says() {
    let mut project = Project::shipped();
    let server = FfctlServer::start(&project, &[]);
    server.point(&mut project);
    let change = |project: &Project, words: &[&str]| {
        let report = project.json(&[words, &["--yes"]].concat());
        report["receipt"]["journal"].as_str().expect("a number").to_owned()
    };
    let token = |name: &str| {
        let made = project.json(&["token", "create", name, "--role", "editor", "--yes"]);
        made["secret"].as_str().expect("a secret").to_owned()
    };
    // One token is called as the user of this machine, who has another one.
    let (namesake, spaced, idle) = (token("ada"), token("ci  deploy"), token("idle"));
    let mine = change(&project, &["set", "use_v3_style", "on"]);
    project.set("FFCTL_TOKEN", &namesake);
    let theirs = change(&project, &["set", "enable_try_on", "off"]);
    project.set("FFCTL_TOKEN", &spaced);
    let deployed = change(&project, &["set", "enable_memory_v2", "50%"]);
    for (token, number) in [(&server.token, &mine), (&namesake, &theirs), (&spaced, &deployed)] {
        project.set("FFCTL_TOKEN", token);
        let run = project.run(&["undo", "--dry-run"]);
        assert!(run.stdout.contains(&format!("undo of {number}\n")), "{run:?}");
        let told = run.stderr.contains(&format!("changed this target since: {deployed} by ci"));
        assert_eq!(told, *number != deployed, "{run:?}");
        assert!(!run.stderr.contains(&format!("{number} by")), "{run:?}");
        let said = project.fails(8, &["undo", "--yes"]);
        assert!(said.contains(&format!("your last change is {number}: ffctl undo {number}")), "{said}");
    }
    // What was made over HTTP is theirs who made it, whatever program that was.
    let tag = server.get("/feature-flags/enable_try_on").header("etag").to_owned();
    let patch = server.request("PATCH", "/feature-flags/enable_try_on").with("if-match", &tag);
    let by_hand = patch.json(&json!({ "enabled": true })).send().json()["journal"].to_string();
    project.set("FFCTL_TOKEN", &server.token);
    assert!(project.ok(&["undo", "--dry-run"]).contains(&format!("undo of {by_hand}\n")));
    project.set("FFCTL_TOKEN", &idle);
    let said = project.fails(3, &["undo", "--dry-run"]);
    assert!(said.contains("no change of yours, whose token is `idle`"), "{said}");
    assert!(said.contains(&format!("the newest: ffctl undo {by_hand}")), "{said}");
    project.set("FFCTL_TOKEN", "ffa_wrong");
    project.fails(4, &["undo", "--dry-run"]);
}

#[test]
fn at_a_server_that_does_not_tell_who_i_am_my_name_must_do() {
    let server = api::rich(&FLAGS, None);
    let mut project = super::remote::with_url(&server);
    project.ok(&["set", "use_v3_style", "on", "--yes"]);
    let actor = project.json(&["history"])["entries"][0]["by"].as_str().expect("a name").to_owned();
    project.set("USER", &actor);
    let run = project.run(&["undo", "--dry-run"]);
    assert!(run.stdout.contains("undo of 1"), "{run:?}");
    let doubt = format!("does not tell whose token it is: changes of `{actor}` are taken for yours");
    assert!(run.stderr.contains(&doubt), "{run:?}");
}

#[test]
fn an_undo_whose_answer_is_lost_is_repeated_by_its_number() {
    let server = api::rich(&FLAGS, None);
    let project = super::remote::with_url(&server);
    project.ok(&["set", "use_v3_style", "on", "--yes"]);
    let report = project.json(&["undo", "1", "--yes", "--idempotency-key", "k-1"]);
    assert_eq!(report["outcome"], "written");
    // The same again finds its own change in effect.
    let report = project.json(&["undo", "1", "--yes", "--idempotency-key", "k-1"]);
    assert_eq!(report["outcome"], "unchanged");
    project.fails(5, &["undo", "1", "--yes"]);
    assert_eq!(asked(&server, "PATCH").len(), 2);
}

const ENV: [&str; 4] = ["--layer", "env", "--env-file", ".env"];
const DEFAULT: [&str; 2] = ["--layer", "default"];

#[test]
fn a_change_of_a_file_comes_back_byte_by_byte_even_if_its_lines_moved() {
    let project = Project::shipped();
    let env = "# ours\r\nFF_USE_V3_STYLE = \"off\"  # until May\r\nA=1\r\n";
    project.write(".env", env);
    let flags = project.read("flags.toml");
    let yes = ["--yes"];
    project.ok(&[&["set", "use_v3_style=25%", "enable_try_on=off"], &ENV[..], &yes].concat());
    project.ok(&[&["set", "use_v3_style=on", "enable_memory_v2=50%"], &DEFAULT[..], &yes].concat());
    // Somebody edits both files elsewhere.
    project.write(".env", &format!("NEW=1\r\n{}", project.read(".env")));
    let edited =
        project.read("flags.toml").replacen("[flags.use_v3_style]", "# a comment\n\n[flags.use_v3_style]", 1);
    project.write("flags.toml", &edited);
    let undone = project.json(&["undo", "L1", "--yes"]);
    assert_eq!(project.read(".env"), format!("NEW=1\r\n{env}"));
    assert_eq!((&undone["receipt"]["journal"], &undone["layer"]), (&"L3".into(), &"env".into()));
    project.ok(&["undo", "L2", "--yes"]);
    assert_eq!(
        project.read("flags.toml"),
        flags.replacen("[flags.use_v3_style]", "# a comment\n\n[flags.use_v3_style]", 1)
    );
    let last = project.json(&["history"])["entries"][0].clone();
    assert_eq!((&last["number"], &last["reason"]), (&"L4".into(), &"undo of L2".into()));
    project.ok(&["undo", "L4", "--yes"]);
    assert_eq!(project.read("flags.toml"), edited, "an undo can be undone");
}

#[test]
fn a_place_in_a_file_that_reads_differently_now_is_refused() {
    let project = Project::shipped();
    project.write(".env", "FF_USE_V3_STYLE=off\n");
    let yes = ["--yes"];
    project.ok(&[&["set", "use_v3_style", "25%"], &ENV[..], &yes].concat());
    project.ok(&[&["set", "use_v3_style", "50%", "-m", "more"], &ENV[..], &yes].concat());
    project.ok(&[&["set", "use_v3_style", "on"], &DEFAULT[..], &yes].concat());
    let said = project.fails(5, &["undo", "L1", "--yes"]);
    assert!(said.contains("FF_USE_V3_STYLE was made 25% and is 50% now"), "{said}");
    assert!(said.contains("changed by L2 by ada, just now: FF_USE_V3_STYLE 25% → 50% (more)"), "{said}");
    assert_eq!(project.read(".env"), "FF_USE_V3_STYLE=50%\n");
    // By hand, so no entry tells of it.
    project.write("flags.toml", &project.read("flags.toml").replacen("enabled = true", "enabled = false", 1));
    let said = project.fails(5, &["undo", "L3", "--yes"]);
    assert!(said.contains("flags.use_v3_style.enabled was made on and is off now"), "{said}");
    project.fails(2, &["undo", "L3", "--yes", "--idempotency-key", "k"]);
}

#[test]
fn a_line_that_was_rewritten_but_says_the_same_is_still_undone() {
    let project = Project::new(
        "schema = 1\n[flags.a]\nenabled = false\n[flags.b]\nenabled = true\norgs = [\"x\"]\nrollout = \"5%\"\n",
    );
    let yes = ["--yes"];
    project.ok(&[&["set", "b=25%", "a=on"], &DEFAULT[..], &yes].concat());
    let text = project.read("flags.toml").replace("rollout = \"25%\"", "rollout = '25%'   # tidied");
    project.write("flags.toml", &text.replace("enabled = true\n[flags.b]", "enabled   = true\n[flags.b]"));
    project.ok(&["undo", "L1", "--yes"]);
    let now = project.read("flags.toml");
    assert!(now.contains("rollout = '5%'   # tidied") && now.contains("enabled   = false"), "{now}");
}

#[test]
fn an_env_file_of_elsewhere_is_found_by_the_journal() {
    let project = Project::shipped();
    project.ok(&["set", "use_v3_style", "on", "--layer", "env", "--env-file", "sub.env", "--yes"]);
    project.write("other.env", "");
    let said = project.fails(2, &["undo", "L1", "--env-file", "other.env", "--yes"]);
    assert!(said.contains("--env-file sub.env"), "{said}");
    project.ok(&["undo", "L1", "--env-file", "sub.env", "--yes"]);
    assert_eq!(project.read("sub.env"), "");
    project.ok(&["undo", "L2", "--yes"]);
    assert_eq!(project.read("sub.env"), "FF_USE_V3_STYLE=true\n");
    fs::remove_file(project.path("sub.env")).expect("removed");
    assert!(project.fails(5, &["undo", "L3", "--yes"]).contains("is not set now"));
}

#[test]
fn a_variation_that_is_gone_is_not_brought_back() {
    let project = Project::shipped();
    done(&project, &["set", "style_prompt", "v3"]);
    done(&project, &["set", "style_prompt", "v2"]);
    let flags = project.read("flags.toml").replace("v3", "v4");
    project.write("flags.toml", &flags);
    let said = project.fails(7, &["undo", "2", "--local", "--yes"]);
    assert!(said.contains("cannot have any more"), "{said}");
    assert_eq!(run(&mut project.shell("ffctl get style_prompt")).code, 0);
}
