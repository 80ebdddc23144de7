//! The plot of a ramp: a column for each state, stacked by what is served, as high as its share.

use super::document::{Plot, PlotColumn, Text};
use super::number::short_percent;
use super::screen::Screen;
use super::style::Style;
use super::width::{clean, measure, wrap};

/// How many lines a plot is high, and the cells of its scale.
const HEIGHT: usize = 8;
const SCALE: usize = 7;
/// The cells of a column with the room beside it: at most, and at least, where its number still fits.
const SLOT: (usize, usize) = (18, 7);
/// The cells of a plot where there is no terminal.
const PIPED: usize = 80;
/// How many lines a label below a column may take.
const LABEL: usize = 3;

/// What a column is filled with, by the place of what is served: distinct without colours.
const FILLS: [&str; 6] = ["█", "▒", "▓", "░", "▚", "╳"];
const ASCII_FILLS: [&str; 6] = ["#", "+", "=", ".", "%", "x"];
/// The upper end of a column in eighths of a cell.
const EIGHTHS: [&str; 9] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
/// Where a mark stands above its column.
const MARK: (&str, &str) = ("╌", "-");

/// Returns the lines of a plot; none where its columns do not fit.
pub(super) fn lines(plot: &Plot, screen: Screen) -> Vec<Text> {
    let room = screen.columns().unwrap_or(PIPED).saturating_sub(SCALE);
    let Some(slot) = room.checked_div(plot.columns.len()).filter(|slot| *slot >= SLOT.1) else {
        return Vec::new();
    };
    let canvas = Canvas {
        slot: slot.min(SLOT.0),
        top: top(plot),
        unicode: screen.unicode,
        several: plot.series.len() > 1,
    };
    let mut out = Vec::new();
    // One line more than the scale has, where a number stands above a column of full height.
    let above = plot.columns.iter().any(|column| canvas.value(column) == HEIGHT);
    for line in (0..HEIGHT + usize::from(above)).rev() {
        let columns = plot.columns.iter().map(|column| canvas.cells(column, line));
        out.push(columns.fold(canvas.scale(line), Text::join));
    }
    let width = canvas.slot * plot.columns.len();
    out.push(
        Text::plain(" ".repeat(SCALE - 1))
            .with(Style::Track, format!("{}{}", if screen.unicode { "└" } else { "+" }, "─".repeat(width))),
    );
    let mut out: Vec<Text> = out.iter().map(|line| clean(line, screen, false)).collect();
    let labels: Vec<Vec<Text>> = plot
        .columns
        .iter()
        .map(|column| wrap(&clean(&Text::plain(&*column.label), screen, true), canvas.slot - 1))
        .collect();
    for line in 0..labels.iter().map(Vec::len).max().unwrap_or(0).min(LABEL) {
        let label = |label: &Vec<Text>| centred(label.get(line).cloned().unwrap_or_default(), canvas.slot);
        out.push(labels.iter().map(label).fold(Text::plain(" ".repeat(SCALE)), Text::join));
    }
    out.extend(canvas.legend(plot).iter().flat_map(|legend| super::text::paragraph(legend, screen)));
    out
}

/// Returns the share at the upper edge: the smallest round one that everything fits below.
fn top(plot: &Plot) -> f64 {
    let highest = plot.columns.iter().map(|column| total(column).max(column.mark.unwrap_or(0.0)));
    let most = highest.fold(0.0, f64::max);
    [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8]
        .into_iter()
        .find(|end| most <= *end)
        .unwrap_or(1.0)
}

fn total(column: &PlotColumn) -> f64 {
    column.parts.iter().sum()
}

/// Returns text in the middle of some cells.
fn centred(text: Text, cells: usize) -> Text {
    let free = cells.saturating_sub(measure(&text));
    Text::plain(" ".repeat(free / 2)).join(text).and(" ".repeat(free - free / 2))
}

/// What holds for all columns.
struct Canvas {
    slot: usize,
    top: f64,
    unicode: bool,
    several: bool,
}

impl Canvas {
    /// Returns the height of a share, in lines.
    fn height(&self, share: f64) -> f64 {
        share / self.top * f64::from(u8::try_from(HEIGHT).unwrap_or(u8::MAX))
    }

    /// Returns a height in eighths of a line; what is more than nothing has one at least.
    fn eighths(&self, share: f64) -> usize {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share of at most one, and as many eighths as a plot has"
        )]
        let eighths = (self.height(share.clamp(0.0, 1.0)) * 8.0).round() as usize;
        if share > 0.0 { eighths.max(1) } else { 0 }
    }

    /// The scale at the left: the upper edge, its half, and nothing.
    fn scale(&self, line: usize) -> Text {
        let share = match HEIGHT - line {
            0 => return Text::plain(" ".repeat(SCALE)),
            1 => Some(self.top),
            half if half == HEIGHT / 2 + 1 => Some(self.top / 2.0),
            _ => None,
        };
        let label = share.map_or_else(String::new, short_percent);
        Text::styled(Style::Faint, format!("{label:>0$} ", SCALE - 2)).with(Style::Track, "│")
    }

    /// The cells of a column on a line, from 0 at the bottom: the column, its number above, or the mark.
    fn cells(&self, column: &PlotColumn, line: usize) -> Text {
        let width = (self.slot * 2).div_ceil(3);
        let fill = self.fill(column);
        let in_line = fill.saturating_sub(line * 8).min(8);
        if in_line > 0 {
            let at = self.part(column, line);
            let (fill, plain) = (FILLS[at % FILLS.len()], ASCII_FILLS[at % FILLS.len()]);
            let fill = match (self.unicode, in_line) {
                (false, _) => plain,
                (true, 8) => fill,
                (true, eighths) => EIGHTHS[eighths],
            };
            return centred(Text::styled(Style::Series(at % FILLS.len()), fill.repeat(width)), self.slot);
        }
        if line == self.value(column) {
            return centred(Text::styled(Style::Strong, &*column.value), self.slot);
        }
        if self.marked(column) == Some(line) {
            let mark = if self.unicode { MARK.0 } else { MARK.1 };
            return centred(Text::styled(Style::Faint, mark.repeat(width)), self.slot);
        }
        Text::plain(" ".repeat(self.slot))
    }

    /// Returns how much of a column is filled, in eighths of a line.
    fn fill(&self, column: &PlotColumn) -> usize {
        let eighths = self.eighths(total(column));
        if self.several || !self.unicode { eighths.div_ceil(8) * 8 } else { eighths }
    }

    /// Returns the line of a column's number: above the column, and above its mark.
    fn value(&self, column: &PlotColumn) -> usize {
        self.marked(column).map_or_else(|| self.fill(column).div_ceil(8), |mark| mark + 1)
    }

    /// Returns the line of a column's mark; none where it would stand in the column itself.
    fn marked(&self, column: &PlotColumn) -> Option<usize> {
        let filled = self.fill(column).div_ceil(8);
        let line = column.mark.map(|mark| self.eighths(mark).saturating_sub(1) / 8)?;
        (line >= filled).then_some(line)
    }

    /// Returns which part of a column has the middle of a line, or is the last one below it.
    fn part(&self, column: &PlotColumn, line: usize) -> usize {
        let middle = f64::from(u8::try_from(line).unwrap_or(u8::MAX)) + 0.5;
        let mut below = 0.0;
        let mut last = 0;
        for (at, part) in column.parts.iter().enumerate().filter(|(_, part)| **part > 0.0) {
            below += part;
            last = at;
            if self.height(below) > middle {
                break;
            }
        }
        last
    }

    /// Names what is stacked, and the mark.
    fn legend(&self, plot: &Plot) -> Option<Text> {
        let fills = if self.unicode { FILLS } else { ASCII_FILLS };
        let entry = |(at, name): (usize, &String)| {
            let at = at % fills.len();
            Text::styled(Style::Series(at), fills[at]).and(format!(" {name}"))
        };
        let mut all: Vec<Text> = Vec::new();
        if self.several {
            all.extend(plot.series.iter().enumerate().map(entry));
        }
        if plot.columns.iter().any(|column| self.marked(column).is_some()) {
            let mark = if self.unicode { MARK.0 } else { MARK.1 };
            all.push(Text::styled(Style::Faint, mark).and(format!(" {}", plot.mark)));
        }
        let between = |line: Text, entry| if line.is_empty() { entry } else { line.and("  ").join(entry) };
        Some(all.into_iter().fold(Text::new(), between))
            .filter(|line| !line.is_empty())
            .map(|line| Text::plain(" ".repeat(SCALE)).join(line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(plot: &Plot, screen: Screen) -> Vec<String> {
        let line = |line: Text| {
            line.spans.iter().map(|span| span.text.as_str()).collect::<String>().trim_end().to_owned()
        };
        lines(plot, screen).into_iter().map(line).collect()
    }

    fn column(label: &str, parts: &[f64], mark: Option<f64>) -> PlotColumn {
        let value = short_percent(parts.iter().sum());
        PlotColumn { label: label.into(), value, parts: parts.to_vec(), mark }
    }

    fn ramp() -> Plot {
        let columns = vec![
            column("now", &[0.0], None),
            column("1%", &[0.01], None),
            column("git:origin/main", &[0.5], Some(0.51)),
            column("back", &[0.25], Some(0.76)),
            column("100%", &[1.0], Some(1.0)),
        ];
        Plot { columns, series: vec!["on".into()], mark: "ever exposed" }
    }

    fn screen(width: u16, unicode: bool) -> Screen {
        Screen { width: Some(width), unicode, ..Screen::default() }
    }

    #[test]
    fn a_ramp_stands_on_its_axis() {
        assert_eq!(
            shown(&ramp(), screen(60, true)),
            [
                "                                                  100%",
                " 100% │                                 25%     ███████",
                "      │                               ╌╌╌╌╌╌╌   ███████",
                "      │                       50%               ███████",
                "      │                     ╌╌╌╌╌╌╌             ███████",
                "  50% │                     ███████             ███████",
                "      │                     ███████             ███████",
                "      │              1%     ███████   ███████   ███████",
                "      │    0%     ▁▁▁▁▁▁▁   ███████   ███████   ███████",
                "      └──────────────────────────────────────────────────",
                "          now        1%    git:origi    back      100%",
                "                             n/main",
                "       ╌ ever exposed",
            ]
        );
    }

    #[test]
    fn what_is_stacked_differs_without_colour() {
        let columns = vec![
            column("a", &[0.25, 0.25, 0.5], None),
            column("b", &[0.5, 0.0, 0.125], None),
            column("c", &[0.0, 1.0, 0.0], None),
        ];
        let plot = Plot { columns, series: ["one", "two", "three"].map(String::from).to_vec(), mark: "" };
        for unicode in [true, false] {
            let lines = shown(&plot, screen(40, unicode));
            assert_eq!(
                lines.last().map(|line| line.trim_start()),
                Some(if unicode { "█ one  ▒ two  ▓ three" } else { "# one  + two  = three" })
            );
            assert!(unicode || lines.iter().all(|line| line.is_ascii()), "{lines:#?}");
            let count = |fill: &str| lines[..9].iter().filter(|line| line.contains(fill)).count();
            let fills = if unicode { FILLS } else { ASCII_FILLS };
            assert_eq!(
                fills[..3].iter().map(|fill| count(&fill.repeat(4))).collect::<Vec<_>>(),
                [4, 8, 4],
                "{lines:#?}"
            );
        }
    }

    #[test]
    fn columns_that_do_not_fit_are_not_drawn() {
        let mut plot = ramp();
        assert!(lines(&plot, screen(20, true)).is_empty());
        plot.columns.clear();
        assert!(lines(&plot, screen(80, true)).is_empty());
    }
}
