//! The looks of every report, pinned in `testdata/`. `FFCTL_BLESS=1 cargo test` writes them anew.

use std::fmt::Write;
use std::path::PathBuf;

use unicode_width::UnicodeWidthStr;

use crate::report::Count;

use super::super::samples::{self, Foreign};
use super::super::{Format, Screen, VariantStream, failure, render};
use super::{all_shown, screen};

fn testdata(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/output/testdata").join(format!("{name}.txt"))
}

#[expect(clippy::disallowed_methods, reason = "a test has no session; the variable only refreshes its data")]
fn bless() -> bool {
    std::env::var_os("FFCTL_BLESS").is_some()
}

pub(super) fn check(name: &str, actual: &str) {
    let path = testdata(name);
    if bless() {
        std::fs::write(&path, actual).expect("testdata can be written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        expected == actual,
        "{name} looks different; see `FFCTL_BLESS=1 cargo test` and git diff:\n{actual}"
    );
}

#[test]
fn every_report_looks_as_pinned() {
    let ascii = Screen { unicode: false, ..screen(Some(80)) };
    let looks = [
        ("80 columns", Format::Table, screen(Some(80))),
        ("140 columns", Format::Table, screen(Some(140))),
        ("a pipe", Format::Table, screen(None)),
        ("80 columns, ASCII", Format::Table, ascii),
        ("markdown", Format::Markdown, screen(None)),
        ("csv", Format::Csv, screen(None)),
        ("jsonl", Format::Jsonl, screen(None)),
        ("name", Format::Name, screen(None)),
    ];
    let mut pages: Vec<(String, String)> = Vec::new();
    for (look, format, screen) in looks {
        for (name, shown) in all_shown(Foreign(None), format, screen) {
            let at = pages.iter().position(|(other, _)| *other == name).unwrap_or_else(|| {
                pages.push((name.clone(), String::new()));
                pages.len() - 1
            });
            let _ = write!(pages[at].1, "=== {look}\n{shown}");
        }
    }
    for (name, page) in pages {
        check(&name, &page);
    }
}

#[test]
fn a_stream_looks_as_pinned() {
    let variants = samples::variants(Foreign(None));
    let mut page = String::new();
    for format in Format::GENERAL {
        let stream = VariantStream::new(format, screen(Some(80)))
            .about(variants.target.clone(), variants.freshness.clone());
        let _ = write!(page, "=== {format}\n{}", stream.header());
        let rows: String = variants.variants.iter().map(|variant| stream.row(variant)).collect();
        page.push_str(stream.first(&rows));
        page.push_str(&stream.end(true));
    }
    check("stream", &page);
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for width in 40..180 {
        for unicode in [true, false] {
            let screen = Screen { unicode, ..screen(Some(width)) };
            for (name, shown) in all_shown(Foreign(None), Format::Table, screen) {
                for line in shown.lines() {
                    assert!(line.width() <= usize::from(width), "{name} at {width}: {line}");
                    assert!(unicode || line.is_ascii(), "{name}: {line}");
                }
            }
        }
    }
}

#[test]
fn a_narrow_terminal_has_numbers_rather_than_bars() {
    let shown = |width| render(&samples::forecast(Foreign(None)), Format::Table, &screen(Some(width)));
    let bars = |shown: &str| shown.lines().filter(|line| line.contains(['━', '═', '┄'])).count();
    assert!(bars(&shown(80)) > bars(&shown(40)), "{}", shown(40));
    // What the bars mean is said only where they are.
    for width in 40..140 {
        let shown = shown(width);
        assert!(shown.contains("+14,972"), "no number is taken apart at {width}: {shown}");
        let by_group = shown.split("\nBy ").nth(1).expect("groups");
        let is_key = |line: &&str| line.contains(" on before") || line.contains(" on after");
        let drawn = by_group.lines().filter(|line| !is_key(line)).any(|line| line.contains(['━', '═', '┄']));
        assert_eq!(by_group.lines().any(|line| is_key(&line)), drawn, "{width}: {shown}");
    }
    // Nothing is lost with them: each number is there, and what has no room is named.
    for number in ["SHARE ON", "GROUP", "JOIN"] {
        let word = number.to_lowercase();
        let narrow = shown(40);
        assert!(narrow.contains(number) || narrow.contains(&word), "{number}: {narrow}");
    }
}

#[test]
fn output_ends_with_one_newline() {
    for format in Format::GENERAL {
        for (name, shown) in all_shown(Foreign(None), format, screen(Some(80))) {
            assert!(shown.ends_with('\n') && !shown.ends_with("\n\n"), "{name} as {format}");
            assert!(!shown.starts_with('\n'), "{name} as {format}");
        }
    }
}

#[test]
fn nothing_to_show_is_said() {
    let mut list = samples::list(Foreign(None));
    (list.target, list.freshness) = (samples::local(), samples::live());
    list.flags.clear();
    let shown = |list: &_| render(list, Format::Table, &screen(Some(80)));
    list.count = Count { total: 10, ..Count::default() };
    assert_eq!(shown(&list), "0 of 10 flags\n");
    list.count = Count::default();
    assert_eq!(shown(&list), "no flags in flags.toml\n");
    let mut variants = samples::variants(Foreign(None));
    variants.variants.clear();
    assert_eq!(render(&variants, Format::Table, &screen(Some(80))), "no experiments\n");
    assert_eq!(render(&variants, Format::Name, &screen(None)), "");
}

#[test]
fn a_caret_stands_under_its_mistake() {
    let mut report = samples::failure(Foreign(None));
    report.error.diagnostics.truncate(1);
    let mut shown = |text: &str, column, width, columns| {
        let diagnostic = &mut report.error.diagnostics[0];
        (diagnostic.text, diagnostic.column, diagnostic.width) = (text.to_owned(), column, width);
        let shown = failure(&report, false, &screen(columns));
        let lines: Vec<&str> = shown.lines().collect();
        let caret = lines.iter().position(|line| line.contains('^')).expect("a caret");
        let (line, under) = (lines[caret - 1].to_owned(), lines[caret]);
        let from = under.find('^').expect("a caret");
        // The gutter holds a bar of three bytes and one column.
        let from = from - 2;
        let mut seen = String::new();
        let mut before = 0;
        for c in line.chars() {
            if before >= from && before < from + under.matches('^').count() {
                seen.push(c);
            }
            before += c.to_string().width();
        }
        seen
    };
    assert_eq!(shown("rollout = 0.25", 11, 4, None), "0.25");
    assert_eq!(shown("\t日本 = \"x\" # y", 7, 3, Some(80)), "\"x\"");
    assert_eq!(shown("a\u{1b}b = tru", 7, 3, Some(80)), "tru");
    assert_eq!(
        shown(&format!("{} = flase # {}", "k".repeat(300), "c".repeat(300)), 304, 5, Some(80)),
        "flase"
    );
    assert_eq!(shown("short", 6, 1, Some(80)), "");
}
