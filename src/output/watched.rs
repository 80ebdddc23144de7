//! What is watched, a line at a time, in any format.

use crate::report::WatchReport;

use super::delimited;
use super::document::{Row, Table};
use super::format::Format;
use super::markdown;
use super::present::{WATCH_COLUMNS, watch_row};
use super::render::{Present, render};
use super::screen::Screen;

/// Returns the line of an event; with what stands above all lines if it is the `first`. As JSON the lines are what
/// stands between the brackets of a list.
pub fn watched(report: &WatchReport, format: Format, screen: &Screen, first: bool) -> String {
    match format {
        Format::Table | Format::Name => render(report, format, screen),
        Format::Jsonl => report.json_lines(screen),
        Format::Json => format!("{}{}", if first { "" } else { "," }, report.json_lines(screen)),
        Format::Csv => {
            let records = report.records();
            let header = first.then(|| delimited::line(records.header.iter().copied(), *screen));
            let rows =
                records.rows.iter().map(|row| delimited::line(row.iter().map(String::as_str), *screen));
            header.into_iter().chain(rows).collect()
        }
        Format::Markdown => {
            let all: Vec<usize> = (0..WATCH_COLUMNS.len()).collect();
            let row: Row = watch_row(report);
            let table = Table { columns: WATCH_COLUMNS.to_vec(), ..Table::default() };
            let mut lines = if first { markdown::header(&table, &all) } else { Vec::new() };
            lines.push(markdown::row(&row, &all));
            markdown::finish(lines, *screen)
        }
        // The command does not answer in them.
        Format::Github | Format::Junit | Format::Sarif => String::new(),
    }
}
