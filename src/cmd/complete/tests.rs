//! Where the cursor stands and what could be typed there.

use clap::{Command, CommandFactory};

use crate::cli::Cli;
use crate::settings::{Folders, Settings};

use super::candidate::{Candidate, Candidates};
use super::cursor::Cursor;
use super::known::Known;
use super::run::candidates;
use super::values::takes;

const FLAGS: &str = r#"
schema = 1
[flags]
plain = true
[flags.memory]
owner = "team a"
tags = ["x", "evil\u001b[31m"]
enabled = true
rollout = "25%"
orgs = ["acme"]
[flags.prompt]
enabled = true
off = "v2"
variations = { v2 = "a", v3 = "b" }
serve = "v2"
[experiments.trial]
flag = "plain"
variants = [["control", 50], ["treatment", 50]]
[segments.staff]
included = ["ada"]
"#;

fn program() -> Command {
    let mut program = Cli::command();
    program.build();
    program
}

/// The candidates of a line whose last word is being typed, each `value|about`.
fn of(flags: &str, line: &str) -> (Vec<String>, bool) {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("flags.toml"), flags).expect("written");
    let state = Some(folder.path().join("state"));
    let folders = Folders { start: folder.path().to_owned(), state, ..Folders::default() };
    let known = Known::new(Settings { folders, ..Settings::default() }, || std::time::UNIX_EPOCH);
    let program = program();
    let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
    let Candidates { all, files } = candidates(&Cursor::find(&program, &words), &known);
    let shown = |one: &Candidate| {
        if one.about.is_empty() { one.value.clone() } else { format!("{}|{}", one.value, one.about) }
    };
    (all.iter().map(shown).collect(), files)
}

fn values(line: &str) -> Vec<String> {
    let (all, _) = of(FLAGS, line);
    all.iter().map(|one| one.split('|').next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn flags_come_with_their_state_and_its_source() {
    let all = ["plain|on, default", "memory|partial: 25% + 1 org, default", "prompt|off, default"];
    assert_eq!(of(FLAGS, "get ").0, all);
    assert_eq!(of(FLAGS, "get me").0, all[1..2]);
    assert_eq!(of(FLAGS, "get memory ").0, [all[0], all[2]], "not the same again");
    assert_eq!(of(FLAGS, "--json -p prod explain pl").0, all[..1]);
    assert_eq!(of(FLAGS, "simulate-rollout tr").0, ["trial|control 50 / treatment 50"]);
}

#[test]
fn values_fit_their_flag() {
    assert_eq!(values("set plain "), ["on", "off", "1%", "5%", "10%", "25%", "50%"]);
    assert_eq!(of(FLAGS, "set prompt v").0, ["v2|a", "v3|b"]);
    assert_eq!(values("set prompt=v"), ["prompt=v2", "prompt=v3"]);
    assert_eq!(values("set plain=on m"), ["memory="]);
    assert_eq!(values("set plain on "), Vec::<String>::new());
    assert_eq!(values("set pl"), ["plain"]);
    assert_eq!(values("simulate-rollout prompt --to v"), ["v2", "v3"]);
    assert_eq!(values("simulate-rollout prompt --to v2,d"), ["v2,default"]);
    assert_eq!(values("simulate-rollout trial --split control=60,"), ["control=60,treatment="]);
    assert_eq!(values("variant-for-user u-1 t"), ["trial"]);
    assert_eq!(values("variant-for-user u-1 trial "), Vec::<String>::new());
}

#[test]
fn conditions_fit_what_they_are_about() {
    assert_eq!(values("check pl"), ["plain="]);
    let of_plain = ["on", "off", "1%", "5%", "10%", "25%", "50%", "enabled", "disabled", "partial"];
    assert_eq!(values("check plain="), of_plain.map(|value| format!("plain={value}")));
    assert_eq!(values("check plain>=2"), ["plain>=25%"]);
    assert_eq!(values("check prompt=v"), ["prompt=v2", "prompt=v3"]);
    assert_eq!(values("check trial:u-1=t"), ["trial:u-1=treatment"]);
    assert_eq!(values("check plain:u-1="), ["plain:u-1=on", "plain:u-1=off"]);
    assert_eq!(values("check --at-least pl"), ["plain="]);
    assert_eq!(values("check --at-least plain=2"), ["plain=25%"]);
    assert_eq!(values("check --view s"), ["server"]);
}

#[test]
fn words_of_options_are_found_however_they_are_written() {
    for line in ["list --state pa", "list --state on,pa", "list --state=pa", "list --state=on,pa"] {
        let found = values(line);
        assert!(found.len() == 1 && found[0].ends_with("partial"), "{line}: {found:?}");
    }
    assert_eq!(values("list -ojs"), ["-ojson", "-ojsonl"]);
    assert_eq!(values("list -o=js"), ["-o=json", "-o=jsonl"]);
    assert_eq!(values("list -o json --sta"), ["--state"]);
    assert_eq!(values("list --owner "), ["team a"]);
    assert_eq!(values("get x --org a"), ["acme"]);
    assert_eq!(values("list --json --out"), Vec::<String>::new(), "it contradicts --json");
    assert_eq!(values("list --json --js"), Vec::<String>::new(), "it stands there already");
    assert!(values("set x on -").contains(&"-y".to_owned()));
    assert!(of(FLAGS, "list --flags ").1 && of(FLAGS, "list --flags=fl").1 && of(FLAGS, "list -ffl").1);
    assert_eq!(values("get -- pl"), ["plain"]);
    assert_eq!(values("get --nonsense=x"), Vec::<String>::new());
}

#[test]
fn commands_and_states_are_found() {
    assert_eq!(values("expl"), ["explain"]);
    assert!(!values("").iter().any(|word| word.starts_with('-') || word.starts_with('_')));
    let (states, files) = of(FLAGS, "diff git:");
    assert!(states[0].starts_with("git:HEAD|") && files, "{states:?}");
    assert_eq!(values("diff default e"), ["env"]);
    assert_eq!(values("diff default env st"), ["staff"]);
    assert_eq!(values("completions f"), ["fish"]);
}

#[test]
fn a_broken_file_still_names_its_flags() {
    let broken =
        FLAGS.replace("rollout = \"25%\"", "rollout = \"225%\"").replace("plain = true", "plain = tru");
    let (all, _) = of(&broken, "get ");
    let names: Vec<&str> = all.iter().map(|one| one.split('|').next().unwrap_or_default()).collect();
    assert_eq!(names, ["prompt", "plain", "memory"], "{all:?}");
    assert_eq!(of("\u{0}[[[", "get ").0, Vec::<String>::new());
}

#[test]
fn lines_hold_nothing_that_a_terminal_obeys() {
    let candidates = Candidates::of(vec![
        Candidate::new("evil\u{1b}[31m", "never"),
        Candidate::new("two\nlines", "never"),
        Candidate::new("tab\tinside", "never"),
        Candidate::new("", "never"),
        Candidate::new("fine", "an \u{1b}]52;c;x\u{7} escape\nand \u{202e} more\ttabs"),
        Candidate::new("fine", "again"),
    ]);
    let lines = candidates.lines();
    assert!(!lines.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{lines:?}");
    assert_eq!(lines.lines().count(), 2, "{lines:?}");
    assert!(lines.starts_with("values\nfine\tan \\u{1b}]52"), "{lines:?}");
    assert_eq!(values("list --tag "), ["evil\u{1b}[31m", "x"], "left out when it is written");
}

#[test]
fn nothing_that_is_typed_makes_it_fall_over() {
    let words = [
        "",
        "-",
        "--",
        "---",
        "-é",
        "--=",
        "-o=",
        "=",
        "a=b=c",
        ",",
        "--state=,",
        "\u{1b}",
        "get",
        "set",
        "--split",
        "-pé",
    ];
    let program = program();
    for first in words {
        for second in words {
            for third in words {
                for command in ["get", "set", "list", "simulate-rollout", "diff", "variant-for-user"] {
                    let line = [command, first, second, third].map(str::to_owned);
                    let _ = Cursor::find(&program, &line);
                }
            }
        }
    }
}

/// A new argument says here what it takes.
#[test]
fn every_argument_has_its_values() {
    let program = program();
    let commands = program.get_subcommands().chain([&program]);
    for command in commands.filter(|command| command.get_name() != "help") {
        for argument in command.get_arguments().filter(|argument| argument.get_action().takes_values()) {
            assert!(
                !argument.get_possible_values().is_empty() || takes(argument).is_some(),
                "{} {argument} ({})",
                command.get_name(),
                argument.get_id()
            );
        }
    }
}
