//! `.env` files: only their `FF_*` lines are read, each with its place.

use std::ops::Range;

/// One `FF_*` line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DotenvEntry {
    /// The variable.
    pub name: String,
    /// Its value, unquoted.
    pub value: String,
    /// Line, from 1.
    pub line: usize,
    /// The bytes of the value in the file, quotes included.
    pub span: Range<usize>,
}

/// An `FF_*` line that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct DotenvError {
    /// Line, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

/// Reads the `FF_*` lines of a `.env` file: `NAME=value`, optionally after `export`, the value bare (up to
/// ` #` or the line's end), in single quotes (as it is) or in double quotes (with `\"`, `\\`, `\n`, `\r`,
/// `\t`). Of a name given twice the last line counts, as in a shell; both are returned.
///
/// # Errors
/// When a quote of an `FF_*` line is not closed on its line, or something follows it.
pub fn parse_dotenv(text: &str) -> Result<Vec<DotenvEntry>, DotenvError> {
    let mut entries = Vec::new();
    let mut start = 0;
    for (index, whole) in text.split_inclusive('\n').enumerate() {
        let line = whole.trim_end_matches(['\n', '\r']);
        if let Some(entry) = parse_line(line, start, index + 1)? {
            entries.push(entry);
        }
        start += whole.len();
    }
    Ok(entries)
}

fn parse_line(line: &str, start: usize, number: usize) -> Result<Option<DotenvEntry>, DotenvError> {
    let wrong = |message: &str| DotenvError { line: number, message: message.to_owned() };
    let content = line.trim_start_matches(['\u{feff}', ' ', '\t']);
    let content = match content.strip_prefix("export") {
        Some(rest) if rest.starts_with([' ', '\t']) => rest.trim_start(),
        _ => content,
    };
    let Some((name, rest)) = content.split_once('=') else { return Ok(None) };
    let name = name.trim_end();
    if !name.starts_with("FF_") || name.contains(char::is_whitespace) {
        return Ok(None);
    }
    let raw = rest.trim_start_matches([' ', '\t']);
    let offset = start + (line.len() - raw.len());
    let (value, length) = match raw.chars().next() {
        Some('\'') => {
            let end = raw[1..].find('\'').ok_or_else(|| wrong("the single quote is not closed"))?;
            (raw[1..=end].to_owned(), end + 2)
        }
        Some('"') => double_quoted(raw).ok_or_else(|| wrong("the double quote is not closed"))?,
        _ => {
            let end = raw.find(" #").or_else(|| raw.find("\t#")).unwrap_or(raw.len());
            let bare = if raw.starts_with('#') { "" } else { raw[..end].trim_end() };
            (bare.to_owned(), bare.len())
        }
    };
    let after = raw[length..].trim_start();
    if !after.is_empty() && !after.starts_with('#') {
        return Err(wrong("something follows the closing quote"));
    }
    Ok(Some(DotenvEntry { name: name.to_owned(), value, line: number, span: offset..offset + length }))
}

/// Returns the text of a double-quoted value and how many bytes it takes with its quotes.
fn double_quoted(raw: &str) -> Option<(String, usize)> {
    let mut value = String::new();
    let mut characters = raw.char_indices().skip(1);
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some((value, at + 1)),
            '\\' => match characters.next()?.1 {
                'n' => value.push('\n'),
                'r' => value.push('\r'),
                't' => value.push('\t'),
                other @ ('"' | '\\' | '$') => value.push(other),
                other => value.extend(['\\', other]),
            },
            other => value.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<(String, String)> {
        let entries = parse_dotenv(text).expect("readable");
        entries.into_iter().map(|entry| (entry.name, entry.value)).collect()
    }

    #[test]
    fn only_ff_lines_are_read() {
        let text = "\u{feff}# a comment\r\nSECRET=x\nFF_A=true\r\nexport FF_B = '25%' # why\nFF_C=\"a\\\"b\"\nFF_D=\nFF_E=x#y # z\nOTHER='open\n";
        let expected = [("FF_A", "true"), ("FF_B", "25%"), ("FF_C", "a\"b"), ("FF_D", ""), ("FF_E", "x#y")];
        let expected: Vec<_> = expected.map(|(n, v)| (n.to_owned(), v.to_owned())).into();
        assert_eq!(values(text), expected);
    }

    #[test]
    fn spans_cover_the_value_with_its_quotes() {
        let text = "A=1\r\nexport FF_B = '25%' # why\r\nFF_C=on\r\n";
        let spans: Vec<_> =
            parse_dotenv(text).expect("readable").into_iter().map(|e| &text[e.span]).collect();
        assert_eq!(spans, ["'25%'", "on"]);
    }

    #[test]
    fn an_open_quote_names_its_line() {
        let error = parse_dotenv("\nFF_A='x\n").expect_err("open");
        assert_eq!((error.line, error.message.as_str()), (2, "the single quote is not closed"));
        assert!(parse_dotenv("FF_A=\"x\" y").is_err());
        assert_eq!(values("FF_A=# nothing"), [("FF_A".to_owned(), String::new())]);
    }
}
