//! Whatever stands in the file: no panic, and diagnostics that point into it.

use proptest::prelude::*;
use proptest::sample::Index;

use crate::flagfile::{FlagFile, starter};

const SHIPPED: &str = include_str!("../../../flags.toml");

const PIECES: [&str; 24] = [
    "[",
    "]",
    "[[",
    "{",
    "}",
    "\"",
    "'",
    "\"\"\"",
    "=",
    ".",
    ",",
    "\n",
    "\r",
    "\r\n",
    "#",
    "\\",
    "0",
    "é",
    "\u{202e}",
    "\u{0}",
    "[flags.x]\n",
    "x = 1\n",
    "tru",
    "\u{feff}",
];

/// A change of the text at some place: what to take out, and what to put in.
fn mutation() -> impl Strategy<Value = (Index, usize, &'static str)> {
    (any::<Index>(), 0..30_usize, proptest::sample::select(PIECES.to_vec()))
}

fn mutated(text: &str, mutations: &[(Index, usize, &str)]) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for (at, length, piece) in mutations {
        let at = at.index(characters.len() + 1);
        let end = (at + length).min(characters.len());
        characters.splice(at..end, piece.chars());
    }
    characters.into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_told_what_is_wrong(
        shipped in any::<bool>(), mutations in proptest::collection::vec(mutation(), 1..6),
    ) {
        let text = mutated(if shipped { SHIPPED } else { starter() }, &mutations);
        let lines: Vec<&str> = text.split('\n').collect();
        if let Err(diagnostics) = FlagFile::parse("flags.toml", text.clone()) {
            prop_assert!(!diagnostics.is_empty());
            let mut last = (1, 1);
            for diagnostic in &diagnostics {
                let line = lines.get(diagnostic.line - 1).expect("the line exists");
                let line = line.strip_suffix('\r').unwrap_or(line);
                let line = if diagnostic.line == 1 { line.strip_prefix('\u{feff}').unwrap_or(line) } else { line };
                prop_assert_eq!(&diagnostic.text, line);
                let end = diagnostic.column + diagnostic.width - 1;
                prop_assert!(diagnostic.width >= 1 && end <= line.chars().count() + 1, "{:?}", diagnostic);
                prop_assert!(last <= (diagnostic.line, diagnostic.column), "in the order of the file");
                prop_assert!(diagnostic.fix.as_ref().is_some_and(|fix| !fix.is_empty()));
                last = (diagnostic.line, diagnostic.column);
            }
        }
    }
}
