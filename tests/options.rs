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

fn with<'a>(command: &[&'a str], options: &[&'a str]) -> Vec<&'a str> {
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
fn lint_takes_every_option_that_names_a_file_and_refuses_what_names_a_target() {
    let project = Project::shipped();
    project.write("other.toml", "schema = 1\n[flags]\na = { enabled = true, rollout = 0.25 }\n");
    project.write("x.env", "FF_USE_V3_STYLE=flase\n");
    assert_eq!(project.run(&["lint"]).code, 0);
    for options in [&["--flags", "other.toml"] as &[&str], &["-f", "other.toml"], &["--env-file", "x.env"]] {
        assert_eq!(project.run(&with(&["lint"], options)).code, 7, "{options:?}");
    }
    assert_eq!(project.run(&["lint", "--env-file", "absent.env"]).code, 12);
    for option in [
        &["--profile", "prod"] as &[&str],
        &["-p", "prod"],
        &["--store", "x.db"],
        &["--local"],
        &["--max-age", "1h"],
    ] {
        let said = project.fails(2, &with(&["lint"], option));
        assert!(said.contains("`ffctl lint` reads files and variables"), "{said}");
    }
    // It asks nobody anyway.
    assert_eq!(project.ok(&["lint", "--offline"]), project.ok(&["lint"]));
    assert!(project.ok(&["lint", "--color", "always"]).contains('\u{1b}'));
    assert!(!project.ok(&["lint", "--color", "never"]).contains('\u{1b}'));
    for format in ["table", "json", "jsonl", "csv", "markdown", "name", "github", "sarif"] {
        assert!(project.ok(&["lint", "-o", format]).contains("unused-segment"), "{format}");
    }
    assert!(project.fails(2, &["lint", "-o", "junit"]).contains("github, sarif"));
    assert_eq!(project.json(&["lint"])["schema"], "ffctl.lint/1");
}

#[test]
fn context_show_takes_what_names_files_and_directories_and_refuses_the_rest() {
    let project = Project::shipped();
    project.write("other.toml", "schema = 1\n[segments.all_of_them]\nincluded = [\"u-1\"]\n");
    std::fs::create_dir_all(project.config("ffctl")).expect("a folder");
    std::fs::write(project.config("ffctl/config.toml"), "[profiles.prod]\nurl = \"https://x.example\"\n")
        .expect("written");
    let command = &["context", "show", "u-1"] as &[&str];
    assert!(project.ok(&with(command, &["--flags", "other.toml"])).contains("all_of_them"));
    assert!(project.ok(&with(command, &["-f", "other.toml"])).contains("all_of_them"));
    project.ok(&with(command, &["-p", "prod"]));
    assert_eq!(project.run(&with(command, &["-p", "nobody"])).code, 3);
    project.ok(&with(command, &["--local"]));
    assert_eq!(project.run(&with(command, &["--local", "-p", "prod"])).code, 2);
    for option in [
        &["--store", "x.db"] as &[&str],
        &["--env-file", "x.env"],
        &["--offline"],
        &["--max-age", "1h"],
        &["--view", "server"],
    ] {
        let said = project.fails(2, &with(command, option));
        assert!(said.contains(option[0]), "{said}");
    }
    for format in ["table", "json", "jsonl", "csv", "markdown", "name"] {
        let shown = project.ok(&with(command, &["--attr", "plan=pro", "-o", format]));
        assert!(shown.contains("plan"), "{format}: {shown}");
    }
    for format in ["github", "junit", "sarif"] {
        assert!(project.fails(2, &with(command, &["-o", format])).contains("does not answer as"));
    }
    assert!(project.ok(&with(command, &["--color", "always"])).contains('\u{1b}'));
    assert!(!project.ok(&with(command, &["--color", "never"])).contains('\u{1b}'));
}

#[test]
fn init_refuses_what_it_has_no_use_for() {
    for option in [
        &["--profile", "prod"] as &[&str],
        &["--store", "x.db"],
        &["--local"],
        &["--env-file", "x.env"],
        &["--offline"],
        &["--view", "server"],
        &["--max-age", "1h"],
    ] {
        let project = Project::empty();
        let said = project.fails(2, &with(&["init"], option));
        assert!(said.contains(option[0]), "{said}");
        assert!(!project.path("flags.toml").exists(), "{option:?}");
    }
    let project = Project::empty();
    assert!(project.ok(&["init", "--dry-run", "-o", "json"]).contains("ffctl.init/1"));
    assert!(project.ok(&["init", "--dry-run", "--color", "always"]).contains('\u{1b}'));
}

#[test]
fn serve_refuses_what_it_has_no_use_for() {
    let project = Project::shipped();
    // What is no certificate ends it where it would begin to listen.
    let serve = ["serve", "--tls-certificate", "flags.toml", "--tls-key", "flags.toml"];
    for option in [
        &["--profile", "prod"] as &[&str],
        &["--offline"],
        &["--view", "server"],
        &["--max-age", "1h"],
        &["--output", "github"],
    ] {
        let said = project.fails(2, &with(&serve, option));
        assert!(said.contains(option[0]), "{said}");
    }
    for option in
        [&["--local"] as &[&str], &["--store", "own.db"], &["--flags", "flags.toml"], &["-o", "csv"]]
    {
        assert!(project.fails(7, &with(&serve, option)).contains("certificate"), "{option:?}");
    }
    assert_eq!(project.run(&with(&serve, &["--env-file", "absent.env"])).code, 12);
    assert_eq!(project.run(&with(&serve, &["--flags", "absent.toml"])).code, 7);
    project.write("x.env", "FF_USE_V3_STYLE=flase\n");
    let guess = project.fails(7, &["serve", "--listen", "127.0.0.1:0", "--env-file", "x.env"]);
    assert!(guess.contains("flase"), "{guess}");
    assert!(!project.path("own.db").exists(), "a server that does not start writes nothing");
}

#[test]
fn journal_and_token_take_a_target_and_refuse_what_is_about_flags() {
    let project = Project::shipped();
    project.ok(&["set", "use_v3_style", "on", "--store", "own.db", "--yes"]);
    for command in [&["journal", "verify"] as &[&str], &["token", "list"]] {
        for option in [&["--env-file", "x.env"] as &[&str], &["--view", "server"], &["--output", "github"]] {
            let said = project.fails(2, &with(command, option));
            assert!(said.contains(option[0]), "{command:?}: {said}");
        }
        assert_eq!(project.run(&with(command, &["-p", "nobody"])).code, 3, "{command:?}");
        assert!(
            project.ok(&with(command, &["--store", "own.db", "--json"])).contains("own.db"),
            "{command:?}"
        );
        assert!(
            project.ok(&with(command, &["--local", "--flags", "flags.toml", "--json"])).contains("/work-")
        );
        for format in ["table", "json", "jsonl", "csv", "markdown"] {
            assert!(project.ok(&with(command, &["-o", format])).ends_with('\n'), "{command:?} -o {format}");
        }
        assert!(project.ok(&with(command, &["--color", "always"])).contains('\u{1b}'), "{command:?}");
        let server = api::rich(&["use_v3_style"], None);
        let away = run(project.command().env("FFCTL_ADMIN_URL", server.url()).args(command).arg("--offline"));
        assert_eq!(away.code, 2, "{command:?}: {away:?}");
        let asked = run(project.command().env("FFCTL_ADMIN_URL", server.url()).args(command));
        assert!(matches!(asked.code, 0 | 6), "{command:?}: {asked:?}");
    }
    assert_eq!(project.run(&["journal", "verify", "--max-age", "1h"]).code, 2);
}

#[test]
fn diff_refuses_what_its_two_states_have_no_use_for() {
    let project = Project::shipped();
    project.write("a.toml", super::project::SHIPPED);
    let target: [&[&str]; 5] =
        [&["--profile", "prod"], &["--store", "x.db"], &["--local"], &["--offline"], &["--max-age", "1h"]];
    for option in target {
        for states in [["default", "env"], ["default", "a.toml"], ["a.toml", "flags.toml"]] {
            let said = project.fails(2, &with(&["diff", states[0], states[1]], option));
            assert!(said.contains(option[0]) && said.contains("admin"), "{said}");
        }
    }
    for states in [["default", "a.toml"], ["a.toml", "flags.toml"]] {
        let said = project.fails(2, &["diff", states[0], states[1], "--env-file", "x.env"]);
        assert!(said.contains("--env-file"), "{said}");
    }
    assert!(project.fails(2, &["diff", "a.toml", "flags.toml", "-f", "a.toml"]).contains("--flags"));
    project.ok(&["diff", "a.toml", "default", "-f", "flags.toml"]);
}

#[test]
fn commands_that_print_a_text_of_their_own_refuse_every_global_option() {
    let project = Project::shipped();
    for command in [&["completions", "bash"] as &[&str], &["man"]] {
        for option in [
            &["--flags", "flags.toml"] as &[&str],
            &["--env-file", "x.env"],
            &["--profile", "prod"],
            &["--local"],
            &["--store", "x.db"],
            &["--offline"],
            &["--max-age", "1h"],
            &["--output", "json"],
            &["--color", "always"],
        ] {
            let said = project.fails(2, &with(command, option));
            assert!(said.contains(option[0]), "{command:?}: {said}");
        }
        project.fails(2, &with(command, &["--json"]));
    }
}

/// What is a matter of flags.toml alone takes the file and how to answer, and refuses every other option.
#[test]
fn algorithms_refuse_what_chooses_a_target() {
    let project = Project::shipped();
    project.write("observed.csv", "user,on\nu-1,true\nu-2,false\n");
    for command in [
        &["bucketing", "list"] as &[&str],
        &["bucketing", "show", "posthog"],
        &["bucketing", "infer", "observed.csv", "--percent", "30"],
    ] {
        for option in [
            &["--profile", "prod"] as &[&str],
            &["--store", "x.db"],
            &["--local"],
            &["--env-file", "x.env"],
            &["--offline"],
            &["--max-age", "1h"],
            &["--view", "checkout"],
        ] {
            let said = project.fails(2, &with(command, option));
            assert!(said.contains(option[0]), "{command:?}: {said}");
        }
        assert_eq!(project.run(&with(command, &["--flags", "absent.toml"])).code, 7, "{command:?}");
        for format in ["table", "json", "jsonl", "csv", "markdown", "name"] {
            let shown = project.run(&with(command, &["-o", format]));
            assert!(shown.code <= 1 && shown.stdout.ends_with('\n'), "{command:?} -o {format}: {shown:?}");
        }
        assert_eq!(project.run(&with(command, &["-o", "sarif"])).code, 2, "{command:?}");
        assert!(project.run(&with(command, &["--color", "always"])).stdout.contains('\u{1b}'), "{command:?}");
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

#[test]
fn watch_takes_what_names_a_target_and_refuses_memory() {
    let server = api::rich(&["use_v3_style"], None);
    let project = Project::shipped();
    std::fs::create_dir_all(project.config("ffctl")).expect("a folder");
    let config = format!("[profiles.prod]\nurl = \"{}\"\n", server.url());
    std::fs::write(project.config("ffctl/config.toml"), config).expect("written");
    project.write("other.toml", "schema = 1\n[flags]\nelsewhere = true\n");
    project.write("x.env", "FF_USE_V3_STYLE=on\n");
    let command = &["watch", "--until", "use_v3_style=off", "--for", "10ms"] as &[&str];
    for (options, code) in [
        (&["--local"] as &[&str], 0),
        (&["--store", "own.db"], 0),
        (&["--profile", "prod", "--view", "checkout"], 0),
        (&["-p", "nobody"], 3),
        (&["--local", "-p", "prod"], 2),
        (&["--flags", "other.toml"], 3),
        (&["--env-file", "x.env"], 1),
        (&["--env-file", "absent.env"], 12),
        (&["--offline"], 2),
        (&["--max-age", "1h"], 2),
        (&["--view", "server"], 2),
    ] {
        let run = project.run(&with(command, options));
        assert_eq!(run.code, code, "{options:?}: {run:?}");
    }
    for format in ["table", "json", "jsonl", "csv", "markdown", "name"] {
        assert!(project.ok(&with(command, &["-o", format])).ends_with('\n'), "{format}");
    }
    for format in ["github", "junit", "sarif"] {
        assert!(project.fails(2, &with(command, &["-o", format])).contains("does not answer as"));
    }
    assert!(project.ok(&with(command, &["--color", "always"])).contains('\u{1b}'));
    assert!(!project.ok(&with(command, &["--color", "never"])).contains('\u{1b}'));
}

#[test]
fn drift_takes_what_names_a_server_and_refuses_a_view() {
    let server = api::minimal(&[("use_v3_style", true, "env")]);
    let project = Project::shipped();
    std::fs::create_dir_all(project.config("ffctl")).expect("a folder");
    let config = format!("[profiles.prod]\nurl = \"{}\"\n", server.url());
    std::fs::write(project.config("ffctl/config.toml"), config).expect("written");
    project.write("other.toml", "schema = 1\n[flags]\nuse_v3_style = true\n");
    project.write("x.env", "FF_USE_V3_STYLE=on\n");
    let command = &["drift", "use_v3_style", "-p", "prod"] as &[&str];
    for (options, code) in [
        (&[] as &[&str], 10),
        (&["--flags", "other.toml", "--ignore", "source"], 0),
        (&["--env-file", "x.env"], 0),
        (&["--env-file", "absent.env"], 12),
        (&["--offline", "--max-age", "1h"], 10),
        (&["--view", "checkout"], 2),
        (&["--local"], 2),
        (&["--store", "own.db"], 2),
        (&["-o", "junit"], 2),
    ] {
        let run = project.run(&with(command, options));
        assert_eq!(run.code, code, "{options:?}: {run:?}");
    }
    for option in [&["--local"] as &[&str], &["--store", "own.db"]] {
        assert!(project.fails(2, &with(&["drift"], option)).contains("local store"));
    }
    for format in ["table", "json", "jsonl", "csv", "markdown", "name", "github"] {
        assert!(project.run(&with(command, &["-o", format])).stdout.contains("use_v3_style"), "{format}");
    }
    assert!(project.run(&with(command, &["--color", "always"])).stdout.contains('\u{1b}'));
    assert!(!project.run(&with(command, &["--color", "never"])).stdout.contains('\u{1b}'));
}

#[test]
fn snapshot_takes_what_names_a_target_and_refuses_the_rest() {
    let server = api::rich(&["use_v3_style"], None);
    let project = Project::shipped();
    std::fs::create_dir_all(project.config("ffctl")).expect("a folder");
    let config = format!("[profiles.prod]\nurl = \"{}\"\n", server.url());
    std::fs::write(project.config("ffctl/config.toml"), config).expect("written");
    for (name, place, named) in [
        ("one", &["--local"] as &[&str], "/work-"),
        ("two", &["--profile", "prod"], "127.0.0.1"),
        ("three", &["--store", "own.db"], "own.db"),
    ] {
        project.ok(&with(&["set", "use_v3_style", "on", "--yes"], place));
        let saved = project.ok(&with(&["snapshot", "save", name, "--json"], place));
        assert!(saved.contains(named), "{saved}");
        project.ok(&with(&["snapshot", "diff", name], place));
        let restore = with(&["snapshot", "restore", name, "--dry-run", "--json"], place);
        assert!(project.ok(&restore).contains("unchanged"));
    }
    for command in [&["save", "x", "-p", "prod"] as &[&str], &["restore", "two", "-p", "prod", "--dry-run"]] {
        let command = with(&["snapshot"], command);
        assert_eq!(project.run(&with(&command, &["--offline"])).code, 2, "{command:?}");
        assert_eq!(project.run(&with(&command, &["--view", "checkout"])).code, 2, "{command:?}");
        assert_eq!(project.run(&with(&command, &["--env-file", "absent.env"])).code, 12, "{command:?}");
    }
    for command in [&["snapshot", "list"] as &[&str], &["snapshot", "diff", "one", "two"]] {
        for option in [
            &["--local"] as &[&str],
            &["-p", "prod"],
            &["--store", "x.db"],
            &["--offline"],
            &["--max-age", "1h"],
        ] {
            assert!(
                project.fails(2, &with(command, option)).contains("has no use for"),
                "{command:?} {option:?}"
            );
        }
    }
    for format in ["table", "json", "jsonl", "csv", "markdown", "name"] {
        assert!(project.ok(&["snapshot", "list", "-o", format]).contains("three"), "{format}");
    }
    for format in ["github", "junit", "sarif"] {
        assert!(project.fails(2, &["snapshot", "list", "-o", format]).contains("does not answer as"));
    }
    assert!(project.ok(&["snapshot", "list", "--color", "always"]).contains('\u{1b}'));
    assert!(!project.ok(&["snapshot", "list", "--color", "never"]).contains('\u{1b}'));
}
