//! How `simulate-rollout` looks: the verdict, the shares as bars, who moves, and by group.

use crate::report::{ForecastReport, StateReport, StepForecast, WayReport};

use super::super::delimited::Records;
use super::super::document::{Cell, Column, Document, Row, Table, Text};
use super::super::number::{percent, thousands};
use super::super::render::Present;
use super::super::style::Style;
use super::common::{origin_footer, tick};
use super::forecast_experiment::{counted_row, show_experiment};
use super::forecast_groups::show_groups;
use super::forecast_statistics::{bound_line, show_statistics};
use super::{forecast_plot, forecast_ramp, forecast_records, forecast_times, population};

impl Present for ForecastReport {
    fn document(&self) -> Document {
        let mut document = Document::new();
        document.line(
            Text::styled(Style::Strong, &*self.name)
                .with(Style::Faint, format!("  {} · ", self.kind))
                .join(population::heading(&self.population)),
        );
        document.gap();
        for sentence in &self.verdict {
            forecast_ramp::sentence(&mut document, sentence);
        }
        for condition in &self.failed {
            document.item(
                0,
                Text::styled(Style::Error, "✗"),
                Text::styled(Style::Error, format!("fails: {condition}")),
            );
        }
        document.gap();
        // An experiment without a gate has everybody in it, always.
        let counted = self.population.users > 0;
        let all_in =
            self.experiment.is_some() && all_states(self).all(|state| state.on == self.population.users);
        if counted && !all_in {
            document.table(states(self));
            document.line(census(self));
            forecast_plot::plot(&mut document, self);
        }
        if counted && variations_matter(self) {
            document.heading(if self.experiment.is_some() { "Who gets which variant" } else { "Variations" });
            document.table(variations(self));
        }
        if let Some(experiment) = self.experiment.as_ref().filter(|_| counted) {
            show_experiment(&mut document, experiment, self.steps.is_empty());
        }
        if !self.steps.is_empty() {
            document.heading("Who moves");
            document.table(moves(&self.steps));
        }
        for step in self.steps.iter().chain(&self.overall) {
            let name = (self.steps.len() > 1).then(|| format!("{} → {}", step.from, step.then.label));
            show_groups(&mut document, &step.groups, name.as_deref());
        }
        forecast_times::funnel(&mut document, &self.funnel);
        if let Some(times) = &self.times {
            forecast_times::times(&mut document, times);
        }
        if let Some(configuration) = &self.configuration {
            forecast_ramp::configuration(&mut document, configuration, counted);
        }
        show_groups(&mut document, &self.groups, None);
        show_statistics(&mut document, self);
        population::wrong_rows(&mut document, &self.population);
        document.gap();
        population::origin(&mut document, &self.population);
        document.line(origin_footer(&self.target, &self.freshness, false));
        document
    }

    fn records(&self) -> Records {
        forecast_records::records(self)
    }

    fn names(&self) -> Vec<String> {
        vec![self.name.clone()]
    }
}

/// Returns the states in order, the present one first.
pub(super) fn all_states(report: &ForecastReport) -> impl Iterator<Item = &StateReport> {
    std::iter::once(&report.now).chain(report.steps.iter().map(|step| &step.then))
}

/// The share that is on in each state, as a chart.
fn states(report: &ForecastReport) -> Table {
    let row = |state: &StateReport| {
        let interval = state
            .interval
            .map_or_else(String::new, |(low, high)| format!("{} – {}", percent(low), percent(high)));
        Row::new([
            Text::styled(Style::Strong, &*state.label).into(),
            state.summary.clone().unwrap_or_default().into(),
            Cell::Bar(state.share),
            Text::styled(Style::Strong, percent(state.share)).into(),
            thousands(state.on).into(),
            state.expected.map_or_else(String::new, percent).into(),
            interval.into(),
        ])
    };
    let (share, users) = match report.experiment {
        None => ("SHARE ON", "USERS ON"),
        Some(_) => ("SHARE IN", "USERS IN"),
    };
    Table {
        columns: vec![
            Column::new("STATE"),
            Column::new("SETTING").wrapping().folding(1, ""),
            Column::new(""),
            Column::number(share),
            Column::number(users),
            Column::number("EXPECTED"),
            Column::number("95% INTERVAL").folding(0, "95% interval"),
        ],
        rows: all_states(report).map(row).collect(),
        ..Table::default()
    }
}

/// Says that a list is counted and not estimated, and what it says of users who are not on it.
fn census(report: &ForecastReport) -> Text {
    if report.population.synthetic {
        return Text::new();
    }
    let last = all_states(report).last().and_then(|state| state.unseen.map(|unseen| (state, unseen)));
    let exact = "counts of a list are exact and have no interval";
    Text::styled(
        Style::Faint,
        match last {
            Some((state, (low, high))) => format!(
                "{exact}; of users like these, not seen yet, {} – {} would be on at {} (95%)",
                percent(low),
                percent(high),
                state.label
            ),
            None => exact.to_owned(),
        },
    )
}

/// Tells whether the variations say more than on and off do.
fn variations_matter(report: &ForecastReport) -> bool {
    if report.experiment.is_some() {
        return !report.steps.is_empty();
    }
    let mut names = all_states(report).flat_map(|state| &state.variations);
    names.any(|count| !matches!(count.variation.as_str(), "on" | "off"))
}

fn variations(report: &ForecastReport) -> Table {
    let rows = all_states(report).flat_map(|state| {
        state.variations.iter().enumerate().map(|(at, one)| {
            let label = if at == 0 { Text::styled(Style::Strong, &*state.label) } else { Text::new() };
            let mut row = counted_row(one);
            row.cells.pop();
            row.cells.insert(0, label.into());
            row
        })
    });
    Table {
        columns: vec![
            Column::new("STATE"),
            Column::new(if report.experiment.is_some() { "VARIANT" } else { "VARIATION" }),
            Column::new(""),
            Column::number("SHARE"),
            Column::number("USERS"),
        ],
        rows: rows.collect(),
        ..Table::default()
    }
}

/// Who joins, leaves, switches and stays, with some of their ids.
fn moves(steps: &[StepForecast]) -> Table {
    let row = |step: &StepForecast| {
        let keeps = match (step.keeps_everyone, step.guaranteed) {
            (true, true) => tick(true).and(" for any users"),
            (true, false) => tick(true).and(" for these users"),
            (false, _) => Text::styled(Style::Warning, "✗ no"),
        };
        let mut row = Row::new([
            Text::plain(&*step.from).with(Style::Faint, " → ").and(&*step.then.label).into(),
            signed("+", step.joins, Style::Added).into(),
            signed("-", step.leaves, Style::Removed).into(),
            signed("~", step.switches, Style::Warning).into(),
            thousands(step.stays_on).into(),
            thousands(step.stays_off).into(),
            ever_on(step).into(),
            keeps.into(),
        ]);
        row.below.extend(ways(step));
        row.below.extend(sample("joins", Style::Added, step.joins, &step.sample_joins));
        row.below.extend(sample("leaves", Style::Removed, step.leaves, &step.sample_leaves));
        row.below.extend(sample("switches", Style::Warning, step.switches, &step.sample_switches));
        row.below.extend(step.failure_bound.as_ref().map(bound_line));
        row
    };
    Table {
        columns: vec![
            Column::new("STEP").wrapping(),
            Column::number("JOIN"),
            Column::number("LEAVE"),
            Column::number("SWITCH"),
            Column::number("STAY ON"),
            Column::number("STAY OFF"),
            Column::number("EVER ON").folding(0, "ever on"),
            Column::new("KEEPS EVERYONE").wrapping(),
        ],
        rows: steps.iter().map(row).collect(),
        ..Table::default()
    }
}

/// From which variation to which, where that says more than who joins and who leaves.
fn ways(step: &StepForecast) -> Option<Text> {
    let moving: Vec<&WayReport> = step.ways.iter().filter(|way| way.before != way.after).collect();
    if moving.len() < 2 && step.switches == 0 {
        return None;
    }
    let way = |way: &&WayReport| {
        let (sign, style) = match way.moves {
            "joins" => ("+", Style::Added),
            "leaves" => ("-", Style::Removed),
            _ => ("~", Style::Warning),
        };
        Text::plain(way.before.to_string())
            .with(Style::Faint, " → ")
            .and(format!("{} ", way.after))
            .join(signed(sign, way.users, style))
    };
    Some(Text::dotted(moving.iter().map(way))).filter(|text| !text.is_empty())
}

/// How many were on in this state or one before, where that is more than are on.
fn ever_on(step: &StepForecast) -> String {
    if step.exposed == step.then.on { String::new() } else { thousands(step.exposed) }
}

/// A number of users that move; none is a quiet zero.
pub(super) fn signed(sign: &str, number: u64, style: Style) -> Text {
    match number {
        0 => Text::styled(Style::Faint, "0"),
        number => Text::styled(style, format!("{sign}{}", thousands(number))),
    }
}

/// Some of those who move, and how many more there are.
pub(super) fn sample(verb: &str, style: Style, all: u64, ids: &[String]) -> Option<Text> {
    if ids.is_empty() {
        return None;
    }
    let more = all.saturating_sub(super::super::number::count(ids.len()));
    let more = if more > 0 { format!(" … and {} more", thousands(more)) } else { String::new() };
    let label = Text::styled(style, verb).and(" ");
    Some(label.and(ids.join(", ")).with(Style::Faint, more))
}
