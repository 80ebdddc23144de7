//! Documents as GitHub's Markdown.

use super::bar::plain_bar;
use super::document::{Block, Cell, Document, Item, Row, Table, Text};
use super::sanitize::sanitize;
use super::screen::Screen;
use super::style::Style;
use super::text::emit;
use super::width::clean;

/// Returns the document as Markdown; it ends with one newline unless it is empty.
pub(super) fn markdown(document: &Document, screen: Screen) -> String {
    let mut lines: Vec<String> = Vec::new();
    // How deep the list is that the last line belongs to: its first line, and the last one.
    let mut list: Option<(usize, usize)> = None;
    for block in &document.blocks {
        let before = list.take();
        let block = match block {
            Block::Gap => {
                list = before;
                continue;
            }
            Block::Heading(text) => vec![format!("### {}", inline(text, false))],
            Block::Line(text) => vec![inline(text, true)],
            Block::Item(item) => {
                // A list begins at the edge and goes in by single steps, or it would be a block of code.
                let (first, last) = before.unwrap_or((item.depth, 0));
                let depth = item.depth.saturating_sub(first);
                let depth = if before.is_some() { depth.min(last + 1) } else { 0 };
                list = Some((first, depth));
                vec![format!("{}- {}", "  ".repeat(depth), inline(&beside(item), true).trim_start())]
            }
            Block::Table(table) => rows(table),
            Block::Patch(title, patch) => details(title, patch),
            Block::Code(language, code) => fenced(language, code),
            // The step above says in words what the ruler draws; a table has the numbers of a plot, and the place of what an
            // excerpt shows.
            Block::Ruler(_) | Block::Plot(_) | Block::Key(_) | Block::Excerpt(_) => continue,
        };
        let goes_on = list.is_some() && before.is_some();
        if !lines.is_empty() && !goes_on {
            lines.push(String::new());
        }
        lines.extend(block);
    }
    finish(lines, screen)
}

/// Returns lines as a block of code.
fn fenced(language: &str, code: &[Text]) -> Vec<String> {
    let plain = |line: &Text| line.spans.iter().map(|span| sanitize(&span.text).into_owned()).collect();
    let code: Vec<String> = code.iter().map(plain).collect();
    // A fence ends at the next one that is as long.
    let longest = code.iter().flat_map(|line| line.split(|c| c != '`')).map(str::len).max().unwrap_or(0);
    let fence = "`".repeat((longest + 1).max(3));
    std::iter::once(format!("{fence}{language}")).chain(code).chain([fence.clone()]).collect()
}

/// Returns lines folded away under a title, as a block of code that shows what is new and what is gone.
fn details(title: &Text, patch: &[Text]) -> Vec<String> {
    let mut lines = vec![format!("<details><summary>{}</summary>", inline(title, false)), String::new()];
    lines.extend(fenced("diff", patch));
    lines.extend([String::new(), "</details>".to_owned()]);
    lines
}

/// Returns the text of a list's line with its mark, unless that is the dot that Markdown draws itself.
fn beside(item: &Item) -> Text {
    match item.mark.spans.as_slice() {
        [] => item.text.clone(),
        [only] if only.text == "·" => item.text.clone(),
        _ => item.mark.clone().and(" ").join(item.text.clone()),
    }
}

/// Returns the title and rule lines of a table.
pub(super) fn header(table: &Table, shown: &[usize]) -> Vec<String> {
    let columns = || shown.iter().filter_map(|at| table.columns.get(*at));
    let titles: Vec<&str> = columns().map(|column| column.title).collect();
    let rules: Vec<&str> = columns().map(|column| if column.right { "---:" } else { "---" }).collect();
    vec![format!("| {} |", titles.join(" | ")), format!("| {} |", rules.join(" | "))]
}

/// Returns the line of a row.
pub(super) fn row(row: &Row, shown: &[usize]) -> String {
    let mut cells: Vec<String> = shown
        .iter()
        .map(|at| match row.cells.get(*at) {
            Some(Cell::Text(text)) => moved_in(&inline(text, true)),
            Some(Cell::Bar(share) | Cell::Change(_, share)) => plain_bar(*share),
            None => String::new(),
        })
        .collect();
    if let Some(first) = cells.first_mut() {
        for text in &row.below {
            first.push_str("<br>");
            first.push_str(&inline(text, true));
        }
    }
    format!("| {} |", cells.join(" | "))
}

/// Keeps the blanks at the beginning of a cell, which Markdown would drop.
fn moved_in(text: &str) -> String {
    let rest = text.trim_start_matches(' ');
    format!("{}{rest}", "&nbsp;".repeat(text.len() - rest.len()))
}

fn rows(table: &Table) -> Vec<String> {
    let used =
        |at: &usize| table.rows.iter().any(|row| row.cells.get(*at).is_some_and(|cell| !cell.is_empty()));
    let shown: Vec<usize> = (0..table.columns.len()).filter(used).collect();
    let mut lines = header(table, &shown);
    lines.extend(table.rows.iter().map(|own| row(own, &shown)));
    lines
}

/// Returns finished lines as text; Markdown has no colours and no width.
pub(super) fn finish(lines: Vec<String>, screen: Screen) -> String {
    let screen = Screen { width: None, color: false, ..screen };
    let lines = lines.into_iter().map(|line| clean(&Text::plain(line), screen, false));
    emit(lines.collect(), screen)
}

/// Returns text inside a line, with the few styles that Markdown has.
fn inline(text: &Text, styled: bool) -> String {
    let mut out = String::new();
    for span in &text.spans {
        let shown = escape(&sanitize(&span.text));
        let around = match span.style {
            Style::Strong if styled => "**",
            Style::Overridden if styled => "~~",
            _ => "",
        };
        // Marks of emphasis must touch what they emphasise.
        let inner = shown.trim();
        if around.is_empty() || inner.is_empty() {
            out.push_str(&shown);
        } else {
            let lead = &shown[..shown.len() - shown.trim_start().len()];
            let trail = &shown[shown.trim_end().len()..];
            out.extend([lead, around, inner, around, trail]);
        }
    }
    out
}

/// Returns neutralised text with everything escaped that Markdown or HTML would read.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 4);
    let characters: Vec<char> = text.chars().collect();
    let word = |at: Option<usize>| at.and_then(|at| characters.get(at)).is_some_and(|c| c.is_alphanumeric());
    for (at, &c) in characters.iter().enumerate() {
        match c {
            // Between letters an underscore is only a letter.
            '_' if word(at.checked_sub(1)) && word(Some(at + 1)) => out.push(c),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' | '#' => out.extend(['\\', c]),
            '+' | '-' if at == 0 && characters.get(1) == Some(&' ') => out.extend(['\\', c]),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_foreign_is_markup() {
        assert_eq!(escape("use_v3_style"), "use_v3_style");
        assert_eq!(
            escape("_a_ *b* `c` <d> [e](f) |g|"),
            "\\_a\\_ \\*b\\* \\`c\\` &lt;d&gt; \\[e\\](f) \\|g\\|"
        );
    }

    #[test]
    fn emphasis_touches_its_text() {
        let text = Text::plain("a").with(Style::Strong, " b ").and("c");
        assert_eq!(inline(&text, true), "a **b** c");
    }
}
