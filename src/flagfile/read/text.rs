//! Texts in messages and fixes.

pub(super) use crate::flagfile::quote::quoted;

/// Returns the start of a text, short enough to stand in a message.
pub(super) fn fragment(text: &str) -> String {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Returns the nearest thing to `text` that is a name.
pub(super) fn as_name(text: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-') { c } else { '_' };
    let name: String = text.chars().map(plain).collect();
    let name = if name.starts_with(|c: char| c.is_ascii_alphabetic()) { name } else { format!("x{name}") };
    name.chars().take(128).collect()
}

/// Joins words as `a`, `b` and `c` for a message.
pub(super) fn listed<'n>(words: impl IntoIterator<Item = &'n str>) -> String {
    const MOST: usize = 8;
    let mut all: Vec<String> = words.into_iter().take(MOST + 1).map(|word| format!("`{word}`")).collect();
    if all.len() > MOST {
        "…".clone_into(&mut all[MOST]);
    }
    all.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::FlagName;

    #[test]
    fn whatever_stands_there_becomes_a_name() {
        for text in ["", "9 lives", "ä", "a/b", &"x".repeat(200)] {
            assert!(FlagName::try_from(as_name(text).as_str()).is_ok(), "{text}");
        }
    }
}
