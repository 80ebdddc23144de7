//! Broken files: what is said about each, pinned in `broken.txt`.

use std::fmt::Write as _;

use crate::flagfile::FlagFile;

const PINNED: &str = include_str!("broken.txt");

/// Returns the mistakes of a text as `broken.txt` has them.
fn mistakes(text: &str) -> String {
    let Err(diagnostics) = FlagFile::parse("flags.toml", text.to_owned()) else { return String::new() };
    let mut out = String::new();
    for d in &diagnostics {
        let fix = d.fix.as_deref().unwrap_or("");
        let message = escape(&format!("{} | {fix}", d.message));
        writeln!(out, "    {}:{}+{}: {message}", d.line, d.column, d.width)
            .expect("a String takes everything");
    }
    out
}

fn escape(text: &str) -> String {
    let special = |c: char| c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}');
    text.chars().map(|c| if special(c) { c.escape_unicode().to_string() } else { c.to_string() }).collect()
}

fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let (character, length) = match rest.as_bytes().get(at + 1) {
            Some(b'n') => ('\n', 2),
            Some(b'r') => ('\r', 2),
            Some(b't') => ('\t', 2),
            Some(b'u') => {
                let end = at + rest[at..].find('}').expect("an escape ends");
                let code = u32::from_str_radix(&rest[at + 3..end], 16).expect("hexadecimal digits");
                (char::from_u32(code).expect("a character"), end + 1 - at)
            }
            _ => ('\\', 2),
        };
        out.push(character);
        rest = &rest[at + length..];
    }
    out + rest
}

fn text_of(case: &str) -> String {
    match case.strip_prefix('!') {
        Some(whole) => unescape(whole),
        None => format!("schema = 1\n{}", unescape(case)),
    }
}

fn cases() -> impl Iterator<Item = &'static str> {
    PINNED.lines().filter(|line| !line.starts_with([' ', '#']))
}

#[test]
fn every_broken_file_is_told_what_to_write() {
    let comments = PINNED.lines().filter(|line| line.starts_with('#'));
    let mut actual = comments.collect::<Vec<_>>().join("\n") + "\n";
    let mut count = 0;
    for case in cases() {
        let found = mistakes(&text_of(case));
        assert!(!found.is_empty(), "no mistake was found in {case}");
        writeln!(actual, "{case}").expect("a String takes everything");
        actual.push_str(&found);
        count += 1;
    }
    assert!(count >= 60, "{count} cases");
    let differs = actual.lines().zip(PINNED.lines()).find(|(actual, pinned)| actual != pinned);
    assert!(actual == PINNED, "first difference: {differs:#?}\n\nall of it:\n{actual}");
}

#[test]
fn line_ends_and_a_byte_order_mark_change_no_place() {
    for case in cases().filter(|case| !case.contains("\\r") && !case.contains("\\u")) {
        let text = text_of(case);
        let windows = format!("\u{feff}{}", text.replace('\n', "\r\n"));
        assert_eq!(mistakes(&text), mistakes(&windows), "{case}");
    }
}

#[test]
fn the_text_of_a_diagnostic_is_the_line_alone() {
    let text = "\u{feff}schema = 1\r\n[flags]\r\n\tx = \"ü\"   # note\r\n";
    let diagnostics = FlagFile::parse("some/flags.toml", text.to_owned()).expect_err("it is broken");
    let [only] = diagnostics.as_slice() else { panic!("{diagnostics:#?}") };
    assert_eq!((only.file.as_str(), only.line, only.column, only.width), ("some/flags.toml", 3, 6, 3));
    assert_eq!(only.text, "\tx = \"ü\"   # note");
}

#[test]
fn many_mistakes_cost_no_more_than_their_number() {
    let mut text = String::from("schema = 1\n[flags]\n");
    for number in 0..3000 {
        writeln!(text, "f{number} = [\nf{number} = {{ enabled = maybe, rollout = 5\n")
            .expect("a String takes everything");
    }
    let diagnostics = FlagFile::parse("flags.toml", text).expect_err("it is broken");
    assert!(diagnostics.len() > 50, "{}", diagnostics.len());
}
