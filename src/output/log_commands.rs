//! Commands that CI systems read out of a log: GitHub's `##[error]`, Azure's `##vso[…]` and `TeamCity`'s
//! `##teamcity[…]` stand anywhere in a line. (GitHub's `::error::` stands at its beginning: that is for whoever
//! puts lines together.)

/// Breaks up commands in one text after the other; where two stand side by side in a line, also across them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Disarm(Seen);

/// What of a command stands right before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Seen {
    #[default]
    Nothing,
    OneHash,
    TwoHashes,
    Word,
}

impl Disarm {
    /// Returns the text with `bracket` in place of the `[` of every command.
    pub(super) fn text(&mut self, text: &str, bracket: &str) -> String {
        // Most texts have no command, nor does one reach into them.
        if !text.is_empty() && matches!(self.0, Seen::Nothing | Seen::OneHash) && !text.contains('#') {
            self.0 = Seen::Nothing;
            return text.to_owned();
        }
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            if c == '[' && matches!(self.0, Seen::TwoHashes | Seen::Word) {
                out.push_str(bracket);
            } else {
                out.push(c);
            }
            self.0 = match (self.0, c) {
                (Seen::OneHash | Seen::TwoHashes, '#') => Seen::TwoHashes,
                (_, '#') => Seen::OneHash,
                (Seen::TwoHashes | Seen::Word, c) if c.is_ascii_alphanumeric() => Seen::Word,
                _ => Seen::Nothing,
            };
        }
        out
    }
}

/// Returns a text that stands alone with its commands broken up by a backslash.
pub(super) fn disarmed(text: &str) -> String {
    Disarm::default().text(text, "\\[")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_broken_up_wherever_they_stand() {
        for (text, shown) in [
            ("##[error]x", "##\\[error]x"),
            ("x ##vso[task.x]", "x ##vso\\[task.x]"),
            ("####teamcity[x]", "####teamcity\\[x]"),
            ("#[x] [y] ## [z] ##v so[", "#[x] [y] ## [z] ##v so["),
        ] {
            assert_eq!(disarmed(text), shown);
        }
    }

    #[test]
    fn and_across_two_texts() {
        let mut disarm = Disarm::default();
        assert_eq!(disarm.text("a#", "\\["), "a#");
        assert_eq!(disarm.text("#vs", "\\["), "#vs");
        assert_eq!(disarm.text("o[", "\\["), "o\\[");
    }
}
