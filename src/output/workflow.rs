//! Workflow commands of GitHub Actions, which show beside the code what they are about.
//!
//! The form and its escapes are those of the runner: `%`, line ends, and in properties `:` and `,` as well
//! (<https://docs.github.com/actions/reference/workflow-commands-for-github-actions>).

use super::log_commands::disarmed;
use super::sanitize::sanitize;

/// One annotation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Annotation<'a> {
    /// `error`, `warning` or `notice`.
    pub(super) command: &'static str,
    /// The file, from the root of the repository.
    pub(super) file: Option<&'a str>,
    /// Line, from 1.
    pub(super) line: Option<usize>,
    /// The columns, from 1, of the first and last character.
    pub(super) columns: Option<(usize, usize)>,
    /// Its title.
    pub(super) title: &'a str,
    /// Its text.
    pub(super) message: &'a str,
}

/// Returns an annotation as a line of its own. What a terminal would obey is made visible first.
pub(super) fn annotation(annotation: &Annotation<'_>) -> String {
    let mut properties: Vec<String> = Vec::new();
    properties.extend(annotation.file.map(|file| format!("file={}", property(file))));
    properties.extend(annotation.line.map(|line| format!("line={line}")));
    if let Some((first, last)) = annotation.columns {
        properties.extend([format!("col={first}"), format!("endColumn={last}")]);
    }
    properties.push(format!("title={}", property(annotation.title)));
    let message: Vec<String> = annotation.message.split('\n').map(data).collect();
    format!("::{} {}::{}\n", annotation.command, properties.join(","), message.join("%0A"))
}

fn data(text: &str) -> String {
    // The older form of commands is obeyed anywhere in a line.
    disarmed(&sanitize(text)).replace('%', "%25")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_a_property_or_a_line_is_escaped() {
        let hostile = Annotation {
            command: "error",
            file: Some("a,b:c%.toml"),
            line: Some(3),
            columns: Some((1, 4)),
            title: "x::y",
            message: "100%\nfix: a\r::error::b\u{1b}[31m ##[group]",
        };
        let expected = "::error file=a%2Cb%3Ac%25.toml,line=3,col=1,endColumn=4,title=x%3A%3Ay::\
                        100%25%0Afix: a\\r::error::b\\u{1b}[31m ##\\[group]\n";
        assert_eq!(annotation(&hostile), expected);
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let bare = Annotation { command: "notice", title: "t", message: "m", ..Annotation::default() };
        assert_eq!(annotation(&bare), "::notice title=t::m\n");
    }
}
