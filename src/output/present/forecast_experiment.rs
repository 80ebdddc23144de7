//! How the variants of an experiment look, and the test of their counts.

use crate::report::{ExperimentReport, SampleRatio, VariationCount};

use super::super::document::{Cell, Column, Document, Row, Table, Text};
use super::super::number::{percent, probability, thousands};
use super::super::style::Style;

/// Returns how many get a variation, with its bar.
pub(super) fn counted_row(one: &VariationCount) -> Row {
    Row::new([
        Text::plain(one.variation.to_string()).into(),
        Cell::Bar(one.share),
        Text::styled(Style::Strong, percent(one.share)).into(),
        thousands(one.users).into(),
        one.expected.map_or_else(String::new, percent).into(),
    ])
}

/// Shows the variants, and who is counted apart.
pub(super) fn show_experiment(document: &mut Document, experiment: &ExperimentReport, only: bool) {
    // Where nobody is counted apart, the table of all states has the same numbers.
    let shown_above = !only && experiment.forced + experiment.gated == 0;
    if !shown_above {
        document.heading(if only { "Variants" } else { "Variants after, against their shares" });
    }
    let rows = if shown_above { Vec::new() } else { experiment.variants.iter().map(counted_row).collect() };
    document.table(variants(rows));
    let apart = |number: u64, what: &str| match number {
        0 => Text::new(),
        number => Text::plain(format!("{} {what}", thousands(number))),
    };
    let parts = [apart(experiment.forced, "forced"), apart(experiment.gated, "behind the closed gate")];
    let parts = Text::dotted(parts);
    if !parts.is_empty() {
        document.line(Text::styled(Style::Faint, "counted apart: ").join(parts));
    }
    if let Some(test) = &experiment.sample_ratio {
        document.line(figures(test));
    }
}

/// The figures of a test of counts against shares.
pub(super) fn figures(test: &SampleRatio) -> Text {
    let figures = format!(
        "χ² = {:.3}, {} degree{} of freedom, p = {} (the limit is 0.001), largest deviation {:.2} points",
        test.chi_square,
        test.degrees,
        if test.degrees == 1 { "" } else { "s" },
        probability(test.p),
        test.deviation_points
    );
    let figures = match test.design_effect {
        Some(effect) => format!("{figures}; {effect:.1} users count as one"),
        None => figures,
    };
    Text::styled(if test.mismatch { Style::Error } else { Style::Faint }, figures)
}

/// Returns a table with a row for each variant, see [`counted_row`].
pub(super) fn variants(rows: Vec<Row>) -> Table {
    Table {
        columns: vec![
            Column::new("VARIANT"),
            Column::new(""),
            Column::number("SHARE"),
            Column::number("USERS"),
            Column::number("EXPECTED"),
        ],
        rows,
        ..Table::default()
    }
}
