//! Words of a command line that is shown to be typed.

use std::borrow::Cow;

/// Returns a word as a POSIX shell takes it: itself where that is safe, else in single quotes.
pub(super) fn word(text: &str) -> Cow<'_, str> {
    let safe = |c: char| c.is_ascii_alphanumeric() || "_@%+=:,./-".contains(c);
    if !text.is_empty() && text.chars().all(safe) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(format!("'{}'", text.replace('\'', r"'\''")))
}

/// Returns an option with its value, a blank in front; a value that begins like an option stays a value.
pub(super) fn option(name: &str, value: &str) -> String {
    let between = if value.starts_with('-') { '=' } else { ' ' };
    format!(" {name}{between}{}", word(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_stays_one_word() {
        let cases = [
            ("u-42", "u-42"),
            ("25%", "25%"),
            ("", "''"),
            ("a b;rm", "'a b;rm'"),
            ("o'x", r"'o'\''x'"),
            ("~", "'~'"),
            ("$HOME", "'$HOME'"),
            ("größe", "'größe'"),
        ];
        for (text, expected) in cases {
            assert_eq!(word(text), expected);
        }
        assert_eq!(option("--user", "a b"), " --user 'a b'");
        assert_eq!(option("--user", "-x"), " --user=-x");
    }
}
