//! Files: flags.toml whole and broken, .env files, populations, contexts, config.toml, the journal.

use std::fs;
use std::os::unix::ffi::OsStrExt;

use serde_json::Value;

use super::super::project::Project;
use super::arguments::{markdown, spreadsheet};
use super::check::{aligned, harmless, uncoloured};
use super::project::{ODD, flag, flags_with, hostile, in_ci, quoted, run, run_with};
use super::strings::{bytes, in_turn, passable, strings};

fn words<'a>(words: &[&'a str]) -> Vec<&'a [u8]> {
    words.iter().map(|word| word.as_bytes()).collect()
}

#[test]
fn all_at_once_in_every_format() {
    let project = hostile();
    let names: Vec<String> =
        (0..strings().len()).flat_map(|at| [flag(at), format!("v_{}", flag(at))]).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let get: Vec<&str> = [&["get"], &names[..]].concat();
    let get_for: Vec<&str> = [&["get", "--user", "u", "--org", "o"], &names[..]].concat();
    for command in
        [&["list"] as &[&str], &get, &get_for, &["list", "--user-is-unknown"], &["variant-for-user", "u"]]
    {
        for format in ["table", "markdown", "csv", "json", "jsonl", "name"] {
            let output = run(&project, words(&[command, &["-o", format]].concat()));
            let what = format!("{} as {format}", command[0]);
            let (shown, _) = harmless(&what, &output);
            if !output.status.success() {
                continue;
            }
            match format {
                "csv" => spreadsheet(&what, &shown),
                "markdown" => markdown(&what, &shown),
                "table" => {
                    let rows = aligned(&what, &shown);
                    assert!(rows >= names.len() || command[0] == "variant-for-user", "{what}: {rows} rows");
                    let coloured = run(&project, words(&[command, &["--color", "always"]].concat()));
                    let coloured = String::from_utf8(coloured.stdout).expect("UTF-8");
                    assert!(coloured.contains('\u{1b}'), "{what}");
                    assert_eq!(
                        uncoloured(&what, &coloured),
                        shown,
                        "{what}: colours add nothing but colours"
                    );
                }
                _ => {}
            }
        }
    }
}

#[test]
fn json_keeps_every_string_whole() {
    let list = hostile().json(&["list"]);
    for (number, (name, text)) in strings().iter().enumerate() {
        let found = &list["flags"][number * 2];
        assert_eq!(found["name"], flag(number));
        for field in ["description", "owner"] {
            assert_eq!(found[field], **text, "{name} as {field}");
        }
        if !text.is_empty() {
            assert_eq!(found["tags"][0], **text, "{name}");
            assert_eq!(found["users"][text], "on", "{name}");
        }
    }
    let project = in_ci("");
    for (name, text) in strings() {
        project.write("flags.toml", &flags_with(&text));
        let got = project.json(&["get", "v_h"]);
        assert_eq!(got["flags"][0]["value"]["prompt"], *text, "{name}: {got}");
    }
}

#[test]
fn a_broken_flags_toml_shows_its_lines_harmlessly() {
    let mut project = Project::empty();
    project.set("CI", "true");
    for (name, text) in bytes() {
        let text = String::from_utf8_lossy(&text).into_owned();
        let value = quoted(&text);
        let raw = text.replace('\n', " ");
        // As a name, as an unknown key, as a wrong value, bare, in a comment, and behind a mistake on the line.
        let broken = format!(
            "schema = 1\n[flags.{value}]\nenabled = true\n[flags.a]\nenabled = {value}\n{value} = 1\nrollout = \"{raw}\"\n\
             {raw}\n[flags.b] # {raw}\nenabled = yes # {raw}\nserve = {value}\n[segments.{value}]\n[experiments.{value}]\n"
        );
        fs::write(project.path("flags.toml"), broken).expect("written");
        for (_, format) in in_turn(["table", "json"], name.len()) {
            let output = run(&project, words(&["list", "-o", format]));
            let (_, stderr) = harmless(&format!("broken with {name} as {format}"), &output);
            assert_eq!(output.status.code(), Some(7), "{stderr}");
        }
    }
}

#[test]
fn a_file_that_is_no_text_says_so_harmlessly() {
    let mut project = in_ci(&flags_with(ODD));
    project.set("FFCTL_CONFIG", "config.toml");
    for (name, text) in bytes() {
        let files = [
            ("bad.toml", &["list", "--flags", "bad.toml"] as &[&str]),
            ("bad.env", &["list", "--env-file", "bad.env"]),
            ("config.toml", &["list"]),
            ("bad.json", &["get", "h", "--context", "bad.json"]),
        ];
        for (_, (file, command)) in in_turn(files, name.len()) {
            fs::write(project.path("config.toml"), "").expect("written");
            fs::write(project.path(file), &text).expect("written");
            harmless(&format!("{file} of {name}"), &run(&project, words(command)));
        }
        let config = [b"[profiles.\"", &text[..], b"\"]\nurl = \"", &text, b"\"\ndescription = 3\n"].concat();
        fs::write(project.path("config.toml"), config).expect("written");
        let output = run(&project, words(&["list", "-p", "prod"]));
        harmless(&format!("config.toml with {name}"), &output);
        fs::write(project.path("config.toml"), "").expect("written");
    }
}

#[test]
fn env_files_and_their_names() {
    let project = in_ci(&flags_with(ODD));
    for (number, (name, text)) in passable().iter().enumerate() {
        let file = [b"FF_H=\"", &text[..], b"\"\nFF_V_H='", text, b"'\nFF_", text, b"=on\n"].concat();
        fs::write(project.path("x.env"), file).expect("written");
        let commands = [&["list", "*h"] as &[&str], &["explain", "h"], &["get", "v_h"]];
        for (_, command) in in_turn(commands, number) {
            let output = run(&project, [&words(command)[..], &words(&["--env-file", "x.env"])].concat());
            harmless(&format!("{command:?} with a .env of {name}"), &output);
        }
        // A file that is called so, and is broken.
        let path = project.path("").join(std::ffi::OsStr::from_bytes(text));
        let nameable =
            !text.is_empty() && text.len() < 200 && !text.contains(&b'/') && text != b"." && text != b"..";
        if number % 2 == 0 && nameable && !path.exists() {
            fs::write(&path, "schema = 1\n[flags]\na = 3\n").expect("written");
            for option in [b"--flags=" as &[u8], b"--env-file=", b"--context="] {
                let option = [option, text].concat();
                let output = run(&project, [b"get" as &[u8], b"h", &option]);
                harmless(&format!("a file called {name}"), &output);
            }
            fs::remove_file(path).expect("removed");
        }
    }
}

#[test]
fn populations_and_contexts() {
    let project = in_ci(&flags_with(ODD));
    for (name, text) in bytes() {
        let lossy = String::from_utf8_lossy(&text).into_owned();
        let json = Value::from(lossy);
        let object = format!("{{\"id\":{json},\"org\":{json},\"plan\":{json}}}\n");
        let context = format!(
            "{{\"kind\":\"multi\",\"user\":{{\"key\":{json},\"x\":{json}}},\"org\":{{\"key\":{json}}}}}"
        );
        let csv = [b"id,org,", &text[..], b"\n", &text, b",\"", &text, b"\",x\n"].concat();
        for (file, content) in [
            ("users.csv", csv),
            ("users.jsonl", object.into()),
            ("users", text.clone()),
            ("context.json", context.into()),
        ] {
            fs::write(project.path(file), content).expect("written");
        }
        let commands = [
            &["variant-for-user", "--population", "users.csv"] as &[&str],
            &["variant-for-user", "--population", "users.jsonl", "-o", "markdown"],
            &["variant-for-user", "--population", "users", "-o", "csv"],
            &[
                "simulate-rollout",
                "h",
                "--to",
                "on",
                "--population",
                "users.jsonl",
                "--by",
                "org",
                "--allow-missing",
            ],
            &["explain", "h", "--context", "context.json"],
        ];
        for (_, command) in in_turn(commands, name.len()) {
            let output = run(&project, words(command));
            let (stdout, _) = harmless(&format!("{command:?} of {name}"), &output);
            if command.contains(&"csv") {
                spreadsheet(&name, &stdout);
            } else if command.contains(&"markdown") {
                markdown(&name, &stdout);
            }
        }
    }
}

#[test]
fn the_journal_and_its_actors() {
    let project = in_ci(&flags_with(ODD));
    for (name, text) in passable() {
        let user = std::ffi::OsStr::from_bytes(&text);
        let set = [&words(&["set", "h", "10%", "--local", "--yes", "-m"])[..], &[&text]].concat();
        harmless(&format!("set by {name}"), &run_with(&project, &[("USER", user)], set));
        for command in [&["explain", "h"] as &[&str], &["set", "h", "20%", "--local", "--yes"]] {
            harmless(&format!("{} after {name}", command[0]), &run(&project, words(command)));
        }
    }
    for format in ["table", "markdown", "csv", "jsonl"] {
        harmless(format, &run(&project, words(&["list", "--source", "admin", "-o", format])));
    }
}
