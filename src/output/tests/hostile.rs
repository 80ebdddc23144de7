//! Hostile strings in every field that comes from outside, through every human format of every report.

use std::sync::LazyLock;

use regex::Regex;
use unicode_width::UnicodeWidthStr;

use super::super::document::{Block, Text};
use super::super::samples::{self, Foreign};
use super::super::sanitize::is_hidden;
use super::super::table;
use super::super::width::measure;
use super::super::{Format, Screen, VariantStream, render};
use super::{ForEach, all_json, all_shown, for_each, screen};
use crate::output::Present;

/// The strings of `tests/hostile/strings.toml`: they have broken terminals, logs, spreadsheets or tables somewhere.
pub(in crate::output) fn hostile() -> Vec<String> {
    let table: toml::Table = include_str!("../../../tests/hostile/strings.toml").parse().expect("TOML");
    let text = |value: &toml::Value| value.as_str().expect("text").to_owned();
    let plain = table["strings"].as_table().expect("a table").values().map(text);
    let repeated = table["repeated"].as_table().expect("a table").values().map(|parts| {
        let times = parts[1].as_integer().and_then(|times| usize::try_from(times).ok());
        text(&parts[0]).repeat(times.expect("a small number"))
    });
    plain.chain(repeated).collect()
}

/// Fails on a character that a terminal would obey or hide.
pub(in crate::output) fn harmless(what: &str, shown: &str) {
    static OTHER: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(&format!("[^\n{PLAIN}]")).expect("a pattern"));
    for found in OTHER.find_iter(shown) {
        let c = found.as_str().chars().next().expect("one character");
        let before = || shown[..found.start()].chars().next_back().is_some_and(|before| !before.is_ascii());
        assert!(!is_hidden(c) || (c == '\u{fe0f}' && before()), "{what} shows {c:?}:\n{shown}");
    }
}

/// What is mostly shown, as a class of a pattern, and never hidden.
const PLAIN: &str = " -~\u{2500}-\u{257f}·→…";

/// Fails on a line that GitHub's runner would obey.
fn unarmed(what: &str, shown: &str) {
    static COMMAND: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?m)^\s*::|##\[").expect("a pattern"));
    if let Some(found) = COMMAND.find(shown) {
        panic!("{what}: {:?} in\n{shown}", found.as_str());
    }
}

/// Tells whether a line takes at most this many columns. No character takes more than it has bytes.
fn fits(line: &str, columns: usize) -> bool {
    line.len() <= columns || (!line.is_ascii() && line.width() <= columns)
}

#[test]
fn nothing_plain_is_hidden() {
    let plain = Regex::new(&format!("[{PLAIN}]")).expect("a pattern");
    let all = ('\0'..=char::MAX).filter(|c| plain.is_match(c.encode_utf8(&mut [0; 4])));
    assert!(all.clone().count() > 200 && all.clone().all(|c| !is_hidden(c)));
    assert!(!all.map(|c| c.to_string()).any(|c| c.width() > c.len()));
}

#[test]
fn there_are_enough() {
    assert!(hostile().len() >= 100);
}

#[test]
fn nothing_hostile_is_shown_in_a_log() {
    let ci = Screen { ci: true, ..screen(None) };
    for text in hostile() {
        for format in Format::GENERAL {
            for (name, shown) in all_shown(Foreign(Some(&text)), format, ci) {
                let what = format!("{name} as {format} with {text:?}");
                harmless(&what, &shown);
                unarmed(&what, &shown);
            }
        }
    }
}

#[test]
fn nothing_hostile_is_shown_on_a_terminal() {
    let narrow_ci = Screen { ci: true, unicode: false, ..screen(Some(80)) };
    for text in hostile() {
        for screen in [screen(Some(80)), narrow_ci] {
            for (name, shown) in all_shown(Foreign(Some(&text)), Format::Table, screen) {
                let what = format!("{name} at 80 with {text:?}");
                harmless(&what, &shown);
                if screen.ci {
                    unarmed(&what, &shown);
                }
                for line in shown.lines() {
                    assert!(name == "get_one" || fits(line, 80), "{what}: {line}");
                }
            }
        }
    }
}

#[test]
fn streams_show_nothing_hostile() {
    let ci = Screen { ci: true, ..screen(None) };
    for text in hostile() {
        let variants = samples::variants(Foreign(Some(&text))).variants;
        for format in Format::GENERAL {
            let stream = VariantStream::new(format, ci);
            let mut shown = stream.header();
            for variant in &variants {
                shown.push_str(&stream.row(variant));
            }
            shown.push_str(&stream.end(true));
            let what = format!("stream as {format} with {text:?}");
            harmless(&what, &shown);
            unarmed(&what, &shown);
        }
    }
}

#[test]
fn tables_stay_aligned() {
    struct Aligned<'a>(&'a str, Screen);
    impl ForEach for Aligned<'_> {
        fn with<R: Present>(&mut self, name: &str, report: &R) {
            for block in report.document().blocks {
                let Block::Table(mut table) = block else { continue };
                // What folds below a row is a list, not a table.
                table.rows.iter_mut().for_each(|row| row.below.clear());
                table.columns.iter_mut().for_each(|column| column.fold = None);
                let lines = table::lines(&table, self.1);
                let widths: Vec<usize> = lines.iter().map(measure).collect();
                let shown: Vec<String> = lines.iter().map(plain).collect();
                assert!(
                    widths.windows(2).all(|pair| pair[0] == pair[1]),
                    "{name} with {:?}: {shown:#?}",
                    self.0
                );
            }
        }
    }
    for text in hostile() {
        for (width, ci) in [(Some(80), false), (Some(140), true), (None, false)] {
            for_each(Foreign(Some(&text)), &mut Aligned(&text, Screen { ci, ..screen(width) }));
        }
    }
}

fn plain(line: &Text) -> String {
    line.spans.iter().map(|span| span.text.as_str()).collect()
}

#[test]
fn json_keeps_the_data() {
    for text in hostile() {
        for (schema, plain, shown) in all_json(Foreign(Some(&text))) {
            harmless(schema, &shown);
            let mut read: serde_json::Value = serde_json::from_str(&shown).expect("JSON");
            let tag = read.as_object_mut().and_then(|object| object.shift_remove("schema"));
            assert_eq!(tag.as_ref().and_then(serde_json::Value::as_str), Some(schema));
            assert_eq!(read, plain, "{schema} with {text:?}");
        }
    }
}

#[test]
fn csv_reads_back_with_as_many_columns() {
    for text in hostile() {
        let shown = render(&samples::list(Foreign(Some(&text))), Format::Csv, &screen(None));
        let mut reader = csv::Reader::from_reader(shown.as_bytes());
        let columns = reader.headers().expect("a header").len();
        for record in reader.records() {
            let record = record.expect("a record of as many cells");
            assert_eq!(record.len(), columns);
            for cell in &record {
                let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
                assert!(!formula || cell.trim_end_matches('%').parse::<f64>().is_ok(), "{cell:?}");
            }
        }
    }
}
