//! Help: one line and two runnable examples for every command; the examples run.

use super::project::Project;

/// The names of all commands, as the help lists them.
pub(crate) fn commands() -> Vec<String> {
    let help = Project::shipped().ok(&["--help"]);
    let lines = help.lines().skip_while(|line| !line.starts_with("Usage:")).skip(1);
    let commands: Vec<String> = lines
        .take_while(|line| *line != "Options:")
        .filter_map(|line| line.strip_prefix("  "))
        .filter_map(|line| line.split_whitespace().next().map(str::to_owned))
        .collect();
    assert!(commands.len() >= 8, "{commands:?}");
    commands
}

/// The example lines of a help text.
fn examples(help: &str) -> Vec<String> {
    let from = help.find("Examples:\n").map_or(help.len(), |at| at + "Examples:\n".len());
    let lines = help[from..].lines().take_while(|line| line.starts_with("  ffctl "));
    // Behind two blanks or more stands what the example does.
    lines.filter_map(|line| line.trim().split("  ").next().map(str::to_owned)).collect()
}

#[test]
fn every_command_has_two_examples_that_run() {
    let mut helps: Vec<(String, String)> = commands()
        .into_iter()
        .map(|command| (command.clone(), Project::shipped().ok(&[&command, "--help"])))
        .collect();
    helps.push(("ffctl".to_owned(), Project::shipped().ok(&["--help"])));
    for (command, help) in helps {
        let examples = examples(&help);
        assert!(examples.len() >= 2, "{command} has {} examples:\n{help}", examples.len());
        for example in examples {
            #[cfg_attr(not(unix), expect(unused_mut, reason = "there is no server to point at"))]
            let mut project = Project::shipped();
            #[cfg(unix)]
            let server = (command == "drift").then(|| super::ffctl_server::FfctlServer::start(&project, &[]));
            #[cfg(unix)]
            if let Some(server) = &server {
                server.point(&mut project);
            }
            if cfg!(not(unix)) && command == "drift" {
                continue;
            }
            if command == "undo" {
                project.ok(&["set", "use_v3_style", "on", "--local", "--yes"]);
            }
            if command == "init" {
                std::fs::remove_file(project.path("flags.toml")).expect("removed");
            }
            if matches!(command.as_str(), "login" | "logout") {
                let server = super::support::api::rich(&["use_v3_style"], Some("ffa_of_prod"));
                std::fs::create_dir_all(project.config("ffctl")).expect("a folder");
                let config = format!("[profiles.prod]\nurl = \"{}\"\n", server.url());
                std::fs::write(project.config("ffctl/config.toml"), config).expect("written");
                project.write("token.txt", "ffa_of_prod\n");
                let mut shell = project.shell(&example);
                let run = super::project::run(shell.write_stdin("ffa_of_prod\n"));
                assert_eq!(run.code, 0, "{example}\n{}{}", run.stdout, run.stderr);
                continue;
            }
            // A server ends when it is told to, and shares the machine's ports with others.
            let example = match command.as_str() {
                "serve" => {
                    let own = example.replace("127.0.0.1:9090", "127.0.0.1:0");
                    let own = if own == example { format!("{own} --listen 127.0.0.1:0") } else { own };
                    format!("{own} & server=$!; sleep 1; kill $server; wait $server")
                }
                _ => example,
            };
            let run = super::project::run(&mut project.shell(&example));
            assert_eq!(run.code, 0, "{example}\n{}{}", run.stdout, run.stderr);
        }
    }
}

#[test]
fn the_version_is_the_packages() {
    let version = Project::shipped().ok(&["--version"]);
    assert_eq!(version, format!("ffctl {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn the_about_lines_of_the_program_fit_a_terminal_of_eighty_columns() {
    let mut project = Project::empty();
    project.set("COLUMNS", "80");
    let help = project.ok(&["-h"]);
    let end = help.split_once("\nLayers: ").expect("the layers").1;
    assert!(end.starts_with("admin (overrides) > env (FF_* variables) > default (flags.toml).\n\n"), "{end}");
    for line in end.split_once("Examples:\n").expect("examples").1.lines() {
        assert!(line.starts_with("  ffctl "), "none is broken in two: {line}");
    }
}

#[test]
fn no_command_is_a_mistake_of_usage() {
    let project = Project::shipped();
    assert!(project.fails(2, &[]).contains("Rehearse:"));
    assert!(project.fails(2, &["lst"]).contains("list"));
    let error: serde_json::Value =
        serde_json::from_str(&project.fails(2, &["get", "--json"])).expect("one JSON object");
    assert_eq!(error["error"]["exit"], 2);
}

#[test]
fn what_was_typed_commands_neither_terminal_nor_ci() {
    let mut project = Project::shipped();
    project.set("CI", "true");
    let said = project.fails(2, &["get", "x", "--field", "a\u{1b}[31mb\u{202e}c\n::error::gotcha"]);
    assert!(!said.contains(['\u{1b}', '\u{202e}']), "{said:?}");
    assert!(said.lines().all(|line| !line.trim_start().starts_with("::")), "{said}");
}
