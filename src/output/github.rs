//! Workflow commands of GitHub Actions: annotations that stand beside the code.
//!
//! Escaping as GitHub's toolkit does it (`@actions/core`, `command.ts`): `%`, carriage return and line feed
//! everywhere, in properties `:` and `,` as well.

use std::fmt::Write;

use crate::layer::Origin;

use super::sanitize::sanitize;

/// How bad what is annotated is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    /// Fails the gate.
    Error,
    /// Is as it should be.
    Notice,
}

impl Level {
    const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Notice => "notice",
        }
    }
}

/// Returns one annotation as a line; at a place in a file it stands beside that line.
pub(super) fn annotation(level: Level, title: &str, origin: Option<&Origin>, message: &str) -> String {
    let mut properties = String::new();
    if let Some(Origin::File { file, line, column }) = origin {
        // Writing to a string cannot fail.
        let _ = write!(properties, "file={},line={line},col={column},", property(file));
    }
    let _ = write!(properties, "title={}", property(title));
    format!("::{} {properties}::{}\n", level.word(), data(message))
}

/// Returns a line of the log that is no command.
pub(super) fn line(text: &str) -> String {
    let text = plain(text);
    let lead = if text.trim_start().starts_with("::") { "\\" } else { "" };
    format!("{lead}{text}\n")
}

/// Returns text without anything that a terminal obeys or hides, and without the commands of earlier runners, which
/// count anywhere in a line.
fn plain(text: &str) -> String {
    sanitize(text).replace("##[", "##\\[")
}

fn data(text: &str) -> String {
    plain(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_foreign_ends_a_property_or_a_command() {
        let origin = Origin::File { file: "a,b:c\n.toml".into(), line: 3, column: 7 };
        let shown =
            annotation(Level::Error, "t%,:", Some(&origin), "x>=25%: a,b\n::error::##[group]\u{1b}[0m");
        assert_eq!(
            shown,
            "::error file=a%2Cb%3Ac\\n.toml,line=3,col=7,title=t%25%2C%3A::\
             x>=25%25: a,b\\n::error::##\\[group]\\u{1b}[0m\n"
        );
        assert_eq!(annotation(Level::Notice, "t", None, "m"), "::notice title=t::m\n");
    }

    #[test]
    fn a_line_is_no_command() {
        assert_eq!(line("::error::x ##[y]"), "\\::error::x ##\\[y]\n");
        assert_eq!(line("100% fine"), "100% fine\n");
    }
}
