//! `--dry-run` of every command that has it: a server that is only asked, and not a byte of a file or store.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use clap::CommandFactory;
use serde_json::json;

use super::project::Project;
use super::remote::TOKEN;
use super::support::server::{Reply, Server};

/// The command lines of each command that can be rehearsed; a command that is not here fails the test.
fn rows(command: &str) -> &'static [&'static [&'static str]] {
    match command {
        "set" => &[
            &["use_v3_style", "off"],
            &["use_v3_style=off", "enable_memory_v2=50%"],
            &["enable_memory_v2", "on", "--user", "u", "--org", "o"],
            &["style_prompt", "--split", "v2=1,v3=1"],
            &["enable_memory_v2", "25%", "--if", "partial", "--idempotency-key", "k"],
            &["use_v3_style=on", "enable_try_on=off", "--layer", "default"],
            &["use_v3_style=25%", "enable_try_on=off", "--layer", "env", "--env-file", ".env"],
            &["use_v3_style", "on", "--layer", "env", "--env-file", "new.env"],
        ],
        "unset" => &[
            &["use_v3_style"],
            &["use_v3_style", "--field", "enabled"],
            &["enable_memory_v2", "--field", "rollout", "--layer", "default"],
            &["enable_try_on", "--layer", "env", "--env-file", ".env"],
        ],
        "undo" => &[&["1"], &["1", "--idempotency-key", "k"], &["L1"], &["L2"]],
        "remove" => {
            &[&["use_v3_style"], &["use_v3_style", "enable_try_on"], &["use_v3_style", "--env-file", ".env"]]
        }
        "init" => &[&["--flags", "made.toml"]],
        "snapshot restore" => &[&["SAVED"], &["SAVED", "--only", "use_v3_style", "--exact"]],
        "profile add" => &[&["staging", "https://flags.example.com"]],
        "profile use" | "profile remove" => &[&["prod"]],
        "token create" => &[&["ci", "--role", "viewer"], &["ci", "--role", "admin", "--expires", "1d"]],
        "token revoke" => &[&["wall"]],
        other => panic!("`{other}` can be rehearsed and has no row in this test"),
    }
}

/// Returns the commands that have `--dry-run`, from their definitions.
fn rehearsable() -> Vec<String> {
    fn collect(command: &clap::Command, name: &str, found: &mut Vec<String>) {
        if command.get_arguments().any(|argument| argument.get_long() == Some("dry-run")) {
            found.push(name.to_owned());
        }
        for inner in command.get_subcommands() {
            collect(inner, format!("{name} {}", inner.get_name()).trim(), found);
        }
    }
    let mut found = Vec::new();
    collect(&ffctl::cli::Cli::command(), "", &mut found);
    found
}

/// Returns every file below a folder with what stands in it and when it was written.
fn all_files(folder: &Path, found: &mut BTreeMap<PathBuf, (Vec<u8>, std::time::SystemTime)>) {
    for entry in fs::read_dir(folder).expect("listed").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() {
            all_files(&entry, found);
        } else {
            let written = fs::metadata(&entry).and_then(|one| one.modified()).expect("a time");
            found.insert(entry.clone(), (fs::read(&entry).expect("read"), written));
        }
    }
}

/// A server that answers questions and fails on everything else.
fn asked_only() -> Server {
    Server::start(|request| {
        let on = json!({ "enabled": true });
        let flag = |name: &str, overriding: &serde_json::Value| json!({ "name": name, "enabled": true, "source": "admin", "override": overriding, "etag": "\"1\"" });
        if request.path.ends_with("/tokens") {
            let token = json!({ "number": 2, "name": "wall", "role": "viewer", "created_at": "2026-11-22T09:30:00Z", "expires_at": null, "revoked_at": null });
            return match request.method.as_str() {
                "GET" => Reply::json(200, &json!({ "tokens": [token] })),
                _ => Reply::problem(500, "no", "this server takes nothing"),
            };
        }
        match (request.method.as_str(), request.path.contains("/journal")) {
            ("GET", true) => Reply::json(
                200,
                &json!({ "entries": [{ "number": 1, "changes": [{ "flag": "use_v3_style", "before": {}, "after": on }] }] }),
            ),
            ("GET", false) => {
                let names = ["use_v3_style", "enable_memory_v2", "style_prompt", "enable_try_on"];
                let flags: Vec<_> = names
                    .iter()
                    .map(|name| {
                        flag(name, if *name == "use_v3_style" { &on } else { &serde_json::Value::Null })
                    })
                    .collect();
                Reply::json(200, &json!({ "flags": flags }))
            }
            _ => Reply::problem(500, "no", "this server takes nothing"),
        }
    })
}

#[test]
fn every_command_that_can_be_rehearsed_writes_nothing_anywhere() {
    let server = asked_only();
    let project = Project::shipped();
    let config = project.config("ffctl/config.toml");
    fs::create_dir_all(config.parent().expect("a folder")).expect("made");
    let token = project.config("token");
    fs::write(&token, TOKEN).expect("written");
    super::remote::private(&token);
    let text = format!("[profiles.prod]\nurl = \"{}\"\ntoken_file = \"{}\"\n", server.url(), token.display());
    fs::write(config, text).expect("written");
    project.write(".env", "A=1\nFF_ENABLE_TRY_ON=on\n");
    // What an undo needs: one change of the store, one of each file.
    project.ok(&["set", "use_v3_style", "on", "--local", "--yes"]);
    project.ok(&["set", "use_v3_style", "off", "--layer", "env", "--env-file", ".env", "--yes"]);
    project.ok(&["set", "enable_memory_v2", "40%", "--layer", "default", "--yes"]);
    project.ok(&["token", "create", "wall", "--role", "viewer", "--local", "--yes"]);
    for (target, file) in [(&["--local"] as &[&str], "./local.json"), (&["--profile", "prod"], "./prod.json")]
    {
        project.ok(&[&["snapshot", "save", file], target].concat());
    }
    let state = || {
        let mut files = BTreeMap::new();
        // Answers of servers are kept while they are asked; that is no change.
        all_files(&project.path(""), &mut files);
        all_files(&project.state(), &mut files);
        files.retain(|path, _| !path.components().any(|part| part.as_os_str() == "cache"));
        files
    };
    let before = state();
    let asked_before = server.requests().len();
    let commands = rehearsable();
    assert!(commands.len() >= 5, "{commands:?}");
    for command in &commands {
        for words in rows(command) {
            let targets: [&[&str]; 3] = [&["--local"], &["--profile", "prod"], &["--store", "absent.db"]];
            let targets = if ["init", "undo", "token revoke", "snapshot restore"].contains(&command.as_str())
            {
                &targets[..2]
            } else {
                &targets[..]
            };
            for target in targets {
                let alone = command == "init" || command.starts_with("profile ");
                let saved = if target[0] == "--local" { "./local.json" } else { "./prod.json" };
                let words: Vec<&str> =
                    words.iter().map(|word| if *word == "SAVED" { saved } else { *word }).collect();
                let target: &[&str] = if alone { &[] } else { target };
                let more: &[&str] = match command.as_str() {
                    "init" | "profile add" | "profile use" | "profile remove" => &[],
                    "token create" | "token revoke" => &["--yes"],
                    _ => &["--yes", "-m", "why"],
                };
                let command: Vec<&str> = command.split(' ').collect();
                let line = [&command, &["--dry-run"] as &[&str], &words, target, more].concat();
                let run = project.run(&line);
                assert_eq!(run.code, 0, "{line:?}: {run:?}");
                assert_eq!(state(), before, "{line:?} left something");
            }
        }
    }
    let requests = server.requests();
    assert!(requests.len() > asked_before, "the server was asked");
    assert!(requests.iter().all(|request| request.method == "GET"), "and only asked");
}
