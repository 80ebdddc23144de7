//! Files that are as they should be, and one that is not.

use std::fmt::Write as _;

use crate::flagfile::{FlagFile, starter};
use crate::lint::{RULES, Severity};

use super::support::{all, environment};

const SHIPPED: &str = include_str!("../../../flags.toml");

#[test]
fn nothing_is_wrong_with_the_shipped_and_the_starter_file() {
    for text in [SHIPPED, starter()] {
        let file = FlagFile::parse("flags.toml", text.to_owned()).expect("sound");
        let here = environment(&file, ".env", "", &[("FF_SOMETHING_OF_CI", "x"), ("PATH", "/bin")]);
        let found = all(&file, &[here]);
        let wrong: Vec<_> = found.iter().filter(|finding| finding.severity < Severity::Note).collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
        // Segments that only divide a forecast are used by no rule.
        assert!(found.iter().all(|finding| finding.code == "unused-segment"), "{found:#?}");
    }
}

#[test]
fn findings_come_in_the_order_of_the_files() {
    let text = "schema = 1\n[flags]\nb = true\nold = { enabled = true, expires = 2020-01-01 }\n";
    let file = FlagFile::parse("flags.toml", text.to_owned()).expect("sound");
    let here = environment(&file, ".env", "FF_B=huh\n", &[("FF_OLD", "what"), ("FF_OLDS", "on")]);
    let found = all(&file, &[here]);
    let codes: Vec<_> = found.iter().map(|finding| finding.code).collect();
    let expected = [
        "ownerless",
        "undescribed",
        "ownerless",
        "undescribed",
        "expired",
        "unreadable-variable",
        "unreadable-variable",
        "near-miss-variable",
    ];
    assert_eq!(codes, expected);
}

#[test]
fn a_rule_is_as_bad_as_the_table_says() {
    let text = "schema = 1\n[flags]\nb = true\n[segments.s]\n";
    let file = FlagFile::parse("flags.toml", text.to_owned()).expect("sound");
    for finding in all(&file, &[]) {
        let rule = RULES.iter().find(|rule| rule.code == finding.code).expect("a rule");
        assert_eq!(rule.severity, finding.severity);
    }
}

#[test]
fn ten_thousand_flags_are_looked_at_in_one_go() {
    let mut text = String::from("schema = 1\n[flags]\n");
    for number in 0..10_000 {
        writeln!(text, "f{number} = {{ enabled = true, rollout = \"5%\", orgs = [\"o\"] }}")
            .expect("a String takes everything");
    }
    let file = FlagFile::parse("flags.toml", text).expect("sound");
    assert_eq!(all(&file, &[]).len(), 20_000);
}
