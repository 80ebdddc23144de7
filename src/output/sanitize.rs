//! Neutralises text that did not come from this program, for display and for JSON.

use std::borrow::Cow;
use std::fmt::Write;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::log_commands::Disarm;

/// How many zero-width marks may follow one another before the rest is written as escapes: more than any
/// writing system stacks, and too few to draw over the lines around.
const MARKS_IN_A_ROW: usize = 6;

/// Returns the text with everything visible that a terminal would obey or hide: control characters (C0, C1,
/// and with them every escape sequence), bidirectional controls, zero-width and other format characters, and
/// line separators appear as escapes such as `\n` or `\u{1b}`. All other text stays as it is, combining and
/// wide characters and emoji included.
pub fn sanitize(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    let mut previous = ' ';
    let mut marks = 0;
    for c in text.chars() {
        marks = if c.width() == Some(0) { marks + 1 } else { 0 };
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{fe0f}' if takes_emoji_style(previous) => out.push(c),
            c if is_hidden(c) || marks > MARKS_IN_A_ROW => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
        previous = c;
    }
    Cow::Owned(out)
}

/// Returns JSON text with the characters that [`sanitize`] makes visible written as `\u` escapes: they can
/// stand in strings only, where the escape means the same. `ci` also breaks up the commands that
/// CI systems obey anywhere in a line.
pub(super) fn escape_json(json: String, ci: bool) -> String {
    let plain = json.bytes().all(|byte| byte == b'\n' || (b' '..=b'~').contains(&byte));
    if plain && !(ci && json.contains("##")) {
        return json;
    }
    let mut out = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if c != '\n' && is_hidden(c) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    // Outside of strings no `[` stands behind a `#`.
    if ci { Disarm::default().text(&out, "\\u005b") } else { out }
}

/// Tells whether a character is obeyed or hidden by a terminal instead of shown. The ranges are the general
/// categories Cc, Cf, Zl and Zp and the property `Default_Ignorable_Code_Point` of Unicode 17, and the
/// noncharacters.
pub(super) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}'
            | '\u{890}'..='\u{891}' | '\u{8e2}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fdd0}'..='\u{fdef}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}'
            | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
        || u32::from(c) & 0xfffe == 0xfffe
}

/// Tells whether the selector U+FE0F after this character asks for an emoji, as in ❤️, and hides nothing.
fn takes_emoji_style(base: char) -> bool {
    !base.is_ascii() && [base, '\u{fe0f}'].iter().collect::<String>().width() == 2
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn nothing_hidden_is_left_and_once_is_enough(text in any::<String>()) {
            let shown = sanitize(&text).into_owned();
            let mut previous = ' ';
            for c in shown.chars() {
                let emoji = c == '\u{fe0f}' && takes_emoji_style(previous);
                prop_assert!(emoji || !is_hidden(c), "{:?}", c);
                previous = c;
            }
            prop_assert_eq!(sanitize(&shown), shown.as_str());
        }

        #[test]
        fn json_means_the_same(text in any::<String>(), ci in any::<bool>()) {
            let json = serde_json::to_string(&text).expect("text is JSON");
            let escaped = escape_json(json, ci);
            prop_assert!(!escaped.chars().any(is_hidden));
            prop_assert_eq!(serde_json::from_str::<String>(&escaped).expect("JSON"), text);
        }
    }

    #[test]
    fn ordinary_text_stays() {
        for text in
            ["plain", "Grüße", "日本語", "e\u{301}", "नमस्ते", "👍🏽", "❤\u{fe0f}", "한국어", "שלום", "a·b → c"]
        {
            assert_eq!(sanitize(text), text);
        }
    }

    #[test]
    fn what_a_terminal_obeys_or_hides_becomes_visible() {
        for (text, shown) in [
            ("a\nb\tc\r", "a\\nb\\tc\\r"),
            ("\u{1b}[31mred", "\\u{1b}[31mred"),
            ("\u{9b}31m", "\\u{9b}31m"),
            ("\u{202e}txt.exe", "\\u{202e}txt.exe"),
            ("ad\u{200b}min", "ad\\u{200b}min"),
            ("a\u{fe0f}", "a\\u{fe0f}"),
            ("tag\u{e0041}", "tag\\u{e0041}"),
            ("\u{2028}", "\\u{2028}"),
        ] {
            assert_eq!(sanitize(text), shown);
        }
    }

    #[test]
    fn stacks_of_marks_are_cut() {
        let text = format!("z{}", "\u{301}".repeat(30));
        let shown = sanitize(&text);
        assert_eq!(shown.matches('\u{301}').count(), MARKS_IN_A_ROW);
        assert_eq!(shown.matches("\\u{301}").count(), 30 - MARKS_IN_A_ROW);
    }

    #[test]
    fn escaped_json_means_the_same() {
        let text = "x\u{9b}\u{202e}\u{e0041}\u{7f}\u{feff}##[error]é日";
        let json = serde_json::to_string(text).expect("text is JSON");
        for ci in [false, true] {
            let escaped = escape_json(json.clone(), ci);
            assert!(!escaped.chars().any(is_hidden), "{escaped}");
            assert_eq!(serde_json::from_str::<String>(&escaped).expect("JSON"), text);
            assert_eq!(escaped.contains("##["), !ci);
        }
    }
}
