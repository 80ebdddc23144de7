//! Documents as lines for a terminal, a pipe or a log.

use super::bar;
use super::document::{Block, Document, Item, Text};
use super::excerpt;
use super::plot;
use super::screen::Screen;
use super::table;
use super::width::{clean, disarm, measure, wrap};

/// How far one step of a tree is moved in.
const STEP: usize = 2;

/// Returns the document as text; it ends with one newline unless it is empty.
pub(super) fn text(document: &Document, screen: Screen) -> String {
    let mut lines: Vec<Text> = Vec::new();
    let mut gap = false;
    for (at, block) in document.blocks.iter().enumerate() {
        let block = match block {
            Block::Gap => {
                gap = true;
                continue;
            }
            Block::Key(_) if !draws_bars(document.blocks.get(at + 1), screen) => continue,
            Block::Heading(text) | Block::Line(text) | Block::Key(text) => paragraph(text, screen),
            Block::Item(item) => list_item(item, screen),
            Block::Table(table) => table::lines(table, screen),
            Block::Patch(title, patch) => {
                std::iter::once(title).chain(patch).flat_map(|line| paragraph(line, screen)).collect()
            }
            Block::Code(_, code) => {
                let beside = |line| hang(STEP, Text::new(), &clean(line, screen, false), screen);
                code.iter().flat_map(beside).collect()
            }
            Block::Excerpt(excerpt) => excerpt::lines(excerpt, screen),
            Block::Plot(plot) => plot::lines(plot, screen),
            Block::Ruler(ruler) => {
                let left = ruler.depth * STEP;
                let room = screen.columns().map_or(60, |columns| columns.saturating_sub(left + 10));
                let lines = bar::ruler(ruler, room.min(60));
                lines.iter().map(|line| indented(left, clean(line, screen, false))).collect()
            }
        };
        if gap && !lines.is_empty() && !block.is_empty() {
            lines.push(Text::new());
        }
        gap = gap && block.is_empty();
        lines.extend(block);
    }
    emit(lines, screen)
}

/// Tells whether a key has bars below it.
fn draws_bars(below: Option<&Block>, screen: Screen) -> bool {
    matches!(below, Some(Block::Table(table)) if table::draws_bars(table, screen))
}

/// Returns finished lines as text; each ends with a newline.
pub(super) fn emit(lines: Vec<Text>, screen: Screen) -> String {
    let mut out = String::new();
    for line in lines {
        let line = trimmed(if screen.ci { disarm(line) } else { line });
        for span in &line.spans {
            match span.style.parameters().filter(|_| screen.color) {
                Some(parameters) => {
                    out.extend(["\u{1b}[", parameters, "m", &span.text, "\u{1b}[0m"]);
                }
                None => out.push_str(&span.text),
            }
        }
        out.push('\n');
    }
    out
}

/// Takes blanks from the end of a line.
fn trimmed(mut line: Text) -> Text {
    while let Some(last) = line.spans.last_mut() {
        last.text.truncate(last.text.trim_end_matches(' ').len());
        if !last.text.is_empty() {
            break;
        }
        line.spans.pop();
    }
    line
}

pub(super) fn indented(by: usize, line: Text) -> Text {
    Text::plain(" ".repeat(by)).join(line)
}

/// Returns a line wrapped to the terminal, what follows moved in.
pub(super) fn paragraph(text: &Text, screen: Screen) -> Vec<Text> {
    hang(0, Text::new(), &clean(text, screen, false), screen)
}

fn list_item(item: &Item, screen: Screen) -> Vec<Text> {
    let mark = clean(&item.mark, screen, false);
    let mark = if mark.is_empty() { mark } else { mark.and(" ") };
    hang(item.depth * STEP, mark, &clean(&item.text, screen, false), screen)
}

/// Returns cleaned text beside a cleaned mark; where it wraps, the lines stand below each other.
pub(super) fn hang(left: usize, mark: Text, text: &Text, screen: Screen) -> Vec<Text> {
    let beside = measure(&mark);
    let Some(columns) = screen.columns() else { return vec![indented(left, mark.join(text.clone()))] };
    // On a terminal so narrow that nothing fits beside, deep lines stand further left.
    let left = left.min(columns / 3);
    let room = columns.saturating_sub(left + beside).max(8);
    let mut first = Some(mark);
    wrap(text, room)
        .into_iter()
        .map(|line| match first.take() {
            Some(mark) => indented(left, mark.join(line)),
            None => indented(left + beside, line),
        })
        .collect()
}
