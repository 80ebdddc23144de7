//! A line of a file with a caret under a part of it.

use unicode_width::UnicodeWidthStr;

use super::document::{Excerpt, Text};
use super::screen::Screen;
use super::style::Style;
use super::width::clean;

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

/// Cuts text at its beginning to at most `room` columns.
fn cut_front(text: String, room: usize, more: &str) -> String {
    let mut kept = text.as_str();
    if text.width() <= room {
        return text;
    }
    while kept.width() + more.width() > room {
        let mut characters = kept.chars();
        if characters.next().is_none() {
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
    while kept.width() + more.width() > room {
        let mut characters = kept.chars();
        if characters.next_back().is_none() {
            break;
        }
        kept = characters.as_str();
    }
    format!("{kept}{more}")
}
