//! Writing text and keys as TOML 1.0 has them, on one line.

use std::fmt::Write as _;

/// Returns text in double quotes, everything escaped that TOML 1.0 wants escaped.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            control if control < ' ' || control == '\u{7f}' => {
                write!(out, "\\u{:04X}", u32::from(control)).expect("a String takes everything");
            }
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// Returns a key, in quotes only where it needs them.
pub(super) fn key(text: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !text.is_empty() && text.chars().all(bare) { text.to_owned() } else { quoted(text) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_reads_back_on_one_line(text in "\\PC{0,20}|[\\x00-\\x20\"\\\\\u{7f}]{0,10}") {
            let line = format!("{} = {}", key(&text), quoted(&text));
            prop_assert!(!line.contains(['\n', '\r']));
            let read: toml::Table = toml::from_str(&line).expect("a line of TOML");
            prop_assert_eq!(read.get(&text), Some(&toml::Value::String(text.clone())));
        }
    }
}
