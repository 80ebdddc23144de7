//! Changing one variable of a `.env` file: every other byte stays as it was.

use crate::layer::{DotenvError, parse_dotenv};

/// What to do with a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvEdit {
    /// The variable.
    pub name: String,
    /// Its new value; none takes every line of it out.
    pub value: Option<String>,
}

/// Returns the text with the edits made: the last line of a variable changes its value (earlier ones do not
/// count and stay), a new variable comes at the end, with the line ends that the file already has.
///
/// # Errors
/// Every `FF_*` line of the file that cannot be read.
pub fn edit_env_file(text: &str, edits: &[EnvEdit]) -> Result<String, Vec<DotenvError>> {
    let mut text = text.to_owned();
    for edit in edits {
        let entries = parse_dotenv(&text)?;
        let mut lines = entries.iter().filter(|entry| entry.name == edit.name);
        if let Some(value) = &edit.value {
            match lines.next_back() {
                Some(entry) => {
                    // Of `FF_A=# none` the comment must not become part of the value.
                    let glued = if text[entry.span.end..].starts_with('#') { " " } else { "" };
                    text.replace_range(entry.span.clone(), &format!("{value}{glued}"));
                }
                None => append(&mut text, &format!("{}={value}", edit.name)),
            }
        } else {
            let numbers: Vec<usize> = lines.map(|entry| entry.line).collect();
            let kept = text.split_inclusive('\n').enumerate();
            let kept = kept.filter(|(at, _)| !numbers.contains(&(at + 1)));
            text = kept.map(|(_, line)| line).collect();
        }
    }
    Ok(text)
}

fn append(text: &mut String, line: &str) {
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    if !text.is_empty() && !text.ends_with('\n') {
        text.push_str(end);
    }
    text.push_str(line);
    text.push_str(end);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(text: &str, name: &str, value: Option<&str>) -> String {
        let edit = EnvEdit { name: name.to_owned(), value: value.map(str::to_owned) };
        edit_env_file(text, &[edit]).expect("readable")
    }

    #[test]
    fn only_the_value_changes() {
        let text = "# mine\r\nA='x'\r\nexport FF_A = \"on\"  # why\r\nFF_B=1\r\n";
        let expected = "# mine\r\nA='x'\r\nexport FF_A = 25%  # why\r\nFF_B=1\r\n";
        assert_eq!(edited(text, "FF_A", Some("25%")), expected);
        assert_eq!(edited(text, "FF_A", None), "# mine\r\nA='x'\r\nFF_B=1\r\n");
    }

    #[test]
    fn a_new_variable_comes_last() {
        assert_eq!(edited("A=1", "FF_B", Some("true")), "A=1\nFF_B=true\n");
        assert_eq!(edited("A=1\r\n", "FF_B", Some("true")), "A=1\r\nFF_B=true\r\n");
        assert_eq!(edited("", "FF_B", Some("true")), "FF_B=true\n");
    }

    #[test]
    fn the_line_that_counts_is_the_one_that_changes() {
        assert_eq!(edited("FF_A=1\nFF_A=0\n", "FF_A", Some("true")), "FF_A=1\nFF_A=true\n");
        assert_eq!(edited("FF_A=1\nFF_A=0\n", "FF_A", None), "");
        assert_eq!(edited("FF_A=\n", "FF_A", Some("on")), "FF_A=on\n");
        assert_eq!(edited("FF_A=# none\n", "FF_A", Some("on")), "FF_A=on # none\n");
    }
}
