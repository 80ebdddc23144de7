//! The strings.

use std::collections::BTreeMap;

/// The strings by name, sorted.
pub(super) fn strings() -> Vec<(String, String)> {
    let table: toml::Table = include_str!("strings.toml").parse().expect("TOML");
    let mut all = BTreeMap::new();
    for (name, text) in table["strings"].as_table().expect("a table") {
        all.insert(name.clone(), text.as_str().expect("text").to_owned());
    }
    for (name, parts) in table["repeated"].as_table().expect("a table") {
        let (part, times) = (parts[0].as_str().expect("text"), parts[1].as_integer().expect("a number"));
        all.insert(name.clone(), part.repeat(usize::try_from(times).expect("small")));
    }
    all.into_iter().collect()
}

/// The bytes that are no UTF-8, by name, and with them all strings.
pub(super) fn bytes() -> Vec<(String, Vec<u8>)> {
    let table: toml::Table = include_str!("strings.toml").parse().expect("TOML");
    let mut all: Vec<_> = strings().into_iter().map(|(name, text)| (name, text.into_bytes())).collect();
    for (name, text) in table["bytes"].as_table().expect("a table") {
        let text = text.as_str().expect("text");
        let byte = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).expect("hexadecimal");
        all.push((name.clone(), (0..text.len()).step_by(2).map(byte).collect()));
    }
    all
}

/// Those that can be an argument or the value of a variable.
pub(super) fn passable() -> Vec<(String, Vec<u8>)> {
    bytes().into_iter().filter(|(_, text)| !text.contains(&0)).collect()
}

/// Returns every other one, beginning with the first or the second in turn: processes are what these tests take
/// their time for, and both halves hold some of every kind. `FFCTL_HOSTILE=all` in the environment returns all.
pub(super) fn in_turn<T>(all: impl IntoIterator<Item = T>, turn: usize) -> impl Iterator<Item = (usize, T)> {
    let whole = everything();
    all.into_iter().enumerate().filter(move |(number, _)| whole || number % 2 == turn % 2)
}

#[expect(clippy::disallowed_methods, reason = "a test asks whether to take its time")]
pub(super) fn everything() -> bool {
    std::env::var_os("FFCTL_HOSTILE").is_some_and(|value| value == "all")
}

#[test]
fn there_are_enough() {
    assert!(strings().len() >= 250 && bytes().len() > strings().len() + 10);
    assert!(bytes()[strings().len()..].iter().all(|(_, bytes)| std::str::from_utf8(bytes).is_err()));
}
