//! A person at a terminal: asked, answered, and never answered for by a pipe. `script` of util-linux lends the
//! terminal; where there is none, there is nothing to ask at.
#![cfg(target_os = "linux")]

use std::io::{Read, Write};
use std::process::Stdio;

use super::project::Project;

/// Runs a command line at a terminal, types `typed`, and returns what the terminal showed and the exit code; none
/// where no terminal can be had.
fn at_terminal(project: &Project, line: &str, typed: &str) -> Option<(String, i32)> {
    typed_at(project, line, None, typed)
}

/// Likewise, but types only once the terminal shows `prompt`, if one is named.
fn typed_at(project: &Project, line: &str, prompt: Option<&str>, typed: &str) -> Option<(String, i32)> {
    let child = project
        .process("script")
        .args(["-qec", line, "/dev/null"])
        .env("TERM", "xterm")
        .env("NO_COLOR", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        left_out();
        return None;
    };
    let mut shown = Vec::new();
    if let Some(prompt) = prompt {
        let (stdout, mut one) = (child.stdout.as_mut()?, [0]);
        while !String::from_utf8_lossy(&shown).contains(prompt) && stdout.read(&mut one).is_ok_and(|n| n > 0)
        {
            shown.extend(one);
        }
    }
    // Closed afterwards: the end of input is an answer too.
    child.stdin.take()?.write_all(typed.as_bytes()).expect("typed");
    let output = child.wait_with_output().expect("ended");
    shown.extend(output.stdout);
    Some((String::from_utf8_lossy(&shown).replace('\r', ""), output.status.code()?))
}

#[expect(clippy::print_stderr, reason = "whoever reads the log must know what was not tested")]
fn left_out() {
    eprintln!("left out: there is no `script` (util-linux) here, so nobody was asked at a terminal");
}

fn state(project: &Project) -> String {
    project.ok(&["get", "use_v3_style"])
}

#[test]
fn the_plan_is_shown_and_only_yes_changes_it() {
    for (typed, code, after) in [
        ("y\n", 0, "true\n"),
        ("YES\n", 0, "true\n"),
        ("\n", 8, "false\n"),
        ("n\n", 8, "false\n"),
        ("on\n", 8, "false\n"),
        ("\u{4}", 8, "false\n"),
    ] {
        let project = Project::shipped();
        let Some((shown, ended)) = at_terminal(&project, "ffctl set use_v3_style on", typed) else { return };
        assert!(shown.contains("target: local store, no server reads this"), "{shown}");
        assert!(shown.contains("○ off → ● on"), "{shown}");
        assert!(shown.contains("Change it? [y/N]"), "{shown}");
        assert_eq!((ended, state(&project).as_str()), (code, after), "{typed:?}: {shown}");
        assert_eq!(shown.matches("target:").count(), 1, "the plan is shown once: {shown}");
        assert_eq!(shown.contains("nothing was changed"), code == 8, "{shown}");
    }
}

#[test]
fn what_comes_through_a_pipe_is_no_answer() {
    let project = Project::shipped();
    let Some((shown, code)) = at_terminal(&project, "yes | ffctl set use_v3_style on", "n\n") else { return };
    assert_eq!((code, state(&project).as_str()), (8, "false\n"), "{shown}");
}

#[test]
fn yes_asks_nothing_and_a_redirected_answer_is_whole() {
    let project = Project::shipped();
    let Some((shown, code)) = at_terminal(&project, "ffctl set use_v3_style on --yes", "") else { return };
    assert_eq!((code, shown.contains("[y/N]")), (0, false), "{shown}");
    let line = "ffctl set use_v3_style off > answer";
    let (shown, code) = at_terminal(&project, line, "y\n").expect("as above");
    assert_eq!(code, 0, "{shown}");
    assert!(project.read("answer").contains("● on → ○ off"), "{}", project.read("answer"));
}

#[test]
fn a_protected_profile_is_confirmed_by_typing_its_name() {
    let server = super::support::api::rich(&["use_v3_style"], None);
    let project = Project::shipped();
    let config = project.config("ffctl/config.toml");
    std::fs::create_dir_all(config.parent().expect("a folder")).expect("made");
    let text = format!("[profiles.prod]\nurl = \"{}\"\nprotected = true\n", server.url());
    std::fs::write(config, text).expect("written");
    for (typed, code) in [("y\n", 8), ("prod\n", 0)] {
        let line = "ffctl set use_v3_style on -p prod";
        let Some((shown, ended)) = at_terminal(&project, line, typed) else { return };
        assert!(shown.contains(&format!("target: prod {}", server.url())), "{shown}");
        assert!(shown.contains("Type the profile's name"), "{shown}");
        assert_eq!(ended, code, "{shown}");
    }
}

#[test]
fn a_token_is_typed_and_not_shown() {
    let server = super::support::api::rich(&["use_v3_style"], Some("ffa_typed"));
    let project = Project::shipped();
    let config = project.config("ffctl/config.toml");
    std::fs::create_dir_all(config.parent().expect("a folder")).expect("made");
    std::fs::write(config, format!("[profiles.prod]\nurl = \"{}\"\n", server.url())).expect("written");
    let kept = project.state().join("ffctl/tokens/prod.token");
    let line = "ffctl login -p prod; code=$?; stty -a | grep -o ' -\\?echo '; exit $code";
    // Mistyped and taken back; all of it taken back; left; nothing; the token.
    for (typed, code) in [
        ("ffa_tyq\u{7f}ped\n", 0),
        ("no\u{15}ffa_typed\n", 0),
        ("ffa_typed\u{3}", 130),
        ("\n", 4),
        ("\u{4}", 4),
    ] {
        let _ = std::fs::remove_file(&kept);
        let Some((shown, ended)) = typed_at(&project, line, Some("(not shown): "), typed) else {
            return;
        };
        assert_eq!((ended, kept.exists()), (code, code == 0), "{typed:?}: {shown}");
        assert!(shown.contains("token of `prod` for http://127.0.0.1:"), "{shown}");
        assert!(!shown.contains("ffa_t"), "{shown}");
        assert!(shown.contains(" echo "), "the terminal shows again what is typed: {shown}");
    }
}

#[test]
fn at_a_terminal_the_last_change_is_shown_and_taken_back() {
    let project = Project::shipped();
    project.ok(&["set", "use_v3_style", "on", "--local", "--yes", "-m", "launch"]);
    for (typed, code, after) in [("n\n", 8, "true\n"), ("y\n", 0, "false\n")] {
        let Some((shown, ended)) = at_terminal(&project, "ffctl undo", typed) else { return };
        assert!(shown.contains("reason: undo of 1") && shown.contains("● on → ○ off"), "{shown}");
        assert_eq!((ended, state(&project).as_str()), (code, after), "{typed:?}: {shown}");
    }
    // Whom nobody asks must name it, also at a terminal.
    let (shown, ended) = at_terminal(&project, "ffctl undo --yes", "").expect("as above");
    assert!(ended == 8 && shown.contains("ffctl undo 2 --yes"), "{shown}");
}
