//! Text as it will really stand on a screen: neutralised, measured and wrapped.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::document::{Span, Text};
use super::log_commands::Disarm;
use super::sanitize::sanitize;
use super::screen::Screen;

/// What stands for a drawing character where only ASCII may be used.
const ASCII: [(&str, &str); 26] = [
    ("●", "*"),
    ("○", "-"),
    ("◐", "~"),
    ("✓", "+"),
    ("✗", "x"),
    ("▸", ">"),
    ("→", "->"),
    ("↳", "`-"),
    ("◆", "^"),
    ("·", "-"),
    ("…", "..."),
    ("≥", ">="),
    ("≠", "!="),
    ("×", "x"),
    ("–", "-"),
    ("—", "-"),
    ("│", "|"),
    ("─", "-"),
    ("χ²", "chi-square"),
    ("φ", "phi"),
    ("±", "+-"),
    ("━", "#"),
    ("╸", "#"),
    ("╵", "|"),
    ("═", "="),
    ("┄", "."),
];

/// Returns the text neutralised for this screen. Inside a table no line of a cell may begin with `::`, so
/// there the CI system's commands are broken up wherever they stand.
pub(super) fn clean(text: &Text, screen: Screen, in_table: bool) -> Text {
    let mut out = Text::new();
    let mut colon = false;
    let mut commands = Disarm::default();
    for span in &text.spans {
        let mut shown = sanitize(&span.text).into_owned();
        if !screen.unicode && !shown.is_ascii() {
            for (drawn, plain) in ASCII {
                shown = shown.replace(drawn, plain);
            }
        }
        if screen.ci {
            shown = commands.text(&shown, "\\[");
            if in_table {
                shown = shown.replace("::", ":\\:");
                if colon && shown.starts_with(':') {
                    shown.insert(0, '\\');
                }
            }
        }
        colon = shown.ends_with(':');
        out = out.with(span.style, shown);
    }
    out
}

/// Breaks up a command of the CI system at the beginning of a finished line; GitHub's runner passes over
/// blanks before it.
pub(super) fn disarm(line: Text) -> Text {
    let mut texts = line.spans.iter().map(|span| span.text.as_str());
    let first = texts.by_ref().map(str::trim_start).find(|text| !text.is_empty()).unwrap_or_default();
    let mut parted =
        || first == ":" && texts.find(|text| !text.is_empty()).is_some_and(|text| text.starts_with(':'));
    if !first.starts_with("::") && !parted() {
        return line;
    }
    let mut out = Text::new();
    let mut done = false;
    for span in line.spans {
        let text = if !done && span.text.contains(':') {
            done = true;
            span.text.replacen(':', "\\:", 1)
        } else {
            span.text
        };
        out = out.with(span.style, text);
    }
    out
}

/// Returns how many columns of a terminal the text takes.
pub(super) fn measure(text: &Text) -> usize {
    if let Some(columns) = measure_ascii(text) {
        return columns;
    }
    match text.spans.as_slice() {
        [only] => only.text.width(),
        // Together, since a mark may belong to the last character of the span before.
        spans => spans.iter().map(|span| span.text.as_str()).collect::<String>().width(),
    }
}

/// Returns how many columns neutralised text in ASCII takes, which is one for each of its characters; none for other text.
fn measure_ascii(text: &Text) -> Option<usize> {
    let is_ascii = text.spans.iter().all(|span| span.text.is_ascii());
    is_ascii.then(|| text.spans.iter().map(|span| span.text.len()).sum())
}

/// Returns how many columns the text takes, or, where that is more than `width`, some number above it: the rest of a
/// long word is looked at once for each line that it fills.
fn measure_up_to(text: &Text, width: usize) -> usize {
    // What follows can take a column back from the character before it, and from no other.
    let more = width + MOST;
    let begin: String = text.spans.iter().flat_map(|span| span.text.chars()).take(4 * more).collect();
    match begin.width() {
        columns if columns > more => columns,
        _ => measure(text),
    }
}

/// Returns the width of the longest word.
pub(super) fn longest_word(text: &Text) -> usize {
    words(text).iter().map(|word| measure(&word.text)).max().unwrap_or(0)
}

/// A word and how many blanks stand before it.
struct Word {
    blanks: usize,
    text: Text,
}

fn words(text: &Text) -> Vec<Word> {
    let mut all: Vec<Word> = Vec::new();
    let mut word = Word { blanks: 0, text: Text::new() };
    for span in &text.spans {
        for (at, piece) in span.text.split(' ').enumerate() {
            if at > 0 {
                if word.text.is_empty() {
                    word.blanks += 1;
                } else {
                    all.push(std::mem::replace(&mut word, Word { blanks: 1, text: Text::new() }));
                }
            }
            if !piece.is_empty() {
                word.text.spans.push(Span { text: piece.to_owned(), style: span.style });
            }
        }
    }
    if !word.text.is_empty() {
        all.push(word);
    }
    all
}

/// Returns the text in lines of at most `width` columns (at least 2), broken between words; a word that is
/// longer is broken between characters, after punctuation if there is some. What is moved in stays moved in.
/// Nothing is lost but the blanks where a line breaks.
pub(super) fn wrap(text: &Text, width: usize) -> Vec<Text> {
    if measure(text) <= width {
        return vec![text.clone()];
    }
    let width = width.max(2);
    let lead = text.spans.iter().flat_map(|span| span.text.chars()).take_while(|c| *c == ' ').count();
    let hanging = if lead > 0 && lead + 12 <= width { lead + 2 } else { 0 };
    let mut lines = Vec::new();
    let mut line = Text::new();
    let mut used = 0;
    for word in words(text) {
        let mut rest = word.text;
        let ascii = measure_ascii(&rest);
        let mut length = ascii.unwrap_or_else(|| measure(&rest));
        if used > hanging_of(&lines, hanging) && used + word.blanks + length > width {
            lines.push(std::mem::replace(&mut line, Text::plain(" ".repeat(hanging))));
            used = hanging;
        } else if word.blanks > 0 && (used > 0 || lines.is_empty()) && word.blanks + length <= width {
            line = blank(line, word.blanks);
            used += word.blanks;
        }
        while used + length > width {
            let (head, tail) = split_at(&rest, width - used);
            // What is known of a long word is not looked for again.
            length = match ascii {
                Some(_) => length - measure(&head),
                None => measure_up_to(&tail, width),
            };
            lines.push(std::mem::replace(&mut line, Text::plain(" ".repeat(hanging))).join(head));
            used = hanging;
            rest = tail;
        }
        used += length;
        line = line.join(rest);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines.iter().map(merge).collect()
}

/// Returns what a line is moved in by before anything stands on it.
fn hanging_of(lines: &[Text], hanging: usize) -> usize {
    if lines.is_empty() { 0 } else { hanging }
}

/// Adds blanks in the style of the word before, so that a phrase stays one span.
fn blank(line: Text, blanks: usize) -> Text {
    let style = line.spans.last().map_or_else(Default::default, |span| span.style);
    line.with(style, " ".repeat(blanks))
}

/// Joins neighbouring spans of one style.
fn merge(line: &Text) -> Text {
    let mut out: Vec<Span> = Vec::new();
    for span in &line.spans {
        match out.last_mut() {
            Some(last) if last.style == span.style => last.text.push_str(&span.text),
            _ => out.push(span.clone()),
        }
    }
    Text { spans: out }
}

/// The most columns that one more character can take, and that one less can give back.
pub(super) const MOST: usize = 4;

/// Splits a word: as many characters as fit into `width` columns, at least one, but rather after the last
/// punctuation of the second half. A character keeps its marks.
fn split_at(text: &Text, width: usize) -> (Text, Text) {
    let mut taken = String::new();
    let (mut fits, mut after_mark, mut before, mut is_cut) = (0, None, ' ', false);
    // With fewer bytes or characters than these nothing can be wider: no character takes more columns than it has
    // bytes, nor more than a few, so that it is not measured anew at each.
    let mut narrow_up_to = width / MOST;
    for (at, c) in text.spans.iter().flat_map(|span| span.text.chars()).enumerate() {
        taken.push(c);
        // What has no width of its own belongs to the character before, and so does a skin tone.
        let belongs = c.width() == Some(0) || ('\u{1f3fb}'..='\u{1f3ff}').contains(&c);
        if at > 0 && !belongs {
            if taken.len() > width && at + 1 > narrow_up_to {
                let columns = if taken.is_ascii() { taken.len() } else { taken.width() };
                is_cut = columns > width;
                if is_cut {
                    break;
                }
                narrow_up_to = at + 1 + (width - columns) / MOST;
            }
            if at * 2 > width && "_-/,.:;=&?".contains(before) {
                after_mark = Some(at);
            }
        }
        (fits, before) = (at + 1, c);
    }
    let mut left = after_mark.filter(|_| is_cut).unwrap_or(fits);
    let (mut head, mut tail) = (Text::new(), Text::new());
    for span in &text.spans {
        let (cut, passed) = match span.text.char_indices().nth(left) {
            Some((at, _)) => (at, left),
            None => (span.text.len(), span.text.chars().count()),
        };
        left -= passed;
        head = head.with(span.style, &span.text[..cut]);
        tail = tail.with(span.style, &span.text[cut..]);
    }
    (head, tail)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::style::Style;
    use super::*;

    proptest! {
        #[test]
        fn wrapped_lines_fit_and_hold_everything(parts in prop::collection::vec(".{0,20}", 0..6), width in 4_usize..40) {
            let text = parts.iter().fold(Text::new(), |text, part| text.with(Style::On, part));
            let text = clean(&text, Screen { unicode: true, ..Screen::default() }, false);
            let lines = wrap(&text, width);
            for line in &lines {
                prop_assert!(measure(line) <= width, "{line:?}");
            }
            let letters = |lines: &[Text]| shown(lines).concat().replace(' ', "");
            prop_assert_eq!(letters(&lines), letters(&[text]));
        }

        #[test]
        fn a_long_text_is_measured_as_far_as_it_matters(
            parts in prop::collection::vec("[a日é\u{301}☺\u{fe0f}\u{1f1e6}\u{644}\u{627}👩\u{200d}]{0,200}", 0..4),
            width in 2_usize..60,
        ) {
            let text = parts.iter().fold(Text::new(), |text, part| text.with(Style::On, part));
            let (all, near) = (measure(&text), measure_up_to(&text, width));
            prop_assert!(if all > width { near > width } else { near == all }, "{all} {near}");
        }
    }

    fn shown(lines: &[Text]) -> Vec<String> {
        lines.iter().map(|line| line.spans.iter().map(|span| span.text.as_str()).collect()).collect()
    }

    #[test]
    fn lines_break_between_words_and_lose_nothing() {
        let text = Text::plain("one two  ").with(Style::On, "three").and("-four five");
        assert_eq!(shown(&wrap(&text, 10)), ["one two", "three-four", "five"]);
        assert_eq!(shown(&wrap(&text, 80)), ["one two  three-four five"]);
    }

    #[test]
    fn long_words_break_between_characters() {
        assert_eq!(shown(&wrap(&Text::plain("abcdefgh ij"), 3)), ["abc", "def", "gh", "ij"]);
        assert_eq!(shown(&wrap(&Text::plain("日本語日本"), 5)), ["日本", "語日", "本"]);
        assert_eq!(shown(&wrap(&Text::plain("ae\u{301}i"), 2)), ["ae\u{301}", "i"]);
        assert_eq!(shown(&wrap(&Text::plain("日日"), 1)), ["日", "日"]);
    }

    #[test]
    fn commands_of_the_ci_system_are_broken_up() {
        let ci = Screen { ci: true, ..Screen::default() };
        let line = |text: &Text| shown(&[disarm(text.clone())]).remove(0);
        assert_eq!(line(&Text::plain("  ::error::x")), "  \\::error::x");
        assert_eq!(line(&Text::plain(":").with(Style::On, ":error")), "\\::error");
        assert_eq!(line(&Text::plain("a::b")), "a::b");
        let cell = clean(&Text::plain("##[error] a:").and(":b"), ci, true);
        assert_eq!(shown(&[cell])[0], "##\\[error] a:\\:b");
    }
}
