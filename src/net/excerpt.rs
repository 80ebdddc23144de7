//! What may be shown of an answer: little, on one line, and nothing that moves a cursor.

use serde_json::Value;

/// Characters of a stranger's text that are shown.
const LONGEST: usize = 200;

/// Returns a text of the server as one short line of visible characters, without the token.
pub(crate) fn clean(text: &str, secret: Option<&str>) -> String {
    let text = match secret {
        Some(secret) => text.replace(secret, "***"),
        None => text.to_owned(),
    };
    let visible = |c: char| match c {
        c if c.is_control() || c.is_whitespace() => ' ',
        // Directions, joiners, byte order marks: what makes a text look like another one.
        '\u{61c}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}' => ' ',
        c => c,
    };
    let line: String = text.chars().take(LONGEST * 8).map(visible).collect();
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// Returns what a body says of why: the detail of a problem document (RFC 9457), the usual keys of other
/// JSON, the start of a plain text; nothing of a web page.
pub(crate) fn explanation(body: &[u8], secret: Option<&str>) -> Option<String> {
    let text = match serde_json::from_slice::<Value>(body) {
        Ok(json) => json_text(&json)?,
        Err(_) if is_page(body) => return Some("(a web page)".to_owned()),
        Err(_) => String::from_utf8_lossy(&body[..body.len().min(LONGEST * 8)]).into_owned(),
    };
    Some(clean(&text, secret)).filter(|text| !text.is_empty())
}

fn json_text(json: &Value) -> Option<String> {
    match json {
        Value::String(text) => Some(text.clone()),
        Value::Object(object) => {
            let keys = ["detail", "message", "error_description", "error", "msg", "title"];
            keys.iter().filter_map(|key| object.get(*key)).find_map(json_text)
        }
        Value::Array(list) => {
            let texts: Vec<String> = list.iter().take(3).filter_map(json_text).collect();
            Some(texts.join("; ")).filter(|text| !text.is_empty())
        }
        _ => None,
    }
}

/// Returns whether a body is a web page: what proxies, gateways and single-page applications answer.
pub(crate) fn is_page(body: &[u8]) -> bool {
    body.trim_ascii_start().first() == Some(&b'<')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_body_gives_one_safe_line() {
        let cases = [
            (r#"{"type":"x","title":"t","detail":"no such flag"}"#, Some("no such flag")),
            (r#"{"error":{"code":1,"message":"m"}}"#, Some("m")),
            (
                r#"{"detail":[{"loc":["a"],"msg":"field required"},{"msg":"other"}]}"#,
                Some("field required; other"),
            ),
            (r#"{"code":7}"#, None),
            ("<!doctype html><script>", Some("(a web page)")),
            ("plain\r\n\u{1b}[31mred\u{202e}", Some("plain [31mred")),
            ("", None),
            ("\"text\"", Some("text")),
        ];
        for (body, expected) in cases {
            assert_eq!(explanation(body.as_bytes(), None).as_deref(), expected, "{body}");
        }
        assert_eq!(clean("token abc123 is wrong", Some("abc123")), "token *** is wrong");
        assert_eq!(clean(&"x".repeat(5_000), None).chars().count(), LONGEST + 1);
        assert_eq!(explanation(&[0xff, 0xfe, b'a'], None).as_deref(), Some("\u{fffd}\u{fffd}a"));
    }
}
