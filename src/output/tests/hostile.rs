//! Hostile strings in every field that comes from outside, through every human format of every report.

use unicode_width::UnicodeWidthStr;

use super::super::document::{Block, Text};
use super::super::samples::{self, Foreign};
use super::super::sanitize::is_hidden;
use super::super::table;
use super::super::width::measure;
use super::super::{Format, Screen, VariantStream, render};
use super::{ForEach, all_json, all_shown, for_each, screen};
use crate::output::Present;

/// More than a hundred strings that have broken terminals, logs, spreadsheets or tables somewhere.
pub(super) fn hostile() -> Vec<String> {
    let mut all: Vec<String> = [
        // Escape sequences: colours, cursor, title, clipboard (OSC 52), links (OSC 8), answers, modes.
        "\u{1b}[31mred\u{1b}[0m",
        "\u{1b}[2J\u{1b}[H",
        "\u{1b}[1A\u{1b}[2K",
        "\u{1b}[999;999H",
        "\u{1b}]0;title\u{7}",
        "\u{1b}]52;c;cm0gLXJm\u{7}",
        "\u{1b}]8;;https://evil.example\u{1b}\\click\u{1b}]8;;\u{1b}\\",
        "\u{1b}c",
        "\u{1b}[6n",
        "\u{1b}[?1049h",
        "\u{1b}P+q544e\u{1b}\\",
        "\u{1b}_Gf=24;AAAA\u{1b}\\",
        "\u{1b}^pm\u{1b}\\",
        "\u{1b}[200~rm\u{1b}[201~",
        "\u{1b}#8",
        "\u{1b}(0lqk",
        "\u{1b}[38;5;196mx",
        "\u{1b}[38;2;1;2;3mx",
        "\u{1b}[8mhidden",
        "\u{1b}",
        "x\u{1b}[",
        "\u{1b}]1337;File=:AA\u{7}",
        "\u{1b}[3J",
        "\u{1b}[5m",
        "\u{1b}[>c",
        "\u{1b}[!p",
        "\u{1b}%G",
        "\u{1b}[0 q",
        // C1 in one character.
        "\u{9b}31mred",
        "\u{9d}0;title\u{9c}",
        "\u{90}q\u{9c}",
        "\u{84}",
        "\u{85}",
        "\u{8d}",
        "\u{98}x\u{9c}",
        "\u{9e}x",
        "\u{9f}x",
        // Controls.
        "\0",
        "a\0b",
        "\u{7}",
        "\u{8}\u{8}\u{8}",
        "line\rother",
        "line\nother",
        "\r\n",
        "\t",
        "a\tb\tc",
        "\u{b}",
        "\u{c}",
        "\u{e}",
        "\u{f}",
        "\u{7f}",
        "\u{1}\u{2}\u{3}",
        "\u{1a}",
        "\u{13}",
        "\n\n\n",
        "a\n::error::b",
        "\u{1c}\u{1d}\u{1e}\u{1f}",
        // Bidirectional controls, and text that runs to the left.
        "\u{202e}gnp.exe",
        "\u{202a}\u{202b}\u{202d}\u{202c}",
        "\u{2066}x\u{2069}",
        "\u{2067}x\u{2069}",
        "\u{2068}x\u{2069}",
        "\u{200e}",
        "\u{200f}",
        "\u{61c}",
        "שלום עולם",
        "مرحبا لا",
        "a\u{202e}b\u{202c}c",
        // Zero-width, invisible and tag characters.
        "ad\u{200b}min",
        "ad\u{200c}min",
        "ad\u{200d}min",
        "ad\u{2060}min",
        "\u{feff}bom",
        "so\u{ad}ft",
        "\u{180e}",
        "\u{34f}",
        "\u{3164}",
        "\u{ffa0}",
        "\u{115f}\u{1160}",
        "\u{17b4}",
        "\u{e0001}\u{e0041}\u{e007f}",
        "a\u{fe00}",
        "a\u{fe0f}",
        "a\u{e0100}b\u{e01ef}c",
        "\u{2028}",
        "\u{2029}",
        "\u{fff9}a\u{fffa}b\u{fffb}",
        "\u{2061}\u{2062}\u{2063}\u{2064}",
        "\u{206a}\u{206f}",
        "\u{1d173}x\u{1d17a}",
        "\u{fdd0}",
        "\u{ffff}",
        "\u{10ffff}",
        "\u{13430}",
        "\u{1bca0}",
        "\u{600}1",
        // Wide, combining, emoji.
        "日本語の旗",
        "ｆｕｌｌ",
        "e\u{301}",
        "\u{301}leading",
        "Z\u{351}\u{36b}\u{343}\u{30f}\u{334}\u{315}\u{321}\u{32b}\u{359}algo",
        "👩\u{200d}💻",
        "👍🏽",
        "🇨🇭🇱🇮",
        "❤\u{fe0f}",
        "1\u{fe0f}\u{20e3}",
        "🏴\u{e0067}\u{e0062}\u{e007f}",
        "नमस्ते",
        "กำ",
        "한국어",
        "\u{1112}\u{1161}\u{11ab}",
        "日",
        "⏳⌛",
        "\u{a0}nbsp\u{3000}wide",
        "ﷺ",
        "𒐫",
        // Commands of CI systems.
        "::error::x",
        "::set-output name=a::b",
        "  ::warning::x",
        "::add-mask::a",
        "::stop-commands::t",
        "##[error]x",
        "x ##[group]y",
        "##vso[task.setvariable]x",
        ":",
        "::",
        ":::",
        ": :",
        "\u{3000}::error::x",
        "\\::error::",
        // Spreadsheets, CSV, Markdown, HTML.
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(1)",
        "=cmd|' /C calc'!A0",
        "\t=1",
        "\r=1",
        "＝1+1",
        "a,b",
        "a\"b",
        "\"",
        "a;b",
        "'",
        "|",
        "a|b",
        "`a`",
        "``",
        "<script>alert(1)</script>",
        "<!--",
        "&lt;",
        "[x](javascript:y)",
        "![x](y)",
        "**x**",
        "_x_",
        "~~x~~",
        "\\",
        "\\|",
        "# x",
        "- x",
        "> x",
        "---",
        "```",
        "$x$",
        "<br>",
        // Empty and blank.
        "",
        " ",
        "   ",
        " x ",
        "a  b",
        "%s%n",
        "{}",
        "${x}",
        "$(x)",
        "../../etc/passwd",
    ]
    .iter()
    .map(|text| (*text).to_owned())
    .collect();
    all.push("x".repeat(500));
    all.push("日".repeat(200));
    all.push("word ".repeat(100));
    all.push(format!("z{}", "\u{301}".repeat(200)));
    all.push("\u{1b}[31m".repeat(40));
    all
}

/// Fails on a character that a terminal would obey or hide.
pub(super) fn harmless(what: &str, shown: &str) {
    let mut previous = ' ';
    for c in shown.chars() {
        let emoji = c == '\u{fe0f}' && !previous.is_ascii();
        assert!(c == '\n' || emoji || !is_hidden(c), "{what} shows {c:?}:\n{shown}");
        previous = c;
    }
}

/// Fails on a line that GitHub's runner would obey.
fn unarmed(what: &str, shown: &str) {
    for line in shown.lines() {
        assert!(!line.trim_start().starts_with("::"), "{what}: {line}");
        assert!(!line.contains("##["), "{what}: {line}");
    }
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
                assert!(
                    !screen.ci || shown.lines().all(|line| !line.trim_start().starts_with("::")),
                    "{what}"
                );
                for line in shown.lines() {
                    assert!(name == "get_one" || line.width() <= 80, "{what}: {line}");
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
