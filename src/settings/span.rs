//! From a span of bytes to a place that a person can go to.

use std::ops::Range;

use crate::error::Diagnostic;

/// Returns the diagnostic of a mistake at a span of bytes of a file; a span of several lines is underlined
/// on its first.
pub fn diagnostic_at(
    file: &str,
    text: &str,
    span: Range<usize>,
    message: impl Into<String>,
    fix: Option<String>,
) -> Diagnostic {
    let floor = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = floor(span.start);
    let before = &text[..start];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
    let end = floor(span.end).clamp(start, line_end);
    let skip_mark = |line: &'_ str| line.trim_start_matches('\u{feff}').chars().count();
    Diagnostic {
        file: file.to_owned(),
        line: before.matches('\n').count() + 1,
        column: skip_mark(&text[line_start..start]) + 1,
        text: text[line_start..line_end].trim_start_matches('\u{feff}').trim_end_matches('\r').to_owned(),
        width: text[start..end].trim_end().chars().count().max(1),
        message: message.into(),
        fix,
        code: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_characters_from_one() {
        let text = "\u{feff}a = 1\r\n\"é\" = bad # x\r\nc";
        let at = text.find("bad").expect("there");
        let diagnostic = diagnostic_at("f", text, at..at + 3, "m", None);
        assert_eq!((diagnostic.line, diagnostic.column, diagnostic.width), (2, 7, 3));
        assert_eq!(diagnostic.text, "\"é\" = bad # x");
        let first = diagnostic_at("f", text, 3..4, "m", None);
        assert_eq!((first.line, first.column, first.text.as_str()), (1, 1, "a = 1"));
        let end = diagnostic_at("f", text, 999..1000, "m", None);
        assert_eq!((end.line, end.column, end.width), (3, 2, 1));
    }
}
