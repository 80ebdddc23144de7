//! The house: a room imports only rooms below it, and its files stay small.

use std::fs;
use std::path::{Path, PathBuf};

/// The rooms from the top down.
const ROOMS: [&str; 22] = [
    "cmd",
    "cli",
    "server",
    "answer",
    "output",
    "report",
    "check",
    "change",
    "lint",
    "admin",
    "compare",
    "simulate",
    "layer",
    "directory",
    "context",
    "flagfile",
    "net",
    "settings",
    "eval",
    "model",
    "bucket",
    "error",
];

/// Files that anybody below `report` may import: the one error type and its exit codes.
const EVERYWHERE: [&str; 2] = ["error", "exit"];

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder of sources").flatten() {
        let path = entry.path();
        if path.is_dir() {
            all.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            all.push(path);
        }
    }
    all.sort();
    all
}

fn sources() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = files(&root);
    assert!(files.len() > 50, "the sources were found");
    let relative = |path: &Path| path.strip_prefix(&root).expect("below src").to_owned();
    files.iter().map(|path| (relative(path), fs::read_to_string(path).expect("readable"))).collect()
}

fn room_of(path: &Path) -> Option<String> {
    let first = path.components().next()?.as_os_str().to_str()?;
    Some(first.trim_end_matches(".rs").to_owned())
}

/// The names that follow `crate::` anywhere in a file, also in `use crate::{a, b}`.
fn imports(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        let name = |text: &str| -> String {
            text.trim_start().chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
        };
        if let Some(list) = rest.strip_prefix('{') {
            let list = &list[..list.find(';').unwrap_or(list.len())];
            found.extend(list.split(',').map(name));
        } else {
            found.push(name(rest));
        }
    }
    found
}

fn place(room: &str) -> Option<usize> {
    ROOMS.iter().position(|other| *other == room)
}

#[test]
fn imports_run_only_downwards() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let Some(here) = room_of(&path) else { continue };
        let Some(at) = place(&here) else { continue };
        for name in imports(&text) {
            if name == here || EVERYWHERE.contains(&name.as_str()) {
                continue;
            }
            if place(&name).is_some_and(|there| there < at) {
                wrong.push(format!("{} imports {name}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "imports that run up:\n{}", wrong.join("\n"));
}

#[test]
fn the_test_would_notice() {
    assert_eq!(imports("use crate::{eval::World, model::Flag};"), ["eval", "model"]);
    assert_eq!(imports("let x = crate::output::render(a);"), ["output"]);
    assert!(place("model") > place("eval") && place("cmd") < place("output"));
}

#[test]
fn every_folder_is_a_room_with_a_door() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for entry in fs::read_dir(&root).expect("src").flatten().filter(|entry| entry.path().is_dir()) {
        let name = entry.file_name().into_string().expect("a name");
        assert!(ROOMS.contains(&name.as_str()), "`{name}` is no room");
        let door = fs::read_to_string(entry.path().join("mod.rs")).expect("a room has a mod.rs");
        assert!(door.starts_with("//!"), "{name}/mod.rs says what the room is for");
        assert!(!door.contains("fn "), "{name}/mod.rs holds no logic");
    }
}

/// Tests and samples of data may be long.
fn is_test_data(path: &Path) -> bool {
    path.components().any(|part| matches!(part.as_os_str().to_str(), Some("tests" | "tests.rs" | "samples")))
}

#[test]
fn files_hold_one_idea() {
    let large: Vec<_> = sources()
        .into_iter()
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(path, lines)| *lines > 400 && !is_test_data(path))
        .collect();
    assert!(large.is_empty(), "files over 400 lines: {large:?}");
}

#[test]
fn the_process_edge_is_thin() {
    let main = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/main.rs");
    let text = fs::read_to_string(main).expect("main.rs");
    assert!(text.lines().count() <= 30, "main.rs has {} lines", text.lines().count());
}
