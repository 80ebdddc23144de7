//! What is wrong with the syntax, in words that say what to write.
//!
//! The parser says what it expected; a person wants to know what to change. Its messages are matched by their
//! text; one that is not known here is passed on as it is.

use toml_parser::ParseError;

use crate::flagfile::mistake::Mistake;
use crate::flagfile::position::Span;
use crate::flagfile::quote::quoted;

/// Returns where an error stands, relative to the text that was parsed.
pub(super) fn place(error: &ParseError) -> toml_parser::Span {
    error.unexpected().or(error.context()).unwrap_or_default()
}

/// Tells whether an error is about a single character in a comment or line end, which hides nothing else.
pub(super) fn is_only_a_character(error: &ParseError) -> bool {
    matches!(error.description(), "invalid comment character" | "carriage return must be followed by newline")
}

/// Tells whether a line is a header of which the `[` was forgotten.
pub(super) fn is_header_without_start(line: &str) -> bool {
    !line.starts_with('[') && uncommented(line).ends_with(']') && !line.contains('=')
}

/// Returns the mistake of a statement whose shape is wrong: `span` is the place, `statement` all of it.
pub(super) fn structural(error: &ParseError, span: Span, statement: Span, text: &str) -> Mistake {
    let written = statement.of(text);
    let first_line = written.lines().next().unwrap_or("").trim_end();
    let key = first_line.split(['=', ':', ' ', '\t']).next().unwrap_or("");
    let (span, message, fix) = match error.description() {
        "key with no value" | "missing value for key" => {
            let rest = first_line[key.len()..].trim_start_matches([' ', '\t', ':']).trim_end();
            let rest = rest.split('#').next().unwrap_or("").trim_end();
            let whole = Span::new(statement.start, statement.start + first_line.len());
            if is_header_without_start(first_line) {
                let header = uncommented(first_line).trim_end_matches(']');
                let array = first_line.contains("]]");
                let fix = if array { format!("[[{header}]]") } else { format!("[{header}]") };
                return Mistake::new(whole, "the header has no `[`", fix);
            }
            let fix = if rest.is_empty() { format!("{key} = …") } else { format!("{key} = {rest}") };
            (whole, format!("`{key}` has no `=`"), fix)
        }
        "unclosed table" => (
            statement_line(statement, first_line),
            "the header has no `]`".into(),
            format!("{}]", uncommented(first_line)),
        ),
        "unclosed array table" => {
            let open = uncommented(first_line).trim_end_matches(']');
            (statement_line(statement, first_line), "the header has no `]]`".into(), format!("{open}]]"))
        }
        "unclosed array" | "unclosed inline table" => return unclosed(opening(error, span), text),
        "missing comma between array elements" => {
            (span, "two values of a list have no `,` between them".into(), ",".into())
        }
        "missing comma between key-value pairs" => {
            (span, "two keys of a table have no `,` between them".into(), ",".into())
        }
        "extra comma in array" | "extra comma in inline table" => {
            (span, "a `,` with no value before it".into(), "remove the `,`".into())
        }
        "extra `=`" | "extra assignment between key-value pairs" | "unexpected `=` in array" => {
            (span, "an `=` too many".into(), "remove the `=`".into())
        }
        "missing assignment between key-value pairs" => {
            (span, "a key and its value have no `=` between them".into(), "=".into())
        }
        "missing array opening" => {
            (span, "a `]` that closes nothing".into(), "remove it, or write `[` before".into())
        }
        "missing inline table opening" => {
            (span, "a `}` that closes nothing".into(), "remove it, or write `{` before".into())
        }
        "missing table open" => (
            statement_line(statement, first_line),
            "the line starts with nothing that could be a key".into(),
            "remove the line".into(),
        ),
        "invalid key-value pair" => (
            statement_line(statement, first_line),
            "the line starts with nothing that could be a key".into(),
            "key = value".into(),
        ),
        "unexpected key or value" => {
            let rest = text[span.start.min(text.len())..].lines().next().unwrap_or("").trim_end();
            let span = Span::new(span.start, span.start + rest.len());
            if rest == "," {
                return Mistake::new(span, "a `,` outside of a list", "remove the `,`");
            }
            (
                span,
                "more than one thing in a line".into(),
                "start a new line, or write `#` before a comment".into(),
            )
        }
        "cannot recurse further; max recursion depth met" => return too_deep(span),
        "invalid comment character" => {
            (span, "a control character in a comment".into(), "remove the character".into())
        }
        "carriage return must be followed by newline" => {
            (span, "a carriage return without a line feed".into(), "end lines with a line feed".into())
        }
        other => (span, other.to_owned(), "see https://toml.io/en/v1.0.0".into()),
    };
    Mistake::new(span, message, fix)
}

/// Returns the mistake of a bracket that is never closed.
pub(super) fn unclosed(bracket: Span, text: &str) -> Mistake {
    if bracket.of(text) == "{" {
        Mistake::new(bracket, "the table has no `}`", "}")
    } else {
        Mistake::new(bracket, "the list has no `]`", "]")
    }
}

/// Returns the mistake of a key that cannot be one.
pub(super) fn key(error: &ParseError, base: usize, span: Span, text: &str) -> Mistake {
    let raw = span.of(text);
    let rest = text[span.start..].lines().next().unwrap_or("").trim_end();
    if ["<<<<<<<", "=======", ">>>>>>>"].iter().any(|marker| rest.starts_with(marker)) {
        let place = Span::new(span.start, span.start + rest.len());
        return Mistake::new(place, "a conflict of a merge", "resolve the merge and remove the line");
    }
    if raw.is_empty() {
        let fix = if rest.starts_with(']') { "[flags.NAME]" } else { "key = value" };
        return Mistake::new(span, "a key is missing", fix);
    }
    if raw.starts_with(['"', '\'']) {
        return string(error, base, span, raw);
    }
    if let Some((name, value)) = raw.split_once(':') {
        let value = if value.is_empty() { "…".to_owned() } else { quoted(value) };
        return Mistake::new(span, "a `:` where `=` belongs", format!("{name} = {value}"));
    }
    Mistake::new(span, format!("`{raw}` must be quoted to be a key"), quoted(raw))
}

/// Returns the mistake of a value that cannot be one.
pub(super) fn scalar(error: &ParseError, base: usize, span: Span, raw: &str) -> Mistake {
    if raw.is_empty() {
        return Mistake::new(span, "the value is missing", "a value after the `=`");
    }
    if raw.starts_with(['"', '\'']) {
        return string(error, base, span, raw);
    }
    if let Some((first, rest)) = raw.split_once([' ', '\t'])
        && (matches!(first, "true" | "false") || first.parse::<f64>().is_ok())
    {
        let place = Span::new(span.end - rest.trim_start().len(), span.end);
        return Mistake::new(
            place,
            format!("something after the value `{first}`"),
            "a `,` or a new line before it",
        );
    }
    let lower = raw.to_ascii_lowercase();
    let boolean = ["true", "false"].into_iter().find(|word| strsim::osa_distance(word, &lower) <= 1);
    if let Some(word) = boolean.or(match lower.as_str() {
        "on" | "yes" => Some("true"),
        "off" | "no" => Some("false"),
        _ => None,
    }) {
        return Mistake::new(span, format!("`{raw}` is no value"), word);
    }
    if let Some(number) = lower.strip_suffix('%')
        && number.parse::<f64>().is_ok()
    {
        return Mistake::new(span, "a percentage must be quoted", quoted(raw));
    }
    if raw.starts_with(|c: char| c.is_ascii_digit() || c == '+' || c == '-' || c == '.') {
        if raw.contains('-') && raw.len() >= 8 && !raw.starts_with('-') {
            return datetime(span, raw);
        }
        let plain = raw.trim_start_matches(['+', '0', '_']);
        let plain = if plain.starts_with('.') { format!("0{plain}") } else { plain.to_owned() };
        let fix = match plain.parse::<f64>() {
            Ok(number) if number.is_finite() && !plain.ends_with('.') => plain,
            _ => quoted(raw),
        };
        return Mistake::new(span, format!("`{raw}` is no number"), fix);
    }
    Mistake::new(span, "text must be quoted", quoted(raw))
}

/// Returns the mistake of a date or time that does not exist.
pub(super) fn datetime(span: Span, raw: &str) -> Mistake {
    Mistake::new(span, format!("`{raw}` is no date"), "2027-03-31")
}

/// Returns the mistake of something that nests too deep.
pub(super) fn too_deep(span: Span) -> Mistake {
    Mistake::new(span, "nested more than 80 deep", "nest less deep")
}

/// Returns the mistake inside of a quoted text.
fn string(error: &ParseError, base: usize, span: Span, raw: &str) -> Mistake {
    let place = place(error);
    let inner = Span::new(base + place.start(), base + place.end());
    let inner = if inner.start < span.start || inner.end > span.end { span } else { inner };
    let quote = &raw[..1];
    let long = raw.starts_with("\"\"\"") || raw.starts_with("'''");
    let delimiter = if long { &raw[..3] } else { quote };
    if raw.len() < 2 * delimiter.len() || !raw.ends_with(delimiter) {
        let first = raw.lines().next().unwrap_or(raw);
        let closed = first.trim_end();
        let message = "the text has no end";
        return Mistake::new(
            Span::new(span.start, span.start + first.len()),
            message,
            format!("{closed}{delimiter}"),
        );
    }
    if error.description().starts_with("keys cannot be") {
        return Mistake::new(span, "a key is no text of several lines", "a key in `\"`");
    }
    let description = error.description();
    if description.contains("escape") || description.contains("unicode") {
        return Mistake::new(
            inner,
            "`\\` starts no such escape",
            "`\\\\` for a backslash, or quote with `'`",
        );
    }
    Mistake::new(inner, "a control character in a text", "an escape such as `\\t` or `\\u0007`")
}

/// Returns the first line of a statement.
const fn statement_line(statement: Span, first_line: &str) -> Span {
    Span::new(statement.start, statement.start + first_line.len())
}

fn uncommented(line: &str) -> &str {
    line.split('#').next().unwrap_or("").trim_end()
}

/// Returns the bracket that was never closed, which the error names as its context.
fn opening(error: &ParseError, span: Span) -> Span {
    // The context is relative to where parsing started; the place is known in both.
    let base = span.start - place(error).start();
    error.context().map_or(span, |context| Span::new(base + context.start(), base + context.end()))
}
