//! Tables for a terminal: which columns fit, how wide they are, and what moves below its row.
//!
//! The plan is made here, the drawing is comfy-table's. Its own styling is not used: it asks the process
//! environment for `NO_COLOR` even where `--color always` stands on the command line.

use comfy_table::{CellAlignment, ColumnConstraint, LineStyle, TableStyle, Width};

use super::bar::{bar, change_bar};
use super::document::{Cell, Column, Row, Span, Table, Text};
use super::screen::Screen;
use super::style::Style;
use super::text::{hang, indented};
use super::width::{clean, longest_word, measure, wrap};

/// Blanks between columns.
const BETWEEN: usize = 2;
/// The cells of a bar: at best, at least, and where there is no terminal.
const BAR: (usize, usize, usize) = (40, 10, 30);
/// The cells of a bar where texts would be taken apart beside a longer one.
const SHORT_BAR: usize = 6;
/// The widths that [`Wish`] asks for a column that wraps.
const FAIR: usize = 18;
const TIGHT: usize = 12;
const LEAST: usize = 6;
/// The widest column where nothing is wrapped: a cell beyond is no table any more.
const WIDEST: usize = 8_000;
/// Styles travel through comfy-table as variation selectors: no width, and never in cleaned text.
const FIRST_MARKER: u32 = 0xe_0100;
const LAST_MARKER: char = '\u{e01ef}';
/// The first byte of every marker, which no byte inside of a character equals.
const MARKERS_BYTE: u8 = 0xf3;

/// Returns the lines of a table, all of one width, and the lines below its rows.
pub(super) fn lines(table: &Table, screen: Screen) -> Vec<Text> {
    let cells: Vec<Vec<Cell>> = table.rows.iter().map(|row| cleaned(row, screen)).collect();
    let widths = Widths::of(table, &cells, screen);
    draw(table, &cells, &widths, screen)
}

/// Tells whether bars of the table are drawn on this screen: on a narrow one there may be no room for them.
pub(super) fn draws_bars(table: &Table, screen: Screen) -> bool {
    let cells: Vec<Vec<Cell>> = table.rows.iter().map(|row| cleaned(row, screen)).collect();
    let shown = Widths::of(table, &cells, screen).shown;
    let is_drawn = |(at, cell): (usize, &Cell)| !matches!(cell, Cell::Text(_)) && shown[at].is_some();
    cells.iter().any(|row| row.iter().enumerate().any(is_drawn))
}

/// Returns the lines of a table whose columns have these widths, for streams: nothing is measured.
pub(super) fn fixed_lines(table: &Table, widths: &[usize], screen: Screen) -> Vec<Text> {
    let cells: Vec<Vec<Cell>> = table.rows.iter().map(|row| cleaned(row, screen)).collect();
    let wider = |(at, width): (usize, &usize)| {
        let texts = cells.iter().filter_map(|row| match row.get(at) {
            Some(Cell::Text(text)) => Some(measure(text)),
            _ => None,
        });
        // A pipe has no edge to wrap at: a long name moves what follows it.
        let needed = if screen.width.is_none() { texts.max().unwrap_or(0).min(WIDEST) } else { 0 };
        Some(needed.max(*width))
    };
    let widths = Widths { shown: widths.iter().enumerate().map(wider).collect(), folded: Vec::new() };
    draw(table, &cells, &widths, screen)
}

fn cleaned(row: &Row, screen: Screen) -> Vec<Cell> {
    let clean = |cell: &Cell| match cell {
        Cell::Text(text) => Cell::Text(clean(text, screen, true)),
        Cell::Bar(share) => Cell::Bar(*share),
        Cell::Change(before, after) => Cell::Change(*before, *after),
    };
    row.cells.iter().map(clean).collect()
}

/// The width of each column that is shown, and those that moved below.
struct Widths {
    shown: Vec<Option<usize>>,
    folded: Vec<usize>,
}

/// What a column would like.
struct Wish {
    best: usize,
    /// Below this a column that may wrap is hard to read.
    fair: usize,
    /// Below this it is taken apart; a column that may not wrap wishes all it needs.
    tight: usize,
    /// Below this nothing can be read.
    least: usize,
    /// Below this a number is taken apart.
    legible: usize,
    /// Whether it is one of bars.
    is_bar: bool,
}

impl Widths {
    fn of(table: &Table, cells: &[Vec<Cell>], screen: Screen) -> Self {
        let wishes: Vec<Option<Wish>> = table
            .columns
            .iter()
            .enumerate()
            .map(|(at, column)| wish(table, column, at, cells, screen))
            .collect();
        let mut folded = Vec::new();
        let best = |wishes: &[Option<Wish>]| wishes.iter().map(|w| w.as_ref().map(|w| w.best)).collect();
        let Some(columns) = screen.columns() else { return Self { shown: best(&wishes), folded } };
        let room = columns.saturating_sub(table.indent);
        let mut wishes = wishes;
        loop {
            if total(&wishes, |wish| wish.best) <= room {
                folded.sort_unstable();
                return Self { shown: best(&wishes), folded };
            }
            if total(&wishes, |wish| wish.fair) <= room {
                folded.sort_unstable();
                return Self { shown: share_out(&wishes, room, |wish| wish.fair), folded };
            }
            let foldable = table.columns.iter().enumerate().filter(|(at, _)| wishes[*at].is_some());
            let foldable: Vec<(u8, usize)> =
                foldable.filter_map(|(at, column)| Some((column.fold?.order, at))).collect();
            let Some(order) = foldable.iter().map(|(order, _)| *order).max() else { break };
            for (_, at) in foldable.into_iter().filter(|(of, _)| *of == order) {
                wishes[at] = None;
                folded.push(at);
            }
        }
        spare_bars(&mut wishes, room);
        // Where even numbers would be taken apart, what stands at the right moves below, under its title.
        if total(&wishes, |wish| wish.legible) > room {
            while total(&wishes, |wish| wish.tight.min(FAIR)) > room {
                let shown = wishes.iter().enumerate().filter_map(|(at, wish)| wish.as_ref().map(|_| at));
                let Some(last) = shown.skip(1).last() else { break };
                wishes[last] = None;
                folded.push(last);
            }
        }
        folded.sort_unstable();
        let ways: [fn(&Wish) -> usize; 2] = [|wish| wish.tight, |wish| wish.legible];
        let way = ways.into_iter().find(|way| total(&wishes, way) <= room).unwrap_or(|wish| wish.least);
        Self { shown: share_out(&wishes, room, way), folded }
    }
}

/// Makes bars short where texts would be taken apart beside them, and takes them out where that is not enough: what a bar
/// shows stands beside it as a number.
fn spare_bars(wishes: &mut [Option<Wish>], room: usize) {
    for cells in [SHORT_BAR, 0] {
        if total(wishes, |wish| wish.tight) <= room {
            return;
        }
        for wish in wishes.iter_mut() {
            match wish {
                Some(bar) if bar.is_bar && cells == 0 => *wish = None,
                Some(bar) if bar.is_bar => {
                    (bar.fair, bar.tight, bar.legible, bar.least) = (cells, cells, cells, cells);
                }
                _ => {}
            }
        }
    }
}

/// Returns what a column would like; none for a column in which every cell is empty.
fn wish(table: &Table, column: &Column, at: usize, cells: &[Vec<Cell>], screen: Screen) -> Option<Wish> {
    let own = || cells.iter().filter_map(|row| row.get(at));
    if own().all(Cell::is_empty) {
        return None;
    }
    if own().any(|cell| matches!(cell, Cell::Bar(_) | Cell::Change(..))) {
        let (best, least, piped) = BAR;
        let best = if screen.width.is_some() { best } else { piped };
        return Some(Wish { best, fair: least, tight: least, least, legible: least, is_bar: true });
    }
    let title = if table.bare { 0 } else { measure(&Text::plain(column.title)) };
    let texts = || {
        own().filter_map(|cell| match cell {
            Cell::Text(text) => Some(text),
            Cell::Bar(_) | Cell::Change(..) => None,
        })
    };
    let best = texts().map(measure).max().unwrap_or(0).max(title).clamp(2, WIDEST);
    let word = texts().map(longest_word).max().unwrap_or(0).max(title).clamp(2, WIDEST);
    // A word is rather moved below with its column than taken apart.
    let whole = if column.fold.is_some() { word } else { word.min(FAIR) };
    let fair = if column.wraps { whole.max(best.div_ceil(3)).max(best.min(FAIR)) } else { best };
    let tight = if column.wraps { word.min(TIGHT) } else { best };
    let least = word.min(LEAST).min(best);
    let legible = if column.right && best <= TIGHT { best } else { least };
    Some(Wish { best, fair: fair.min(best), tight: tight.min(best), least, legible, is_bar: false })
}

fn total(wishes: &[Option<Wish>], of: impl Fn(&Wish) -> usize) -> usize {
    let shown = wishes.iter().flatten();
    shown.clone().map(of).sum::<usize>() + BETWEEN * shown.count().saturating_sub(1)
}

/// Gives every column its least width, and what is left to those that miss most.
fn share_out(wishes: &[Option<Wish>], room: usize, least: impl Fn(&Wish) -> usize) -> Vec<Option<usize>> {
    let mut left = room.saturating_sub(total(wishes, &least));
    let mut widths: Vec<Option<usize>> = wishes.iter().map(|wish| wish.as_ref().map(&least)).collect();
    while left > 0 {
        let misses = |(at, wish): (usize, &Option<Wish>)| {
            let missing = wish.as_ref()?.best.saturating_sub(widths[at]?);
            (missing > 0).then_some((missing, at))
        };
        let Some((_, at)) = wishes.iter().enumerate().filter_map(misses).max() else { break };
        widths[at] = widths[at].map(|width| width + 1);
        left -= 1;
    }
    widths
}

fn draw(table: &Table, cells: &[Vec<Cell>], widths: &Widths, screen: Screen) -> Vec<Text> {
    let shown: Vec<(usize, usize)> =
        widths.shown.iter().enumerate().filter_map(|(at, width)| Some((at, (*width)?))).collect();
    let mut drawing = comfy_table::Table::new();
    let rule = if screen.unicode { '─' } else { '-' };
    let style = TableStyle::new();
    drawing.load_style(if table.bare { style } else { style.header_separator(LineStyle::none().fill(rule)) });
    if !table.bare {
        drawing.set_header(shown.iter().map(|(at, width)| {
            let title = Text::styled(Style::Title, table.columns[*at].title);
            content(&wrap(&title, *width))
        }));
    }
    let mut heights = Vec::with_capacity(cells.len());
    for row in cells {
        let row: Vec<Vec<Text>> = shown
            .iter()
            .map(|(at, width)| match row.get(*at) {
                Some(Cell::Text(text)) => wrap(text, *width),
                Some(Cell::Bar(share)) => vec![clean(&bar(*share, *width), screen, false)],
                Some(Cell::Change(before, after)) => {
                    vec![clean(&change_bar(*before, *after, *width), screen, false)]
                }
                None => vec![Text::new()],
            })
            .collect();
        heights.push(row.iter().map(Vec::len).max().unwrap_or(1).max(1));
        drawing.add_row(row.iter().map(|lines| content(lines)));
    }
    let last = shown.len().saturating_sub(1);
    for (at, (column, width)) in shown.iter().enumerate() {
        if let Some(drawn) = drawing.column_mut(at) {
            let right = table.columns[*column].right;
            drawn.set_cell_alignment(if right { CellAlignment::Right } else { CellAlignment::Left });
            let padding = if at == last { 0 } else { BETWEEN };
            drawn.set_padding((0, narrow(padding)));
            drawn.set_constraint(ColumnConstraint::Absolute(Width::Fixed(narrow(width + padding))));
        }
    }
    let mut drawn = drawing.lines().map(|line| indented(table.indent, unmarked(&line)));
    let mut out: Vec<Text> = Vec::new();
    if !table.bare {
        let header = shown.iter().map(|(at, width)| wrap(&table.columns[*at].title.into(), *width).len());
        out.extend(drawn.by_ref().take(header.max().unwrap_or(1)));
        let rule = drawn.next().unwrap_or_default();
        out.push(Text {
            spans: rule.spans.into_iter().map(|span| Span { style: Style::Track, ..span }).collect(),
        });
    }
    for ((row, own), height) in table.rows.iter().zip(cells).zip(heights) {
        out.extend(drawn.by_ref().take(height));
        out.extend(below(table, row, own, &widths.folded, screen));
    }
    out
}

/// Returns the lines below a row: the cells of folded columns, then the row's own.
fn below(table: &Table, row: &Row, cells: &[Cell], folded: &[usize], screen: Screen) -> Vec<Text> {
    let parts = folded.iter().filter_map(|at| match cells.get(*at) {
        Some(Cell::Text(text)) if !text.is_empty() => {
            let column = &table.columns[*at];
            let label = column.fold.map_or_else(|| column.title.to_lowercase(), |fold| fold.label.to_owned());
            let blank = if label.is_empty() { "" } else { " " };
            Some(Text::styled(Style::Faint, format!("{label}{blank}")).join(text.clone()))
        }
        _ => None,
    });
    let parts = clean(&Text::dotted(parts), Screen { ci: false, ..screen }, true);
    let own = row.below.iter().map(|text| clean(text, screen, true));
    let lines = std::iter::once(parts).chain(own).filter(|text| !text.is_empty());
    let mark = clean(&Text::styled(Style::Faint, "↳ "), screen, false);
    lines.flat_map(|text| hang(table.indent + 2, mark.clone(), &text, screen)).collect()
}

/// Returns the lines of a cell as comfy-table takes them, styles as markers.
fn content(lines: &[Text]) -> String {
    let mut out = String::new();
    for (at, line) in lines.iter().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        for span in &line.spans {
            match marker(span.style) {
                Some(first) => {
                    out.push(first);
                    out.push_str(&span.text);
                    out.push(LAST_MARKER);
                }
                None => out.push_str(&span.text),
            }
        }
    }
    out
}

/// Returns the marker that opens a style; none for plain text.
fn marker(style: Style) -> Option<char> {
    let at = Style::ALL.iter().position(|other| *other == style).filter(|_| style != Style::Plain)?;
    char::from_u32(FIRST_MARKER + u32::try_from(at).ok()?)
}

/// Returns a drawn line with the styles that its markers stand for.
fn unmarked(line: &str) -> Text {
    let mut out = Text::new();
    let (mut style, mut from) = (Style::Plain, 0);
    for at in memchr::memchr_iter(MARKERS_BYTE, line.as_bytes()) {
        let marker = line.get(at..).and_then(|rest| rest.chars().next());
        if let Some((marker, next)) = marker.and_then(|marker| Some((marker, style_of(marker)?))) {
            out = out.with(style, &line[from..at]);
            (style, from) = (next, at + marker.len_utf8());
        }
    }
    out.with(style, &line[from..])
}

/// Returns the style that begins at a marker.
fn style_of(c: char) -> Option<Style> {
    let at = u32::from(c).checked_sub(FIRST_MARKER)?;
    if c == LAST_MARKER {
        return Some(Style::Plain);
    }
    Style::ALL.get(usize::try_from(at).ok()?).copied()
}

/// comfy-table counts columns in 16 bits; every width here is at most [`WIDEST`].
fn narrow(width: usize) -> u16 {
    u16::try_from(width).unwrap_or(u16::MAX)
}
