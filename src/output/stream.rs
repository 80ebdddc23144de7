//! The variants of many users, one after the other in constant memory.

use crate::report::{FreshnessReport, Report, TargetReport, VariantReport, VariantsReport};

use super::delimited;
use super::document::{Row, Table};
use super::format::Format;
use super::json;
use super::markdown;
use super::present::{CSV_HEADER, ITEM, STREAM_COLUMNS, record, stream_row};
use super::sanitize::escape_json;
use super::screen::Screen;
use super::table::fixed_lines;
use super::text::emit;
use super::width::measure;

/// The widths of the columns where there is room, and the least.
const WIDTHS: [(usize, usize); 6] = [(36, 8), (28, 10), (16, 7), (6, 6), (6, 6), (28, 15)];
/// All of them.
const SHOWN: [usize; 6] = [0, 1, 2, 3, 4, 5];

/// Writes variants as they come: [`Self::header`], then [`Self::row`] for each, then [`Self::end`].
#[derive(Clone, Debug)]
pub struct VariantStream {
    format: Format,
    screen: Screen,
    about: Option<(TargetReport, FreshnessReport)>,
    widths: Vec<usize>,
}

impl VariantStream {
    /// Returns a stream in a format.
    pub fn new(format: Format, screen: Screen) -> Self {
        Self { format, screen, about: None, widths: widths(screen) }
    }

    /// Makes the columns as wide as the names that can come, where there is room.
    #[must_use]
    pub fn fitting<'n>(
        mut self,
        experiments: impl Iterator<Item = &'n str>,
        variants: impl Iterator<Item = &'n str>,
    ) -> Self {
        let widest = |names: &mut dyn Iterator<Item = &'n str>| {
            names.map(|name| measure(&name.into())).max().unwrap_or(0)
        };
        let mut experiments = experiments;
        let mut variants = variants;
        for (at, widest) in [(1, widest(&mut experiments)), (2, widest(&mut variants))] {
            self.widths[at] = self.widths[at].min(widest.max(WIDTHS[at].1));
        }
        self
    }

    /// Says what the admin layer was read from; `-o json` carries it.
    #[must_use]
    pub fn about(mut self, target: TargetReport, freshness: FreshnessReport) -> Self {
        self.about = Some((target, freshness));
        self
    }

    /// Returns what stands before the first row.
    pub fn header(&self) -> String {
        match self.format {
            Format::Table => {
                let header = table(Vec::new());
                emit(fixed_lines(&header, &self.widths, self.screen), self.screen)
            }
            Format::Json => self.json_header(),
            Format::Jsonl | Format::Name | Format::Github | Format::Junit | Format::Sarif => String::new(),
            Format::Csv => delimited::line(CSV_HEADER.iter().copied(), self.screen),
            Format::Markdown => markdown::finish(markdown::header(&table(Vec::new()), &SHOWN), self.screen),
        }
    }

    /// Returns the row of a variant, as it stands after another one; see [`Self::first`]. Rows may be put
    /// together on several threads.
    pub fn row(&self, variant: &VariantReport) -> String {
        match self.format {
            Format::Table => {
                let table = Table { bare: true, ..table(vec![stream_row(variant)]) };
                emit(fixed_lines(&table, &self.widths, self.screen), self.screen)
            }
            Format::Json => {
                let json = serde_json::to_string(variant).expect("a variant has text keys alone");
                escape_json(format!(",\n    {json}"), self.screen.ci)
            }
            Format::Jsonl => json::line(ITEM, variant, self.screen),
            Format::Csv => delimited::line(record(variant).iter().map(String::as_str), self.screen),
            Format::Markdown => {
                markdown::finish(vec![markdown::row(&stream_row(variant), &SHOWN)], self.screen)
            }
            Format::Name => format!("{}\n", variant.variant),
            // No command that streams answers in them.
            Format::Github | Format::Junit | Format::Sarif => String::new(),
        }
    }

    /// Returns the first rows without what separates a row from the one before.
    pub fn first<'t>(&self, rows: &'t str) -> &'t str {
        match self.format {
            Format::Json => rows.strip_prefix(',').unwrap_or(rows),
            _ => rows,
        }
    }

    /// Returns what stands after the last row; `any` says whether there was one.
    pub fn end(&self, any: bool) -> String {
        match self.format {
            Format::Json => if any { "\n  ]\n}\n" } else { "]\n}\n" }.to_owned(),
            _ => String::new(),
        }
    }

    /// Returns the JSON of the report up to its variants, which come last here.
    fn json_header(&self) -> String {
        let mut out = format!("{{\n  \"schema\": \"{}\",\n", VariantsReport::SCHEMA);
        if let Some((target, freshness)) = &self.about {
            let target = serde_json::to_string(target).expect("a target has text keys alone");
            let freshness = serde_json::to_string(freshness).expect("a freshness has text keys alone");
            out.extend(["  \"target\": ", &target, ",\n  \"freshness\": ", &freshness, ",\n"]);
        }
        out.push_str("  \"variants\": [");
        escape_json(out, self.screen.ci)
    }
}

fn table(rows: Vec<Row>) -> Table {
    Table { columns: STREAM_COLUMNS.to_vec(), rows, ..Table::default() }
}

/// Returns the widths of the columns: as wide as the terminal allows, the same for every row.
fn widths(screen: Screen) -> Vec<usize> {
    let mut widths: Vec<usize> = WIDTHS.iter().map(|(best, _)| *best).collect();
    let Some(columns) = screen.columns() else { return widths };
    let room = columns.saturating_sub(2 * (WIDTHS.len() - 1));
    while widths.iter().sum::<usize>() > room {
        let spare = widths.iter().zip(WIDTHS).enumerate();
        let spare = spare.map(|(at, (width, (_, least)))| (width.saturating_sub(least), at));
        match spare.max() {
            Some((1.., at)) => widths[at] -= 1,
            _ => break,
        }
    }
    widths
}
