//! A real terminal, 80 columns wide: what stands there is within them, in columns, and obeyed by nobody. `script` of
//! util-linux lends it.
#![cfg(target_os = "linux")]

use std::process::{Command, Stdio};

use unicode_width::UnicodeWidthStr;

use super::check::{aligned, inert, uncoloured};
use super::project::{flag, hostile};
use super::strings::strings;

/// Runs a shell script at a terminal and returns what it showed; none where no terminal can be had.
fn at_terminal(project: &super::super::project::Project, script: &str) -> Option<String> {
    project.write("script.sh", script);
    let mut command: Command = project.process("script");
    command.args(["-qec", "stty cols 80 rows 24; sh script.sh", "/dev/null"]).env("TERM", "xterm-256color");
    let Ok(output) = command.stdin(Stdio::null()).output() else {
        left_out();
        return None;
    };
    let shown = String::from_utf8(output.stdout).expect("UTF-8");
    Some(shown.replace("\r\n", "\n"))
}

#[expect(clippy::print_stderr, reason = "whoever reads the log must know what was not tested")]
fn left_out() {
    eprintln!("left out: there is no `script` (util-linux) here, so nothing was shown at a terminal");
}

/// Commands whose tables are never folded.
fn tables(options: &str) -> String {
    let names: Vec<String> = (0..strings().len()).map(flag).collect();
    let get = names.chunks(40).map(|some| format!("ffctl get {} {options}\n", some.join(" ")));
    format!("ffctl list {options}\n{}", get.collect::<String>())
}

/// Commands that show more than a table.
fn pages(options: &str) -> String {
    let page = |name: String| {
        [
            format!("ffctl explain {name} --user u --at 2026-01-01T00:00:00Z {options}\n"),
            format!("ffctl set {name} off --dry-run {options}\nffctl explain v_{name} {options}\n"),
            format!("ffctl simulate-rollout {name} --to on --synthetic 9 {options}\n"),
        ]
    };
    (0..strings().len()).step_by(3).map(flag).flat_map(page).collect()
}

#[test]
fn nothing_leaves_its_columns() {
    let project = hostile();
    for (script, folds) in [(tables as fn(&str) -> String, false), (pages, true)] {
        let Some(shown) = at_terminal(&project, &script("--color never")) else { return };
        inert("a terminal", &shown);
        for line in shown.lines() {
            assert!(line.width() <= 80, "{} columns: {line:?}", line.width());
        }
        assert!(folds || aligned("a terminal", &shown) > 500);
        let Some(coloured) = at_terminal(&project, &script("")) else { return };
        assert!(coloured.contains("\u{1b}[1m"), "a terminal has colours");
        assert!(uncoloured("a terminal", &coloured) == shown, "colours add nothing but colours");
    }
}

#[test]
fn failures_stay_in_their_columns_too() {
    let project = hostile();
    let all = strings();
    let typed = all.iter().enumerate().filter(|(_, (_, text))| !text.contains('\0'));
    let lines: Vec<String> = typed
        .map(|(number, (_, text))| {
            project.write(&format!("arguments/{number}"), text);
            let text = format!("\"x$(cat arguments/{number}; echo x)\"");
            format!("ffctl get {text} --color never\nFF_H_000={text} ffctl get h_000 --color never\n")
        })
        .collect();
    let Some(shown) = at_terminal(&project, &lines.concat()) else { return };
    inert("a terminal", &shown);
    assert!(shown.lines().all(|line| line.width() <= 80), "too wide");
    assert!(shown.matches("error:").count() > 400, "{shown}");
}
