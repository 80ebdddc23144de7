//! Where things are, and where they are not: the search for flags.toml, homes and folders that are absent or closed,
//! streams that nobody holds.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::path::Path;

use clap::CommandFactory;

use super::project::{Project, Run, run};

/// Every command in a form that reads and ends with 0 in the shipped project, given a home.
const READS: &[&[&str]] = &[
    &["list"],
    &["get", "use_v3_style"],
    &["explain", "use_v3_style"],
    &["diff", "default", "env"],
    &["check", "use_v3_style=off"],
    &["history"],
    &["watch", "--until", "use_v3_style=off", "--for", "1ms"],
    &["snapshot", "list"],
    &["lint"],
    &["simulate-rollout", "use_v3_style", "--to", "on", "--synthetic", "99"],
    &["variant-for-user", "u-1"],
    &["bucketing", "show", "posthog"],
    &["context", "show", "u-1"],
    &["journal", "verify", "--local"],
    &["token", "list", "--local"],
    &["set", "use_v3_style", "on", "--dry-run"],
    &["unset", "use_v3_style", "--dry-run"],
    &["remove", "use_v3_style", "--dry-run"],
    &["init", "--dry-run", "--flags", "other.toml"],
    &["profile", "list"],
    &["doctor", "--offline"],
    &["completions", "bash"],
    &["man"],
];

/// Commands that have nothing to say where nothing was changed, do not end, or need a server; what they need is told by
/// others.
const ELSEWHERE: &[&str] = &["undo", "serve", "login", "logout", "drift"];

#[test]
fn every_command_is_tried() {
    for command in ffctl::cli::Cli::command().get_subcommands() {
        let name = command.get_name();
        let tried = READS.iter().any(|form| form[0] == name) || ELSEWHERE.contains(&name);
        assert!(tried, "`{name}` needs a form in READS");
    }
}

/// Lists in a folder below the project's root; `above` is where a flags.toml lies.
fn looks_from(project: &Project, start: &Path, above: &Path) -> Run {
    fs::create_dir_all(start).expect("made");
    fs::write(above.join("flags.toml"), "schema = 1\n[flags]\nfound_above = true\n").expect("written");
    run(project.command().current_dir(start).args(["list", "-o", "name"]))
}

#[test]
fn the_search_goes_up() {
    let project = Project::empty();
    fs::remove_dir(project.path(".git")).expect("there");
    let found = looks_from(&project, &project.path("a/b/c"), &project.path(""));
    assert_eq!((found.code, found.stdout.as_str()), (0, "found_above\n"), "{found:?}");
}

#[test]
fn the_search_ends_at_the_root_of_the_repository() {
    // A repository, and a worktree or submodule of one, where `.git` is a file.
    for make in [|path: &Path| fs::create_dir(path), |path: &Path| fs::write(path, "gitdir: elsewhere\n")] {
        let project = Project::empty();
        fs::create_dir_all(project.path("repository")).expect("made");
        make(&project.path("repository/.git")).expect("made");
        let missing = looks_from(&project, &project.path("repository/a"), &project.path(""));
        assert_eq!(missing.code, 7, "{missing:?}");
        assert!(
            missing.stderr.contains("ffctl init") && missing.stderr.contains("repository"),
            "{missing:?}"
        );
        let found = looks_from(&project, &project.path("repository/a"), &project.path("repository"));
        assert_eq!(found.code, 0, "the root itself is looked in: {found:?}");
    }
}

#[test]
fn the_search_ends_at_home_also_through_a_link() {
    let project = Project::empty();
    let home = project.path("../home");
    let missing = looks_from(&project, &home.join("a/b"), &project.path("../"));
    assert_eq!(missing.code, 7, "{missing:?}");
    // The home is a link, and so is the folder that the command starts in.
    symlink(&home, project.path("../link-to-home")).expect("linked");
    symlink(home.join("a/b"), project.path("../link-to-b")).expect("linked");
    let start = project.path("../link-to-b");
    let mut command = project.command();
    command.env("HOME", project.path("../link-to-home")).current_dir(start).arg("list");
    assert_eq!(run(&mut command).code, 7);
    let found = looks_from(&project, &home.join("a/b"), &home);
    assert_eq!(found.code, 0, "home itself is looked in: {found:?}");
}

#[test]
fn the_search_ends_below_a_folder_of_somebody_else() {
    let project = Project::empty();
    fs::remove_dir(project.path(".git")).expect("there");
    fs::create_dir_all(project.path("theirs/mine")).expect("made");
    if chown(project.path("theirs"), Some(NOBODY), None).is_err() {
        return left_out("giving a folder to somebody else");
    }
    let missing = looks_from(&project, &project.path("theirs/mine/a"), &project.path("theirs"));
    assert_eq!(missing.code, 7, "{missing:?}");
    let found = looks_from(&project, &project.path("theirs/mine/a"), &project.path("theirs/mine"));
    assert_eq!(found.code, 0, "{found:?}");
}

/// The user that owns nothing.
const NOBODY: u32 = 65_534;

#[expect(clippy::print_stderr, reason = "whoever reads the log must know what was not tested")]
fn left_out(what: &str) {
    eprintln!("left out: only root can do this: {what}");
}

/// What a run in an odd environment may come to: the answer, or a named failure of a file or a setting.
#[track_caller]
fn named(what: &str, run: &Run) {
    assert!([0, 1, 7, 12].contains(&run.code), "{what}: {run:?}");
    assert!(!run.stderr.contains("panicked"), "{what}: {run:?}");
    assert!(run.code < 2 || run.stderr.starts_with("error: "), "{what}: {run:?}");
}

#[test]
fn homes_and_folders_that_are_absent_odd_or_closed() {
    let project = Project::shipped();
    fs::write(project.path("file"), "").expect("written");
    let file = project.path("file").display().to_string();
    let odd: [(&str, Option<&str>); 5] = [
        ("absent", None),
        ("empty", Some("")),
        ("relative", Some("home")),
        ("nowhere", Some("/nowhere/at/all")),
        ("a file", Some(&file)),
    ];
    let all = ["HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"];
    for (how, value) in odd {
        for variables in [&all[..], &["HOME"], &["XDG_STATE_HOME"], &["XDG_CONFIG_HOME"], &["XDG_CACHE_HOME"]]
        {
            for form in READS {
                let mut command = project.command();
                for variable in variables {
                    match value {
                        Some(value) => command.env(variable, value),
                        None => command.env_remove(variable),
                    };
                }
                // Without a home the system's own user has one, whose settings are not a test's business.
                command.env("FFCTL_CONFIG", "config.toml").args(*form);
                project.write("config.toml", "");
                let what = format!("{form:?} where {variables:?} is {how}");
                let run = run(&mut command);
                named(&what, &run);
                if form[0] == "list" && run.code == 0 {
                    let flag = run.stdout.lines().find(|line| line.starts_with("enable_try_on"));
                    assert!(flag.is_some_and(|line| line.contains("● on")), "{what}: never `off`: {run:?}");
                }
                // Only what reads a journal or a store can need the folder.
                if how != "a file" {
                    assert!(run.code <= 1 || form[0] == "history", "{what}: {run:?}");
                }
            }
        }
    }
    assert!(!project.path("home").exists(), "a relative folder is not made in passing");
}

#[test]
fn who_only_reads_needs_no_folder_to_write_in() {
    let project = Project::shipped();
    project.ok(&["set", "enable_try_on", "25%", "--local", "--yes"]);
    let root = project.path("../");
    let id = std::process::Command::new("setpriv").args(["--reuid=65534", "--clear-groups", "true"]).status();
    if !id.is_ok_and(|status| status.success()) {
        return left_out("running as a user who may write nowhere");
    }
    // The binary must be within reach of that user.
    let binary = root.join("ffctl");
    fs::copy(env!("CARGO_BIN_EXE_ffctl"), &binary).expect("copied");
    open(&root);
    for form in READS {
        let mut command = project.process("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(&binary).args(*form);
        let run = run(&mut assert_cmd::Command::from_std(command));
        assert_eq!((run.code, run.stderr.contains("panicked")), (0, false), "{form:?}: {run:?}");
        if form[0] == "list" {
            assert!(run.stdout.contains("◐ 25%"), "the override is read: {run:?}");
        }
    }
    // Who would write says what is closed.
    for form in [
        &["set", "use_v3_style", "on", "--local", "--yes"] as &[&str],
        &["set", "use_v3_style", "on", "--layer", "default", "--yes"],
        &["init", "--flags", "other.toml"],
    ] {
        let mut command = project.process("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(&binary).args(form);
        let run = run(&mut assert_cmd::Command::from_std(command));
        assert_eq!(run.code, 12, "{form:?}: {run:?}");
        assert!(run.stderr.starts_with("error: "), "{form:?}: {run:?}");
    }
}

/// Lets everybody read and nobody but the owner write.
fn open(path: &Path) {
    let mode = if path.is_dir() || path.ends_with("ffctl") { 0o755 } else { 0o644 };
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("set");
    if path.is_dir() {
        fs::read_dir(path).expect("readable").flatten().for_each(|entry| open(&entry.path()));
    }
}

#[test]
fn a_full_disk_is_a_failure_of_every_command_and_no_defect() {
    if !Path::new("/dev/full").exists() {
        return left_out("a full disk");
    }
    let project = Project::shipped();
    for form in READS {
        let line = format!("ffctl {} > /dev/full", form.join(" "));
        let run = run(&mut project.shell(&line));
        assert_eq!(run.code, 12, "{line}: {run:?}");
        assert!(
            run.stderr.contains("cannot write the answer") && !run.stderr.contains("panicked"),
            "{run:?}"
        );
        for words in ["2> /dev/full", "2>&- 0<&-", "0<&-"] {
            let line = format!("ffctl {} {words}", form.join(" "));
            let whole = super::project::run(&mut project.shell(&line));
            assert_eq!(whole.code, 0, "{line}: {whole:?}");
            assert!(!whole.stdout.is_empty(), "{line}");
        }
    }
}

#[test]
fn a_closed_pipe_ends_every_command_quietly() {
    let project = Project::shipped();
    for form in READS {
        for reader in ["true", "head -n 1"] {
            let line = format!("(ffctl {}; echo $? >&2) | {reader} > /dev/null", form.join(" "));
            let run = run(&mut project.shell(&line));
            assert!(run.stderr.ends_with("0\n"), "{line}: {run:?}");
            assert!(!run.stderr.contains("panic") && !run.stderr.contains("error"), "{line}: {run:?}");
        }
    }
}
