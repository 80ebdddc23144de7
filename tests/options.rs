//! Every command takes every global option with an effect, or refuses it: none is silently ignored.

use super::project::{Project, run};
use super::support::api;
use super::support::server::{Reply, Server};

/// Every command that reads flags, in a form that ends with 0.
const READS: [&[&str]; 7] = [
    &["list"],
    &["get", "use_v3_style"],
    &["explain", "use_v3_style"],
    &["variant-for-user", "u-1"],
    &["simulate-rollout", "use_v3_style", "--to", "on", "--synthetic", "100"],
    &["diff", "default", "admin"],
    &["bucketing", "migrate", "personalization_v2", "--to", "posthog", "--synthetic", "100"],
];

/// Every command that changes a target, in a form that plans a change.
const WRITES: [&[&str]; 2] =
    [&["set", "use_v3_style", "on", "--dry-run"], &["unset", "use_v3_style", "--dry-run"]];

/// What is about changes: it needs one to be there.
const OF_CHANGES: [&[&str]; 3] =
    [&["undo", "1", "--dry-run"], &["history"], &["remove", "use_v3_style", "--dry-run"]];

/// Every command whose exit code is the answer, in a form that ends with 0.
const GATES: [&[&str]; 1] = [&["check", "use_v3_style=off"]];

fn everything() -> impl Iterator<Item = &'static [&'static str]> {
    READS.into_iter().chain(WRITES).chain(GATES)
}

pub(super) fn with<'a>(command: &[&'a str], options: &[&'a str]) -> Vec<&'a str> {
    [command, options].concat()
}

#[test]
fn flags_names_the_file() {
    let project = Project::empty();
    project.write("other.toml", super::project::SHIPPED);
    for command in everything() {
        assert_eq!(project.run(command).code, 7, "{command:?} without a file");
        project.ok(&with(command, &["--flags", "other.toml"]));
        project.ok(&with(command, &["-f", "other.toml"]));
    }
}

#[test]
fn env_file_is_read() {
    let project = Project::shipped();
    project.write("x.env", "FF_USE_V3_STYLE=flase\n");
    for command in [
        &["list"] as &[&str],
        &["get", "use_v3_style"],
        &["explain", "use_v3_style"],
        READS[4],
        &["diff", "default", "env"],
    ] {
        assert_eq!(project.run(&with(command, &["--env-file", "x.env"])).code, 7, "{command:?}");
    }
    project.write("gate.env", "FF_AB_TEST_PERSONALIZATION=off\n");
    let answer = project.json(&["variant-for-user", "u-1", "--env-file", "gate.env"]);
    assert_eq!(answer["variants"][0]["gate"], "closed");
    for command in everything() {
        assert_eq!(project.run(&with(command, &["--env-file", "absent.env"])).code, 12, "{command:?}");
    }
}

#[test]
fn profile_local_and_store_choose_the_target() {
    let server = api::rich(&["use_v3_style", "ab_test_personalization"], None);
    let project = Project::shipped();
    std::fs::create_dir_all(project.config("ffctl")).expect("a folder");
    let config = format!("[profiles.prod]\nurl = \"{}\"\n", server.url());
    std::fs::write(project.config("ffctl/config.toml"), config).expect("written");
    for command in everything() {
        let asked = server.requests().len();
        let told = project.ok(&with(command, &["--profile", "prod", "--json"]));
        assert!(told.contains(&server.url()), "{command:?} names the target: {told}");
        assert!(server.requests().len() > asked, "{command:?} asks the server");
        assert_eq!(project.run(&with(command, &["-p", "nobody"])).code, 3, "{command:?}");
        let local = project.ok(&with(command, &["--local", "--json"]));
        assert!(local.contains("\"local\""), "{command:?}: {local}");
        let store = project.ok(&with(command, &["--store", "own.db", "--json"]));
        assert!(store.contains("own.db"), "{command:?}: {store}");
        for pair in [["--local", "--profile=prod"], ["--store=own.db", "--profile=prod"]] {
            assert_eq!(project.run(&with(command, &pair)).code, 2, "{command:?} {pair:?}");
        }
    }
    assert!(!project.path("own.db").exists(), "who only reads creates no store");
}

#[test]
fn commands_about_changes_take_every_option_or_refuse_it() {
    let server = api::rich(&["use_v3_style"], None);
    let project = Project::shipped();
    std::fs::create_dir_all(project.config("ffctl")).expect("a folder");
    let config = format!("[profiles.prod]\nurl = \"{}\"\n", server.url());
    std::fs::write(project.config("ffctl/config.toml"), config).expect("written");
    project.write("other.toml", super::project::SHIPPED);
    // Each place with what its answers name.
    let places: [(&[&str], &str); 4] = [
        (&["--local"], "/work-"),
        (&["--profile", "prod"], "127.0.0.1"),
        (&["--store", "own.db"], "own.db"),
        (&["-f", "other.toml", "--local"], "/work-other-"),
    ];
    for (place, _) in places {
        project.ok(&with(&["set", "use_v3_style", "on", "--yes"], place));
    }
    for command in OF_CHANGES {
        for (place, named) in places {
            let shown = project.ok(&with(command, &with(place, &["--json"])));
            let file = if place.contains(&"-f") { "/other.toml" } else { "/flags.toml" };
            let named = if command[0] == "remove" { file } else { named };
            assert!(shown.contains(named), "{command:?} {place:?}: {shown}");
        }
        for pair in [["--local", "--profile=prod"], ["--store=own.db", "--profile=prod"]] {
            assert_eq!(project.run(&with(command, &pair)).code, 2, "{command:?} {pair:?}");
        }
        assert_eq!(project.run(&with(command, &["-p", "nobody"])).code, 3, "{command:?}");
        let absent = project.run(&with(command, &["--env-file", "absent.env"]));
        assert_eq!(absent.code, if command[0] == "history" { 2 } else { 12 }, "{command:?}: {absent:?}");
        let asked = server.requests().len();
        let offline = project.run(&with(command, &["--offline", "-p", "prod"]));
        // A change of the target must ask it; what masks a change of a file may stay unknown.
        assert_eq!(offline.code, if command[0] == "undo" { 2 } else { 0 }, "{command:?}: {offline:?}");
        assert_eq!(server.requests().len(), asked, "{command:?} asks nobody");
        for format in ["table", "json", "jsonl", "csv", "markdown", "name"] {
            assert!(project.ok(&with(command, &["-o", format])).ends_with('\n'), "{command:?} -o {format}");
        }
        for format in ["github", "junit", "sarif"] {
            assert!(project.fails(2, &with(command, &["-o", format])).contains("does not answer as"));
        }
        assert!(project.ok(&with(command, &["--color", "always"])).contains('\u{1b}'), "{command:?}");
        assert!(!project.ok(&with(command, &["--color", "never"])).contains('\u{1b}'), "{command:?}");
    }
}

#[test]
fn a_store_of_ones_own_holds_its_own_overrides() {
    let project = Project::shipped();
    project.ok(&["set", "use_v3_style", "on", "--store", "own.db", "--yes"]);
    assert_eq!(project.ok(&["get", "use_v3_style", "--store", "own.db"]), "true\n");
    assert_eq!(project.ok(&["get", "use_v3_style"]), "false\n");
}

#[test]
fn offline_asks_no_server_and_says_so() {
    let server = api::rich(&["use_v3_style"], None);
    let mut project = Project::shipped();
    project.set("FFCTL_ADMIN_URL", &server.url());
    for command in READS {
        let answer = project.json(&with(command, &["--offline"]));
        assert_eq!(answer["freshness"]["state"], "not_asked", "{command:?}");
        if command[0] != "get" {
            let shown = project.ok(&with(command, &["--offline"]));
            assert!(shown.contains("admin: not asked"), "{command:?}: {shown}");
        }
    }
    let several = project.ok(&["get", "use_v3_style", "enable_try_on", "--offline"]);
    assert!(several.contains("admin: not asked"), "{several}");
    let bare = project.run(&["get", "use_v3_style", "--offline"]);
    assert_eq!(bare.stdout, "false\n");
    assert!(
        bare.stderr.contains("admin: not asked"),
        "a bare value has room for nothing else: {}",
        bare.stderr
    );
    assert!(server.requests().is_empty(), "nobody was asked");
}

#[test]
fn max_age_says_how_old_an_answer_may_be() {
    let status = std::sync::Arc::new(std::sync::atomic::AtomicU16::new(200));
    let now = std::sync::Arc::clone(&status);
    let flags =
        serde_json::json!({ "flags": [{ "name": "use_v3_style", "enabled": false, "source": "admin" }] });
    let server = Server::start(move |_| Reply::json(now.load(std::sync::atomic::Ordering::SeqCst), &flags));
    let mut project = Project::shipped();
    project.set("FFCTL_ADMIN_URL", &server.url());
    project.ok(&["list"]);
    status.store(503, std::sync::atomic::Ordering::SeqCst);
    for command in READS {
        let answer = project.json(&with(command, &["--max-age", "1h"]));
        assert_eq!(answer["freshness"]["state"], "cached", "{command:?}");
        assert_eq!(project.run(&with(command, &["--max-age", "0"])).code, 9, "{command:?}");
    }
    for command in WRITES {
        let said = project.fails(2, &with(command, &["--max-age", "1h"]));
        assert!(said.contains("--max-age"), "{command:?}: {said}");
        project.ok(&with(command, &["--max-age", "1h", "--local"]));
    }
    for command in everything() {
        assert_eq!(project.run(&with(command, &["--max-age", "soon"])).code, 2, "{command:?}");
        assert_eq!(project.run(&with(command, &["--max-age", "25h"])).code, 2, "{command:?}");
    }
}

#[test]
fn a_gate_takes_no_answer_of_earlier_unless_it_may() {
    let server = api::rich(&["use_v3_style"], None);
    let mut project = Project::shipped();
    project.set("FFCTL_ADMIN_URL", &server.url());
    for command in GATES {
        let said = project.fails(2, &with(command, &["--offline"]));
        assert!(said.contains("--max-age"), "{command:?}: {said}");
        project.ok(command);
        let answer = project.json(&with(command, &["--offline", "--max-age", "1h"]));
        assert_eq!(answer["freshness"]["state"], "cached", "{command:?}");
    }
}

#[test]
fn view_chooses_whose_word_counts() {
    let server = api::minimal(&[("use_v3_style", true, "env"), ("ab_test_personalization", false, "env")]);
    let mut project = Project::shipped();
    project.set("FFCTL_ADMIN_URL", &server.url());
    for command in READS {
        // `diff` says with its code that there are differences.
        let by = |view: &str| project.run(&with(command, &["--view", view, "-o", "csv"])).stdout;
        assert_ne!(by("checkout"), by("server"), "{command:?}");
    }
    for command in GATES {
        assert_eq!(project.run(command).code, 10, "{command:?}");
        assert_eq!(project.run(&with(command, &["--view", "checkout"])).code, 0, "{command:?}");
        assert_eq!(project.run(&with(command, &["--view", "server"])).code, 1, "{command:?}");
    }
    for command in READS.into_iter().chain(GATES) {
        assert_eq!(project.run(&with(command, &["--view", "mine"])).code, 2, "{command:?}");
        let said = project.fails(2, &with(command, &["--view", "server", "--local"]));
        assert!(said.contains("local store"), "{command:?}: {said}");
        let nobody = with(command, &["--view", "server", "--offline", "--max-age", "1ms"]);
        assert_ne!(project.run(&nobody).code, 0, "{command:?}: there is no view of whom nobody asked");
    }
    for command in WRITES {
        for view in ["checkout", "server"] {
            let said = project.fails(2, &with(command, &["--view", view]));
            assert!(said.contains("--view"), "{command:?}: {said}");
        }
    }
}

#[test]
fn a_server_that_is_away_is_no_answer() {
    let mut project = Project::shipped();
    project.set("FFCTL_ADMIN_URL", "http://127.0.0.1:9");
    for command in READS {
        let run = project.run(command);
        assert_eq!((run.code, run.stdout.as_str()), (6, ""), "{command:?}");
        assert!(run.stderr.contains("127.0.0.1:9"), "{}", run.stderr);
    }
}

#[test]
fn output_shapes_every_answer() {
    let project = Project::shipped();
    for command in everything() {
        for format in ["table", "json", "jsonl", "csv", "markdown", "name"] {
            let shown = project.ok(&with(command, &["-o", format]));
            // Where nothing differs there is no line and no name; `check` names what does not hold.
            let nothing = shown.is_empty()
                && matches!((command[0], format), ("diff", "jsonl" | "name") | ("check", "name"));
            assert!(shown.ends_with('\n') || nothing, "{command:?} -o {format}");
            if format.starts_with("json") && !nothing {
                let first =
                    if format == "json" { shown.as_str() } else { shown.lines().next().unwrap_or_default() };
                let json: serde_json::Value = serde_json::from_str(first).expect("JSON");
                assert!(
                    json["schema"].as_str().is_some_and(|schema| schema.starts_with("ffctl.")),
                    "{command:?}"
                );
            }
        }
        assert_eq!(project.run(&with(command, &["-o", "yaml"])).code, 2, "{command:?}");
        let for_ci: &[&str] = if command[0] == "check" { &["github", "junit"] } else { &[] };
        for format in ["github", "junit", "sarif"] {
            if for_ci.contains(&format) {
                assert!(project.ok(&with(command, &["-o", format])).ends_with('\n'), "{command:?} {format}");
                continue;
            }
            let said = project.fails(2, &with(command, &["-o", format]));
            assert!(said.contains("does not answer as"), "{command:?}: {said}");
        }
        assert_eq!(project.run(&with(command, &["-o", "csv", "--json"])).code, 2, "{command:?}");
    }
}

#[test]
fn output_can_be_a_setting() {
    let mut project = Project::shipped();
    project.set("FFCTL_OUTPUT", "name");
    assert_eq!(project.ok(&["list"]).lines().count(), 9);
    assert!(project.ok(&["list", "-o", "csv"]).starts_with("name,"), "the command line wins");
    project.set("FFCTL_OUTPUT", "yaml");
    assert!(project.fails(7, &["list"]).contains("FFCTL_OUTPUT"));
    project.set("FFCTL_OUTPUT", "sarif");
    assert!(project.fails(7, &["list"]).contains("FFCTL_OUTPUT"));
}

#[test]
fn color_colours_every_answer() {
    let project = Project::shipped();
    for command in everything() {
        // A bare value and a single variation are what scripts read: they are never coloured.
        let coloured = project.ok(&with(command, &["--color", "always"])).contains('\u{1b}');
        assert_eq!(coloured, command[0] != "get", "{command:?}");
        assert!(!project.ok(&with(command, &["--color", "never"])).contains('\u{1b}'), "{command:?}");
        assert_eq!(project.run(&with(command, &["--color", "sometimes"])).code, 2, "{command:?}");
    }
}

#[test]
fn global_options_stand_before_or_behind_the_command() {
    let project = Project::shipped();
    assert_eq!(project.ok(&["-o", "name", "list"]), project.ok(&["list", "-o", "name"]));
    let json = run(&mut project.shell("ffctl --json get use_v3_style"));
    assert!(json.stdout.contains("ffctl.get/1"), "{}", json.stdout);
}

#[test]
fn options_of_a_population_need_one() {
    let project = Project::shipped();
    for option in [
        &["--format", "csv"] as &[&str],
        &["--id-column", "x"],
        &["--org-column", "x"],
        &["--allow-missing"],
        &["--distinct"],
    ] {
        for command in
            [&["variant-for-user", "u"] as &[&str], &["simulate-rollout", "use_v3_style", "--to", "on"]]
        {
            assert_eq!(project.run(&with(command, option)).code, 2, "{command:?} {option:?}");
        }
    }
}
