//! Broken inputs and what is said about each, pinned beside them in `tests/broken/`, a file per kind.
//!
//! A case starts with `=== ` and its title; `--- NAME` begins a file, `--- $ COMMAND` is what is run in a shell, and
//! `--- exit CODE` is followed by what it says. `FFCTL_BLESS=1 cargo test` writes the last part anew.

use std::fmt::Write as _;

use super::project::{Project, bless, pinned_at, run, stable};

struct Case<'t> {
    title: &'t str,
    files: Vec<(&'t str, String)>,
    command: &'t str,
}

/// Reads cases; what is pinned is left out.
fn cases(text: &str) -> Vec<Case<'_>> {
    let mut cases: Vec<Case<'_>> = Vec::new();
    let mut said = false;
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("=== ") {
            cases.push(Case { title, files: Vec::new(), command: "" });
            said = false;
        } else if let (Some(part), Some(case)) = (line.strip_prefix("--- "), cases.last_mut()) {
            match (part.strip_prefix("$ "), part.strip_prefix("exit ")) {
                (Some(command), _) => case.command = command,
                (None, Some(_)) => said = true,
                (None, None) => case.files.push((part, String::new())),
            }
        } else if let Some((_, content)) =
            cases.last_mut().and_then(|case| case.files.last_mut()).filter(|_| !said)
        {
            content.extend([line, "\n"]);
        }
    }
    cases
}

/// Runs a case, and returns it with what it says.
fn told(case: &Case<'_>) -> String {
    let project = Project::empty();
    let mut out = format!("=== {}\n", case.title);
    for (name, content) in &case.files {
        if *name == "config.toml" {
            std::fs::create_dir_all(project.config("ffctl")).expect("a folder");
            std::fs::write(project.config("ffctl/config.toml"), content).expect("written");
        } else {
            project.write(name, content);
        }
        write!(out, "--- {name}\n{content}").expect("a String takes everything");
    }
    let run = run(&mut project.shell(case.command));
    let said = stable(&project, &format!("{}{}", run.stdout, run.stderr));
    writeln!(out, "--- $ {}\n--- exit {}\n{}", case.command, run.code, said.trim_end())
        .expect("a String takes everything");
    if !bless() {
        check(case, run.code, &said);
    }
    out
}

/// What holds for every case: it fails, and each mistake has a place and one fix.
fn check(case: &Case<'_>, code: i32, said: &str) {
    let title = case.title;
    assert!([2, 3, 7, 12].contains(&code), "{title}: exit {code}\n{said}");
    assert!(said.contains("error") || said.contains("! invalid"), "{title}: {said}");
    let carets =
        said.lines().filter(|line| line.trim_start().starts_with("│ ") && line.trim_end().ends_with('^'));
    let fixes = said.lines().filter(|line| line.trim_start().starts_with("fix:"));
    assert_eq!(carets.count(), fixes.clone().count(), "{title}: one fix each\n{said}");
    let helps = [
        "fix:",
        "\"fix\":",
        "; write ",
        "hint:",
        "tip:",
        "possible values",
        "Usage:",
        "For more information",
    ];
    assert!(helps.iter().any(|help| said.contains(help)), "{title}: says what to do\n{said}");
    for leak in ["RUST_BACKTRACE", "panicked", "Error {", "Some(", "<root>/work/"] {
        assert!(!said.contains(leak), "{title}: {said}");
    }
}

fn whole(kind: &str, least: usize, text: &str) {
    let cases = cases(text);
    assert!(cases.len() >= least, "{} cases of {kind}", cases.len());
    let told: Vec<String> = cases.iter().map(told).collect();
    pinned_at(&format!("tests/broken/{kind}.txt"), &told.join("\n"));
}

#[test]
fn flag_files() {
    whole("flags", 45, include_str!("broken/flags.txt"));
}

#[test]
fn variables() {
    whole("variables", 8, include_str!("broken/variables.txt"));
}

#[test]
fn env_files() {
    whole("env_files", 5, include_str!("broken/env_files.txt"));
}

#[test]
fn arguments() {
    whole("arguments", 12, include_str!("broken/arguments.txt"));
}

#[test]
fn contexts() {
    whole("contexts", 8, include_str!("broken/contexts.txt"));
}

#[test]
fn populations() {
    whole("populations", 8, include_str!("broken/populations.txt"));
}

#[test]
fn config_files() {
    whole("config", 8, include_str!("broken/config.txt"));
}
