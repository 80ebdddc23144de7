//! How a forecast shows times, and what users must pass first.

use crate::report::{FunnelReport, FunnelStep, TimePoint, TimesReport};

use super::super::document::{Cell, Column, Document, Row, Table, Text};
use super::super::number::{count, counted, percent, share, span, thousands};
use super::super::style::Style;
use super::common::tick;
use super::forecast::{sample, signed};

/// Shows one state at several times.
pub(super) fn times(document: &mut Document, report: &TimesReport) {
    let (state, every) = (report.state.as_str(), span(report.every_seconds));
    document.heading(format!("In the state {state}, every {every}"));
    if !report.depends_on_time {
        document.line(Text::styled(
            Style::Faint,
            "nothing here depends on the time: no rule asks for an account's age, no override ends",
        ));
    }
    document.table(points(&report.points));
    if report.flapping == 0 {
        document.item(0, tick(true), "Nobody is on, off and on again, or the reverse.");
        return;
    }
    let verb = if report.flapping == 1 { "is" } else { "are" };
    let text = format!("{} {verb} on, off and on again, or the reverse.", counted(report.flapping, "user"));
    document.item(0, Text::styled(Style::Warning, "!"), text);
    if let Some(ids) = sample("such as", Style::Warning, report.flapping, &report.sample_flapping) {
        document.item(1, Text::styled(Style::Faint, "·"), ids);
    }
}

fn points(points: &[TimePoint]) -> Table {
    let row = |point: &TimePoint| {
        let mut row = Row::new([
            Text::styled(Style::Strong, point.at.to_string()).into(),
            Cell::Bar(point.share),
            Text::styled(Style::Strong, percent(point.share)).into(),
            thousands(point.on).into(),
            signed("+", point.joins, Style::Added).into(),
            signed("-", point.leaves, Style::Removed).into(),
            signed("~", point.switches, Style::Warning).into(),
            thousands(point.exposed).into(),
        ]);
        if !point.ended.is_empty() {
            row.below.push(Text::styled(Style::Warning, "ends: ").and(point.ended.join(", ")));
        }
        row
    };
    Table {
        columns: vec![
            Column::new("TIME"),
            Column::new(""),
            Column::number("SHARE ON"),
            Column::number("USERS ON"),
            Column::number("JOIN"),
            Column::number("LEAVE"),
            Column::number("SWITCH"),
            Column::number("EVER ON").folding(0, "ever on"),
        ],
        rows: points.iter().map(row).collect(),
        ..Table::default()
    }
}

/// Shows what users must pass first, where it stops anybody.
pub(super) fn funnel(document: &mut Document, states: &[FunnelReport]) {
    if states.iter().all(|state| state.left == state.users) {
        return;
    }
    document.heading("What users must pass first");
    let row = |label: Text, what: Text, passed: u64, before: u64| {
        Row::new([
            label.into(),
            what.into(),
            Cell::Bar(share(passed, before)),
            thousands(passed).into(),
            percent(share(passed, before)).into(),
            match before - passed {
                0 => Text::styled(Style::Faint, "0"),
                stopped => Text::styled(Style::Removed, format!("-{}", thousands(stopped))),
            }
            .into(),
        ])
    };
    let mut rows = Vec::new();
    for state in states {
        let mut before = state.users;
        for (at, step) in state.steps.iter().enumerate() {
            let label = if at == 0 { Text::styled(Style::Strong, &*state.label) } else { Text::new() };
            rows.push(row(label, asked(step), step.passed, before));
            before = step.passed;
        }
    }
    document.table(Table {
        columns: vec![
            Column::new("STATE"),
            Column::new("MUST PASS").wrapping(),
            Column::new(""),
            Column::number("PASS"),
            Column::number("OF THOSE"),
            Column::number("STOPPED"),
        ],
        rows,
        ..Table::default()
    });
    let left = states.iter().map(|state| format!("{} in {}", thousands(state.left), state.label));
    let left: Vec<String> = left.collect();
    let label = if count(states.len()) == 1 { "left: " } else { "left for what comes then: " };
    document.line(Text::styled(Style::Faint, label).and(left.join(", ")));
}

/// What a step asks for.
fn asked(step: &FunnelStep) -> Text {
    let flag = Text::plain(&*step.flag);
    match (&step.variation, step.kind) {
        (Some(variation), _) => flag.with(Style::Faint, " serves ").and(variation.to_string()),
        (None, "gate") => flag.with(Style::Faint, " is not off (the gate)"),
        (None, _) => flag.with(Style::Faint, " is switched on"),
    }
}
