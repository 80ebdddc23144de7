//! A line of a file with a caret under a part of it.

use unicode_width::UnicodeWidthStr;

use super::document::{Excerpt, Text};
use super::screen::Screen;
use super::style::Style;
use super::width::{MOST, clean};

/// The columns of the line number before a source line.
const GUTTER: usize = 8;

/// Returns the line with its number, and the line with the caret.
pub(super) fn lines(excerpt: &Excerpt, screen: Screen) -> Vec<Text> {
    let gutter = |number: &str| clean(&Text::styled(Style::Faint, format!("{number:>5} │ ")), screen, false);
    let source = Source::of(excerpt, screen);
    vec![
        gutter(&excerpt.line.to_string()).and(&*source.text),
        gutter("").and(" ".repeat(source.before)).with(excerpt.style, "^".repeat(source.under)),
    ]
}

/// The source line as it is shown, and where the caret stands.
struct Source {
    text: String,
    before: usize,
    under: usize,
}

impl Source {
    /// Neutralises the line in three parts, so that the caret stands under what is shown of the mistake. On
    /// a terminal a long line is cut on both sides around it.
    fn of(excerpt: &Excerpt, screen: Screen) -> Self {
        let characters: Vec<char> = excerpt.text.chars().collect();
        let from = excerpt.column.saturating_sub(1).min(characters.len());
        let to = from.saturating_add(excerpt.width).min(characters.len());
        let part = |part: &[char]| part.iter().collect::<String>().replace('\t', "    ");
        // Together, since a CI system's command may begin in one part and end in the next.
        let parts = [&characters[..from], &characters[from..to], &characters[to..]].map(part);
        let whole = parts.iter().fold(Text::new(), Text::and);
        let mut shown = clean(&whole, screen, false).spans.into_iter().map(|span| span.text);
        let [mut before, under, after] =
            parts.map(|part| if part.is_empty() { part } else { shown.next().unwrap_or_default() });
        let Some(columns) = screen.columns() else {
            let (left, length) = (before.width(), under.width().max(1));
            return Self { text: format!("{before}{under}{after}"), before: left, under: length };
        };
        let more = if screen.unicode { "…" } else { "~" };
        let room = columns.saturating_sub(GUTTER);
        if before.width() + under.width() + after.width() > room {
            let lead = room.saturating_sub(under.width().min(room / 2)) * 2 / 3;
            before = cut_front(before, lead, more);
        }
        let left = before.width();
        let length = under.width().min(room.saturating_sub(left)).max(1);
        Self { text: cut_back(format!("{before}{under}{after}"), room, more), before: left, under: length }
    }
}

/// Returns how many characters at least must go before text and what stands for the rest fit into `room` columns: one or
/// more; none if they fit. A line may be megabytes long: it is not measured for each.
fn too_many(text: &str, room: usize, more: &str) -> Option<usize> {
    let wide = (text.width() + more.width()).saturating_sub(room);
    (wide > 0).then(|| wide.div_ceil(MOST))
}

/// Cuts text at its beginning to at most `room` columns.
fn cut_front(text: String, room: usize, more: &str) -> String {
    let mut kept = text.as_str();
    if text.width() <= room {
        return text;
    }
    while let Some(many) = too_many(kept, room, more) {
        let mut characters = kept.chars();
        if characters.nth(many - 1).is_none() {
            break;
        }
        kept = characters.as_str();
    }
    format!("{more}{kept}")
}

/// Cuts text at its end to at most `room` columns.
fn cut_back(text: String, room: usize, more: &str) -> String {
    let mut kept = text.as_str();
    if text.width() <= room {
        return text;
    }
    while let Some(many) = too_many(kept, room, more) {
        let mut characters = kept.chars();
        if characters.nth_back(many - 1).is_none() {
            break;
        }
        kept = characters.as_str();
    }
    format!("{kept}{more}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_cut_fills_its_room(
            text in "[a日é\u{301}☺\u{fe0f}\u{1f1e6}\u{644}\u{627}👩\u{200d}]{0,200}",
            room in 2_usize..60,
        ) {
            // One character after the other goes, until the rest fits.
            let mut front = text.chars();
            while text.width() > room && front.as_str().width() + 1 > room && front.next().is_some() {}
            let mut back = text.chars();
            while text.width() > room && back.as_str().width() + 1 > room && back.next_back().is_some() {}
            let more = if text.width() > room { "…" } else { "" };
            prop_assert_eq!(cut_front(text.clone(), room, "…"), format!("{more}{}", front.as_str()));
            prop_assert_eq!(cut_back(text.clone(), room, "…"), format!("{}{more}", back.as_str()));
        }
    }
}
