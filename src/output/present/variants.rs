//! How `variant-for-user` looks, one user or a stream of them.

use crate::bucket::Number;
use crate::report::{VariantReport, VariantsReport};

use super::super::delimited::Records;
use super::super::document::{Column, Document, Row, Table, Text};
use super::super::number::short;
use super::super::render::{Present, item_lines};
use super::super::screen::Screen;
use super::super::style::Style;
use super::common::{or_empty, origin_footer};
use super::list::shares;

/// The schema of one variant in `-o jsonl`.
pub(in super::super) const ITEM: &str = "ffctl.variant/1";

/// The columns of `-o csv`.
pub(in super::super) const CSV_HEADER: &[&str] = &[
    "user",
    "experiment",
    "variant",
    "bucket",
    "reason",
    "error_code",
    "gate",
    "flag",
    "forced",
    "algorithm",
];

/// The columns of the table.
const COLUMNS: [Column; 7] = [
    Column::new("USER"),
    Column::new("EXPERIMENT"),
    Column::new("VARIANT"),
    Column::number("BUCKET"),
    Column::new("SHARES").wrapping().folding(1, "shares"),
    Column::new("GATE").wrapping().folding(0, "gate"),
    Column::new("REASON").wrapping(),
];

impl Present for VariantsReport {
    fn document(&self) -> Document {
        let mut document = Document::new();
        let mut table = table(&self.variants);
        // One user is said once.
        let first = self.variants.first().and_then(|variant| variant.user.as_ref());
        if let Some(user) =
            first.filter(|_| self.variants.iter().all(|variant| variant.user.as_ref() == first))
        {
            let known = self.directory.as_ref().map(|known| format!(" ({})", known.words()));
            let line = Text::styled(Style::Faint, "for user ").with(Style::Strong, user);
            document.line(line.with(Style::Faint, known.unwrap_or_default()));
            table.columns.remove(0);
            for row in &mut table.rows {
                row.cells.remove(0);
            }
        }
        document.table(table);
        if self.variants.is_empty() {
            document.line("no experiments");
        }
        let footer = origin_footer(&self.target, &self.freshness, false);
        if !footer.is_empty() {
            document.gap();
            document.line(footer);
        }
        document
    }

    fn records(&self) -> Records {
        Records { header: CSV_HEADER, rows: self.variants.iter().map(record).collect() }
    }

    fn names(&self) -> Vec<String> {
        self.variants.iter().map(|variant| variant.variant.to_string()).collect()
    }

    fn json_lines(&self, screen: &Screen) -> String {
        item_lines(ITEM, &self.variants, &self.freshness, *screen)
    }
}

/// The columns of a stream.
pub(in super::super) const STREAM_COLUMNS: [Column; 6] = [
    Column::new("USER"),
    Column::new("EXPERIMENT"),
    Column::new("VARIANT"),
    Column::number("BUCKET"),
    Column::new("GATE"),
    Column::new("REASON"),
];

/// Returns the table of some variants.
fn table(variants: &[VariantReport]) -> Table {
    Table { columns: COLUMNS.to_vec(), rows: variants.iter().map(row).collect(), ..Table::default() }
}

/// Returns the row of a variant as a stream shows it: without what is the same on every line.
pub(in super::super) fn stream_row(variant: &VariantReport) -> Row {
    let mut row = row(variant);
    row.cells[3] = variant.bucket.map_or_else(String::new, short).into();
    row.cells[5] = gate_word(variant).into();
    row.cells.remove(4);
    row
}

fn gate_word(variant: &VariantReport) -> Text {
    variant.gate.map_or_else(Text::new, |gate| {
        Text::styled(if gate == "open" { Style::On } else { Style::Off }, gate)
    })
}

/// Returns the row of a variant.
fn row(variant: &VariantReport) -> Row {
    let bucket = match (variant.bucket, variant.total) {
        (Some(bucket), Some(total @ Number::Whole(_))) => {
            Text::plain(short(bucket)).with(Style::Faint, format!(" of {}", short(total)))
        }
        (Some(bucket), _) => Text::plain(short(bucket)),
        (None, _) => Text::new(),
    };
    let gate = match (variant.gate, &variant.flag) {
        (Some(_), Some(flag)) => Text::styled(Style::Faint, format!("{flag}: ")).join(gate_word(variant)),
        _ => gate_word(variant),
    };
    let reason = match variant.error_code {
        Some(code) => Text::styled(Style::Error, format!("error: {code}")),
        None if variant.forced => Text::styled(Style::Warning, "forced"),
        None => Text::styled(Style::Faint, variant.reason.word()),
    };
    let user = match &variant.user {
        Some(user) => Text::plain(user),
        None => Text::styled(Style::Faint, "(no key)"),
    };
    Row::new([
        user.into(),
        Text::styled(Style::Strong, &*variant.experiment).into(),
        variant.variant.to_string().into(),
        bucket.into(),
        variant.shares.as_ref().map_or_else(String::new, shares).into(),
        gate.into(),
        reason.into(),
    ])
}

/// Returns the values of a variant for `-o csv`.
pub(in super::super) fn record(variant: &VariantReport) -> Vec<String> {
    vec![
        variant.user.clone().unwrap_or_default(),
        variant.experiment.clone(),
        variant.variant.to_string(),
        or_empty(variant.bucket),
        variant.reason.word().to_owned(),
        variant.error_code.unwrap_or_default().to_owned(),
        variant.gate.unwrap_or_default().to_owned(),
        variant.flag.clone().unwrap_or_default(),
        variant.forced.to_string(),
        variant.algorithm.name().to_owned(),
    ]
}
