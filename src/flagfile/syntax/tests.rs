//! The tree against the `toml` crate's own, and recovery.

use std::fmt::Write as _;

use proptest::prelude::*;
use toml::de::{DeTable, DeValue};

use super::*;

/// Tells whether a value of ours says what the `toml` crate read.
fn agrees(tree: &Tree<'_>, ours: &Data<'_>, theirs: &DeValue<'_>) -> bool {
    match (ours, theirs) {
        (Data::Text(a), DeValue::String(b)) => a == b,
        (Data::Integer(a), DeValue::Integer(b)) => *a == i64::from_str_radix(b.as_str(), b.radix()).ok(),
        (Data::Float(a), DeValue::Float(b)) => {
            b.as_str().parse::<f64>().is_ok_and(|b| a.to_bits() == b.to_bits())
        }
        (Data::Boolean(a), DeValue::Boolean(b)) => a == b,
        (Data::Datetime(a), DeValue::Datetime(b)) => a == b,
        (Data::List(a) | Data::Tables(a), DeValue::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| agrees(tree, &a.data, b.get_ref()))
        }
        (Data::Table(a), DeValue::Table(b)) => table_agrees(tree, *a, b),
        _ => false,
    }
}

fn table_agrees(tree: &Tree<'_>, ours: TableId, theirs: &DeTable<'_>) -> bool {
    let ours = tree.table(ours);
    ours.entries.len() == theirs.len()
        && ours.entries.iter().all(|entry| {
            theirs
                .get(entry.key.as_ref())
                .is_some_and(|value| agrees(tree, &entry.value.data, value.get_ref()))
        })
}

/// Returns the lines of mistakes and the keys of the file that were read all the same.
fn read(text: &str) -> (Vec<String>, Vec<String>) {
    let (tree, mut mistakes) = parse(text);
    mistakes.sort_by_key(|mistake| mistake.span);
    let mistakes = mistakes
        .iter()
        .map(|m| format!("{}: {:?} {}", tree.line(m.span.start), m.span.of(text), m.message))
        .collect();
    let keys = tree.table(Tree::ROOT).entries.iter().map(|entry| entry.key.to_string()).collect();
    (mistakes, keys)
}

#[test]
fn one_broken_statement_costs_only_itself() {
    for (text, mistakes, keys) in [
        ("a = 1\nb\nc = 3\n", &["2: \"b\" `b` has no `=`"][..], &["a", "b", "c"][..]),
        ("a = [1,\nb = 2\nc = 3\n", &["1: \"[\" the list has no `]`"], &["a", "b", "c"]),
        ("a = { x = 1\nb = 2\n[c]\n", &["1: \"{\" the table has no `}`"], &["a", "b", "c"]),
        ("a = \"\"\"x\ny\nb = 2\n", &["1: \"\\\"\\\"\\\"x\" the text has no end"], &["a", "b"]),
        ("a = \"x\nb = 2\n", &["1: \"\\\"x\" the text has no end"], &["a", "b"]),
        ("[a\nx = 1\n[b]\n", &["1: \"[a\" the header has no `]`"], &["a", "b"]),
        (
            "a = 1\n] x\nb = 2\n",
            &["2: \"] x\" the line starts with nothing that could be a key"],
            &["a", "b"],
        ),
        ("= 1\nb = 2\n", &["1: \"\" a key is missing"], &["b"]),
        ("a =\nb = 2\n", &["1: \"\" the value is missing"], &["a", "b"]),
        (
            "a = tru\nb = [tru, on]\n",
            &["1: \"tru\" `tru` is no value", "2: \"tru\" `tru` is no value", "2: \"on\" `on` is no value"],
            &["a", "b"],
        ),
    ] {
        let read = read(text);
        assert_eq!(
            (&read.0[..], &read.1[..]),
            (
                &mistakes.iter().map(|m| (*m).to_owned()).collect::<Vec<_>>()[..],
                &keys.iter().map(|m| (*m).to_owned()).collect::<Vec<_>>()[..]
            ),
            "{text}"
        );
    }
}

#[test]
fn a_byte_order_mark_stands_only_at_the_start() {
    assert!(read("\u{feff}[a]\nb = 1\n").0.is_empty());
    assert!(!read("[a]\n\u{feff}").0.is_empty());
}

/// Returns a file of many pieces; `tricky` are values of several lines of which some look like statements.
fn large(tricky: &[&str]) -> String {
    let mut text = String::from("\u{feff}# top\n");
    for number in 0..2000 {
        let value = tricky[number % tricky.len()];
        write!(text, "[flags.f{number}]\nx = true\ny = \"text\"\nz = [\"a\", \"b\"]\n{value}")
            .expect("a String takes everything");
    }
    text
}

#[test]
fn a_large_file_read_in_pieces_is_read_as_one() {
    let plain = ["d = 1 # one\n", "\n\n# a comment\n", "d = [\n  1,\n]\n", "e = { a.b = 1 }\r\n"];
    let tricky = [
        "d = \"\"\"\n[flags]\nx = true\n\"\"\" # end\n",
        "d = [\n\"a\",\n[1]\n, # why\n]\n",
        "d = ''' '''\n",
    ];
    for text in [large(&plain), large(&tricky)] {
        let (tree, mistakes) = parse(&text);
        let theirs = DeTable::parse(&text).expect("it is TOML");
        assert_eq!(mistakes, []);
        assert!(table_agrees(&tree, Tree::ROOT, theirs.get_ref()));
    }
}

/// Pieces out of which texts are put together that are often, but not always, TOML.
fn piece() -> impl Strategy<Value = String> {
    let fixed = [
        "a",
        "b",
        "c",
        "\"d e\"",
        "'f'",
        ".",
        " = ",
        "=",
        "1",
        "-0x1F",
        "1_000",
        "1.5e3",
        "inf",
        "nan",
        "true",
        "false",
        "\"x\\u00e9\"",
        "'lit'",
        "\"\"\"multi\nline\"\"\"",
        "2027-03-31",
        "2027-03-31T01:02:03Z",
        "07:32:00",
        "[",
        "]",
        "[[",
        "]]",
        "{",
        "}",
        ",",
        "\n",
        "\r\n",
        " # note\n",
        "a = 1\n",
        "b.c = 2\n",
        "[a]\n",
        "[a.b]\n",
        "[[c]]\n",
        "[c.d]\n",
        "x = { a = 1, b.c = 2 }\n",
        "y = [1, [2, 3], { z = 4 }]\n",
        "p = true\n",
        "q = [\"a\", \"b\"]\r\n",
        "r = \"text\"\n",
        "s=2027-02-30\n",
        "t = \"\"\"\n",
        "\"\"\"\n",
        "u = [\n",
        "\u{feff}",
        "é",
        "\t",
        "\\",
        "\r",
        "\u{0}",
    ];
    proptest::sample::select(fixed.to_vec()).prop_map(str::to_owned)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

    #[test]
    fn accepts_and_reads_exactly_what_the_toml_crate_does(pieces in proptest::collection::vec(piece(), 0..14)) {
        let text = pieces.concat();
        let (tree, mistakes) = parse(&text);
        match DeTable::parse(&text) {
            Ok(theirs) => {
                prop_assert!(mistakes.is_empty(), "{text:?}: {mistakes:?}");
                prop_assert!(table_agrees(&tree, Tree::ROOT, theirs.get_ref()), "{text:?}");
            }
            Err(error) => prop_assert!(!mistakes.is_empty(), "{text:?}: {error}"),
        }
    }

    #[test]
    fn never_panics(text in "\\PC{0,60}|[\\[\\]{}=,.\"'a-c\n\r\t #0-9]{0,60}") {
        let (tree, mistakes) = parse(&text);
        for mistake in mistakes {
            let _ = tree.line(mistake.span.start);
        }
    }
}
