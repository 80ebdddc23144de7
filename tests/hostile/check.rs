//! What may come out.

use std::collections::HashMap;
use std::process::Output;
use std::sync::LazyLock;

use regex::Regex;
use unicode_width::UnicodeWidthStr;

/// What a terminal obeys or hides, by Unicode's own classes: the program has a list of its own.
static HIDDEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]--\n]")
        .expect("a pattern")
});

/// The program's own colours.
const COLOURS: [&str; 11] = ["0", "1", "2", "31", "32", "33", "34", "35", "36", "1;31", "2;9"];

/// Returns what a run wrote, if it is harmless: it ended by itself and without a defect, and nothing on either
/// stream drives a terminal or a CI system.
#[track_caller]
pub(super) fn harmless(what: &str, output: &Output) -> (String, String) {
    let code = output.status.code();
    let text = |bytes: &[u8]| {
        String::from_utf8(bytes.to_vec()).unwrap_or_else(|_| panic!("{what}: no UTF-8: {bytes:?}"))
    };
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    assert!(code.is_some_and(|code| code != 70 && code < 100), "{what}: {code:?}\n{stderr}");
    for shown in [&stdout, &stderr] {
        inert(what, shown);
        unarmed(what, shown);
    }
    (stdout, stderr)
}

/// Fails on a character that a terminal would obey or hide.
#[track_caller]
pub(super) fn inert(what: &str, shown: &str) {
    let mut base = ' ';
    let mut known: HashMap<char, bool> = HashMap::new();
    for (at, c) in shown.char_indices() {
        let plain = c == '\n' || (' '..='~').contains(&c);
        let mut hidden = || *known.entry(c).or_insert_with(|| HIDDEN.is_match(c.encode_utf8(&mut [0; 4])));
        // The selector that makes an emoji of a sign hides nothing.
        let emoji = c == '\u{fe0f}' && !base.is_ascii() && !base.is_alphanumeric();
        assert!(plain || emoji || !hidden(), "{what} shows {c:?} in {:?}", around(shown, at));
        base = c;
    }
}

/// Fails on a line that a CI system would obey: GitHub's, Azure's and `TeamCity`'s commands.
#[track_caller]
pub(super) fn unarmed(what: &str, shown: &str) {
    for line in shown.lines() {
        let own =
            line.starts_with("::error ") || line.starts_with("::warning ") || line.starts_with("::notice ");
        assert!(own || !line.trim_start().starts_with("::"), "{what}: {line:?}");
        for command in ["##[", "##vso[", "##teamcity["] {
            assert!(!line.contains(command), "{what}: {line:?}");
        }
    }
}

/// Takes the program's own colours out; fails on any other escape sequence.
#[track_caller]
pub(super) fn uncoloured(what: &str, shown: &str) -> String {
    let out = |text: String, colour: &str| text.replace(&format!("\u{1b}[{colour}m"), "");
    let plain = COLOURS.into_iter().fold(shown.to_owned(), out);
    inert(what, &plain);
    plain
}

/// Fails where a table's cell runs into the next column: wherever the header's titles begin, every row has a
/// cell that begins, behind two blanks. Returns how many rows were looked at.
#[track_caller]
pub(super) fn aligned(what: &str, shown: &str) -> usize {
    let lines: Vec<&str> = shown.lines().collect();
    let mut rows = 0;
    for (at, rule) in lines.iter().enumerate().filter(|(_, line)| is_rule(line)) {
        let header = lines[at - 1];
        let indent = rule.len() - rule.trim_start().len();
        let starts: Vec<usize> = (1..header.len())
            .filter(|column| header.is_char_boundary(*column) && header[..*column].ends_with("  "))
            .filter(|column| !header[*column..].starts_with(' '))
            .map(|column| header[..column].width())
            .filter(|column| *column > indent)
            .collect();
        for row in lines[at + 1..].iter().take_while(|line| !line.is_empty() && !is_rule(line)) {
            // What had no room beside the others stands below its row, moved in.
            let lead = row.width() - row.trim_start_matches(' ').width();
            if lead > indent && !starts.contains(&lead) {
                continue;
            }
            rows += 1;
            assert!(row.width() <= rule.width(), "{what}: wider than the table: {row:?}");
            let ends: Vec<usize> = row.char_indices().map(|(byte, _)| byte).collect();
            for start in starts.iter().filter(|start| row.width() > **start) {
                // Widths only grow from left to right.
                let first = ends.partition_point(|end| row[..*end].width() < *start);
                let before = ends[first..].iter().map(|end| &row[..*end]);
                let mut before = before.take_while(|before| before.width() == *start);
                assert!(
                    before.any(|before| before.ends_with("  ")),
                    "{what}: column {start} of {row:?}\n{header}"
                );
            }
        }
    }
    rows
}

fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.len() > 3 && line.chars().all(|c| c == '─')
}

fn around(shown: &str, at: usize) -> String {
    let from = shown[..at].rfind('\n').map_or(0, |line| line + 1);
    shown[from..].lines().next().unwrap_or_default().chars().take(300).collect()
}
