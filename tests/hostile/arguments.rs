//! Every command on every string, in its files and on its command line.

use std::process::Output;

use super::super::project::Project;
use super::check::{aligned, harmless, inert};
use super::commands::{COMMANDS, FLAG, Forms, GLOBAL, TEXT};
use super::project::{flags_with, in_ci, run};
use super::strings::{everything, passable};

const FORMATS: [&str; 6] = ["table", "markdown", "csv", "json", "jsonl", "name"];

/// Runs a form with one string in its places.
fn run_form(project: &Project, form: &[&str], text: &[u8], format: &str) -> Output {
    let fill = |word: &&str| {
        let mut filled = Vec::new();
        let mut rest = *word;
        while let Some(at) = [TEXT, FLAG].iter().filter_map(|place| rest.find(place)).min() {
            filled.extend(&rest.as_bytes()[..at]);
            if rest[at..].starts_with(TEXT) {
                filled.extend(text);
            } else {
                filled.push(b'h');
            }
            rest = &rest[at + 4..];
        }
        filled.extend(rest.as_bytes());
        filled
    };
    let mut words: Vec<Vec<u8>> = form.iter().map(fill).collect();
    if FORMATS.contains(&format) {
        words.extend([b"-o".to_vec(), format.as_bytes().to_vec()]);
    }
    run(project, words.iter().map(Vec::as_slice))
}

/// Tries forms with every string; each form sees every format. Of those that take the string as an argument, each
/// string sees every other one.
fn try_all(forms: Forms) {
    let project = in_ci("");
    for (number, (name, text)) in passable().iter().enumerate() {
        let lossy = String::from_utf8_lossy(text);
        project.write("flags.toml", &flags_with(&lossy));
        let cell = lossy.replace('"', "\"\"");
        project
            .write("observed.csv", &format!("user,on\n\"{cell}\",on\nu,\"{cell}\"\nv,off\n\"{cell}\",off\n"));
        let whole = |form: &&[&str]| !form.iter().any(|word| word.contains(TEXT));
        let mine = |(at, form): &(usize, &&[&str])| whole(form) || everything() || (number + at) % 2 == 0;
        for (at, form) in forms.iter().enumerate().filter(mine) {
            let own = form.iter().any(|word| ["--output", "--json"].contains(word));
            let format = if own { "as it says" } else { FORMATS[(number + at) % FORMATS.len()] };
            let output = run_form(&project, form, text, format);
            let what = format!("{form:?} as {format} with {name}");
            let (stdout, stderr) = harmless(&what, &output);
            let done = output.status.success();
            if !done && stdout.is_empty() && format.starts_with("json") {
                let error: serde_json::Value =
                    serde_json::from_str(&stderr).unwrap_or_else(|error| panic!("{what}: {error}: {stderr}"));
                assert_eq!(error["schema"], "ffctl.error/1", "{what}");
            }
            if done && format == "json" {
                let _: serde_json::Value = serde_json::from_str(&stdout).expect(&what);
            }
            if done && format == "csv" {
                spreadsheet(&what, &stdout);
            }
            if done && format == "markdown" {
                markdown(&what, &stdout);
            }
            if done && format == "table" && matches!(form[0], "get" | "variant-for-user") {
                aligned(&what, &stdout);
            }
        }
    }
}

/// Fails unless it is CSV whose records have as many cells as the header, none of them a formula.
#[track_caller]
pub(super) fn spreadsheet(what: &str, shown: &str) {
    let mut reader = csv::Reader::from_reader(shown.as_bytes());
    let columns = reader.headers().expect("a header").len();
    for record in reader.records() {
        let record = record.unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(record.len(), columns, "{what}");
        for cell in &record {
            let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
            assert!(!formula || cell.trim_end_matches('%').parse::<f64>().is_ok(), "{what}: {cell:?}");
        }
    }
}

/// Fails on a table whose rows have more or fewer cells than its header, and on HTML, images and links outside of a
/// block of code.
#[track_caller]
pub(super) fn markdown(what: &str, shown: &str) {
    let cells = |line: &str| line.replace("\\\\", "").replace("\\|", "").matches('|').count();
    let mut wanted = None;
    let mut fenced = false;
    for line in shown.lines() {
        if line.starts_with("```") || fenced {
            fenced ^= line.starts_with("```");
            continue;
        }
        wanted = if line.starts_with("| ") { wanted.or(Some(cells(line))) } else { None };
        assert!(wanted.is_none_or(|wanted| wanted == cells(line)), "{what}: {line}");
        let bare = line.replace("\\\\", "").replace("<br>", "");
        assert!(!bare.contains('<'), "{what}: HTML in {line}");
        assert!(!bare.replace("\\[", "").contains('['), "{what}: a link in {line}");
        assert!(!line.starts_with("    "), "{what}: a block of code: {line}");
    }
    assert!(!fenced, "{what}: a block of code without an end");
}

/// Tries the commands of these names.
fn try_commands(wanted: impl Fn(&str) -> bool) {
    for (_, forms) in COMMANDS.iter().filter(|(name, _)| wanted(name)) {
        try_all(forms);
    }
}

#[test]
fn list_and_explain() {
    try_commands(|name| ["list", "explain"].contains(&name));
}

#[test]
fn get() {
    try_commands(|name| name == "get");
}

#[test]
fn set_and_unset() {
    try_commands(|name| ["set", "unset"].contains(&name));
}

#[test]
fn check() {
    try_commands(|name| name == "check");
}

#[test]
fn history_undo_and_remove() {
    try_commands(|name| ["history", "undo", "remove"].contains(&name));
}

#[test]
fn bucketing() {
    try_commands(|name| name == "bucketing");
}

#[test]
fn all_other_commands() {
    let others =
        ["bucketing", "list", "explain", "get", "set", "unset", "check", "history", "undo", "remove"];
    try_commands(|name| !others.contains(&name));
}

#[test]
fn what_shells_ask_for() {
    let project = in_ci("");
    for (name, text) in passable() {
        project.write("flags.toml", &flags_with(&String::from_utf8_lossy(&text)));
        let words: [&[&[u8]]; 5] = [
            &[b"get", b""],
            &[b"set", b"v_h", b""],
            &[b"explain", b"h", b"--user", b""],
            &[b"list", b"--owner", b""],
            &[b"get", &text],
        ];
        for words in words {
            let output = run(&project, [&[b"__complete" as &[u8]], words].concat());
            assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), b"" as &[u8]), "{name}");
            let shown = String::from_utf8(output.stdout).expect("UTF-8");
            assert!(shown.lines().all(|line| line.matches('\t').count() <= 1), "{name}: {shown:?}");
            // What a shell makes of a candidate is checked with the shells; nothing of it may drive the terminal.
            inert(&name, &shown.replace('\t', " "));
        }
    }
}

#[test]
fn global_options() {
    try_all(GLOBAL);
}
