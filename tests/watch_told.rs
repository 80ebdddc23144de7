//! Whom `ffctl watch` tells: commands that it runs, every format, and readers who stop.

use std::process::Stdio;

use serde_json::Value;

use super::project::Project;
use super::watch::{FLAGS, PATIENCE, Watching, lines_of};

#[test]
fn a_command_gets_every_event_and_no_value_becomes_a_part_of_it() {
    let project = Project::new(FLAGS);
    let script = r#"printf '%s|' "$FFCTL_WATCH_EVENT" "$FFCTL_WATCH_FLAG" "$FFCTL_WATCH_WAS" "$FFCTL_WATCH_IS" \
        "$FFCTL_WATCH_BY" "$FFCTL_WATCH_REASON" "$FFCTL_WATCH_JOURNAL" "$FFCTL_WATCH_SOURCE" >> out; \
        cat >> in; echo done; exit 3"#;
    let local = ["--local", "--interval", "20ms"];
    let watching = Watching::start(&project, &[&local[..], &["--exec", script, "-o", "jsonl"]].concat());
    let hostile = "$(touch pwned) `touch pwned`; touch pwned \"' \\";
    project.ok(&["set", "a", "off", "--local", "--yes", "-m", hostile]);
    let event = watching.event();
    assert_eq!(event["reason"], hostile);
    watching.says("done");
    watching.says("note: the command of --exec ended with 3 for `a`");
    assert_eq!(project.read("out"), format!("changed|a|on|off|ada|{hostile}|1|admin|"));
    let input: Value = serde_json::from_str(&project.read("in")).expect("JSON");
    assert_eq!(input, event);
    assert!(!project.path("pwned").exists());
    project.ok(&["set", "a", "on", "--local", "--yes"]);
    assert_eq!(watching.event()["is"]["summary"], "on", "it goes on");
    drop(watching);
    let options = [&local[..], &["--exec", "exit 7", "--exec-fail", "stop"]].concat();
    let watching = Watching::start(&project, &options);
    project.ok(&["set", "a", "off", "--local", "--yes"]);
    watching.says("error: the command of --exec ended with 7");
    assert_eq!(watching.ends().code(), Some(12));
}

#[test]
fn every_format_is_a_line_at_a_time() {
    let project = Project::new(FLAGS);
    let local = ["--local", "--interval", "20ms", "-o"];
    let formats = ["table", "json", "jsonl", "csv", "markdown", "name"];
    let watching = formats.map(|format| Watching::start(&project, &[&local[..], &[format]].concat()));
    let mut first = Vec::new();
    for value in ["off", "on"] {
        project.ok(&["set", "a", value, "--local", "--yes"]);
        for (format, watching) in formats.iter().zip(&watching) {
            let above = match *format {
                "csv" | "json" => 1,
                "markdown" => 2,
                _ => 0,
            };
            let headers = if value == "on" { 0 } else { above };
            let lines: Vec<String> = (0..=headers).map(|_| watching.line()).collect();
            let line = lines.last().expect("a line").clone();
            match *format {
                "table" => assert!(line.contains("a  ") && line.contains("by ada"), "{line}"),
                "json" | "jsonl" => {
                    let line = line.strip_prefix(',').unwrap_or(&line);
                    assert!(line.starts_with("{\"schema\":\"ffctl.watch/1\""), "{line}");
                }
                "csv" => assert!(line.contains(",changed,a,"), "{line}"),
                "markdown" => assert!(line.starts_with("| "), "{line}"),
                _ => assert_eq!(line, "a"),
            }
            first.push(line);
        }
    }
    assert_eq!(first.len(), 12);
    // Where it ends, the list does too.
    for options in [&["--until", "a=on"] as &[&str], &["--for", "1ms"]] {
        let whole = project.json(&[&["watch", "--local"], options].concat());
        assert_eq!(whole.as_array().map(Vec::len), Some(usize::from(options[0] == "--until")));
    }
}

#[test]
fn who_stops_reading_ends_it_quietly() {
    let project = Project::new(FLAGS);
    let mut child = project
        .process(env!("CARGO_BIN_EXE_ffctl"))
        .args(["watch", "--local", "--interval", "20ms"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let said = lines_of(child.stderr.take().expect("piped"));
    assert!(said.recv_timeout(PATIENCE).expect("a word").starts_with("watching: "));
    drop(child.stdout.take());
    project.ok(&["set", "a", "off", "--local", "--yes"]);
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
    assert_eq!(said.recv_timeout(PATIENCE).ok(), None, "not a word about it");
}
