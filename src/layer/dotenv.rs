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
    /// The bytes of what is wrong in the file.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: &'static str,
    /// What to write instead.
    pub fix: String,
}

/// Reads the `FF_*` lines of a `.env` file: `NAME=value`, optionally after `export`, the value bare (up to
/// ` #` or the line's end), in single quotes (as it is) or in double quotes (with `\"`, `\\`, `\n`, `\r`,
/// `\t`). Of a name given twice the last line counts, as in a shell; both are returned. A name alone asks for
/// the process's own variable, as it does elsewhere, and says nothing here.
///
/// # Errors
/// Every `FF_*` line with a quote that is not closed on it, something behind its value, or no `=`.
pub fn parse_dotenv(text: &str) -> Result<Vec<DotenvEntry>, Vec<DotenvError>> {
    let mut entries = Vec::new();
    let mut errors = Vec::new();
    let mut start = 0;
    for (index, whole) in text.split_inclusive('\n').enumerate() {
        let line = whole.trim_end_matches(['\n', '\r']);
        match parse_line(line, start, index + 1) {
            Ok(entry) => entries.extend(entry),
            Err(error) => errors.push(error),
        }
        start += whole.len();
    }
    if errors.is_empty() { Ok(entries) } else { Err(errors) }
}

fn parse_line(line: &str, start: usize, number: usize) -> Result<Option<DotenvEntry>, DotenvError> {
    let wrong = |part: &str, at: usize, message: &'static str, fix: String| DotenvError {
        line: number,
        span: start + at..start + at + part.trim_end().len(),
        message,
        fix,
    };
    let content = line.trim_start_matches(['\u{feff}', ' ', '\t']);
    let content = match content.strip_prefix("export") {
        Some(rest) if rest.starts_with([' ', '\t']) => rest.trim_start(),
        _ => content,
    };
    let end = content.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(content.len());
    let (name, rest) = content.split_at(end);
    if !name.starts_with("FF_") {
        return Ok(None);
    }
    let rest = rest.trim_start_matches([' ', '\t']);
    let Some(raw) = rest.strip_prefix('=') else {
        if rest.is_empty() || rest.starts_with('#') {
            return Ok(None);
        }
        let (bare, value) = match name.strip_suffix(':') {
            Some(bare) => (bare, rest),
            None => (name, rest.trim_start_matches([':', ' ', '\t'])),
        };
        let fix = format!("{bare}={}", value.trim_end());
        let at = line.len() - content.len();
        return Err(wrong(content, at, "the variable has no `=`", fix));
    };
    let raw = raw.trim_start_matches([' ', '\t']);
    let offset = line.len() - raw.len();
    let unclosed = |message| {
        let value = raw.trim_start_matches(['\'', '"']).trim_end_matches(['\'', '"']);
        let bare = value.find(" #").map_or(value, |end| &value[..end]).trim();
        Err(wrong(raw, offset, message, format!("{name}={bare}")))
    };
    let (value, length) = match raw.chars().next() {
        Some('\'') => match raw[1..].find('\'') {
            Some(end) => (raw[1..=end].to_owned(), end + 2),
            None => return unclosed("the single quote is not closed"),
        },
        Some('"') => match double_quoted(raw) {
            Some(found) => found,
            None => return unclosed("the double quote is not closed"),
        },
        _ => {
            let end = raw.find(" #").or_else(|| raw.find("\t#")).unwrap_or(raw.len());
            let bare = if raw.starts_with('#') { "" } else { raw[..end].trim_end() };
            (bare.to_owned(), bare.len())
        }
    };
    // A `#` right behind the quote would be part of the value in a shell.
    let blank = raw[length..].starts_with([' ', '\t']);
    let quoted = raw.starts_with(['\'', '"']);
    let after = raw[length..].trim_start();
    if !after.is_empty() && !(after.starts_with('#') && (blank || !quoted)) {
        let at = line.len() - after.len();
        let fix = format!("{name}={}", &raw[..length]);
        return Err(wrong(after, at, "something follows the closing quote", fix));
    }
    let span = start + offset..start + offset + length;
    Ok(Some(DotenvEntry { name: name.to_owned(), value, line: number, span }))
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
    fn every_line_that_cannot_be_read_is_told_at_its_place() {
        let text = "FF_A='x\nFF_B=\"x\" y # z\nFF_C: on\nexport FF_D 25%\nOTHER 'x\nFF_E=\"on\n";
        let errors = parse_dotenv(text).expect_err("broken");
        let told: Vec<_> =
            errors.iter().map(|e| (e.line, &text[e.span.clone()], e.message, e.fix.as_str())).collect();
        let expected = [
            (1, "'x", "the single quote is not closed", "FF_A=x"),
            (2, "y # z", "something follows the closing quote", "FF_B=\"x\""),
            (3, "FF_C: on", "the variable has no `=`", "FF_C=on"),
            (4, "FF_D 25%", "the variable has no `=`", "FF_D=25%"),
            (6, "\"on", "the double quote is not closed", "FF_E=on"),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn a_name_alone_and_a_comment_say_nothing() {
        assert!(parse_dotenv("FF_A='25'#% why").is_err(), "a shell reads 25#%");
        assert_eq!(values("FF_A='25%'\t# why"), [("FF_A".to_owned(), "25%".to_owned())]);
        assert!(values("FF_A\nexport FF_B # from outside\n#FF_C=1\n").is_empty());
        assert_eq!(values("FF_A=# nothing"), [("FF_A".to_owned(), String::new())]);
    }
}
