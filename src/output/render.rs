//! One report in any format.

use serde::Serialize;

use crate::report::{FreshnessReport, Report};

use super::delimited::{self, Records};
use super::document::{Document, Text};
use super::format::Format;
use super::json;
use super::markdown;
use super::screen::Screen;
use super::text;

/// A report that can be shown to people and programs. Its notes are not part of what is shown here: they go
/// to stderr, through [`super::note`].
pub trait Present: Report + Sized {
    /// Returns what people see.
    fn document(&self) -> Document;

    /// Returns what `-o markdown` has; what people see, unless that needs another shape.
    fn markdown(&self) -> Document {
        self.document()
    }

    /// Returns what `-o csv` has.
    fn records(&self) -> Records;

    /// Returns the names that `-o name` prints.
    fn names(&self) -> Vec<String>;

    /// Returns the lines of `-o jsonl`; the whole report on one line, unless it is a list of things.
    fn json_lines(&self, screen: &Screen) -> String {
        json::line(Self::SCHEMA, self, *screen)
    }

    /// Returns what a format for CI systems has: GitHub's, the XML of test results, or SARIF. Only reports whose command
    /// answers in that format are asked.
    fn for_ci(&self, _format: Format, _screen: &Screen) -> String {
        String::new()
    }

    /// Returns the one bare value that stands for the answer, if it is a single one.
    fn bare(&self) -> Option<String> {
        None
    }
}

/// Returns a report as it goes to stdout: it ends with one newline, unless it is empty.
pub fn render<R: Present>(report: &R, format: Format, screen: &Screen) -> String {
    let screen = *screen;
    match format {
        Format::Table => match report.bare() {
            Some(value) => lines(&[value], screen),
            None => text::text(&report.document(), screen),
        },
        Format::Json => json::document(R::SCHEMA, report, screen),
        Format::Jsonl => report.json_lines(&screen),
        Format::Csv => delimited::csv(&report.records(), screen),
        Format::Markdown => markdown::markdown(&report.markdown(), screen),
        Format::Name => lines(&report.names(), screen),
        Format::Github | Format::Junit | Format::Sarif => report.for_ci(format, &screen),
    }
}

/// Returns a text of several lines that somebody else put together, neutralised line by line and not wrapped.
pub fn foreign(text: &str, screen: Screen) -> String {
    lines(&text.lines().map(str::to_owned).collect::<Vec<_>>(), screen)
}

/// Returns neutralised lines that are never wrapped.
fn lines(all: &[String], screen: Screen) -> String {
    let screen = Screen { width: None, color: false, unicode: true, ..screen };
    text::emit(
        all.iter().map(|line| super::width::clean(&Text::plain(line), screen, false)).collect(),
        screen,
    )
}

/// One object of a list, on a line of its own, with what holds for all of them.
#[derive(Serialize)]
pub(super) struct Line<'a, T: Serialize> {
    #[serde(flatten)]
    pub(super) item: &'a T,
    pub(super) freshness: &'a FreshnessReport,
}

/// Returns the lines of `-o jsonl` of a list of things of one kind.
pub(super) fn item_lines<T: Serialize>(
    schema: &'static str,
    items: &[T],
    freshness: &FreshnessReport,
    screen: Screen,
) -> String {
    items.iter().map(|item| json::line(schema, &Line { item, freshness }, screen)).collect()
}
