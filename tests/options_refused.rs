//! Commands that have a use for some global options alone: they take these with an effect and refuse the others by name.

use super::options::with;
use super::project::{Project, run};
use super::support::api;

/// Checks that a command has nothing to say to a pipeline's own formats, and has colour as it is told.
fn answers_people_alone(project: &Project, command: &[&str]) {
    for format in ["github", "junit", "sarif"] {
        assert!(project.fails(2, &with(command, &["-o", format])).contains("does not answer as"));
    }
    assert!(project.ok(&with(command, &["--color", "always"])).contains('\u{1b}'));
    assert!(!project.ok(&with(command, &["--color", "never"])).contains('\u{1b}'));
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
    answers_people_alone(&project, command);
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
    answers_people_alone(&project, command);
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
    answers_people_alone(&project, &["snapshot", "list"]);
}
