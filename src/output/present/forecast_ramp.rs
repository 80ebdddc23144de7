//! How a forecast shows what the configuration alone says: layouts, steps, and other ways to lay shares out.

use crate::report::{ConfigurationReport, LayoutGroup, LayoutOffer, LayoutState, LayoutStep, Sentence};

use super::super::document::{Column, Document, Row, Table, Text};
use super::super::number::short_percent;
use super::super::style::Style;
use super::common::tick;

/// Shows one sentence of a verdict.
pub(super) fn sentence(document: &mut Document, sentence: &Sentence) {
    let text = sentence.text.as_str();
    match sentence.good {
        None => document.line(Text::styled(Style::Strong, text)),
        Some(true) => document.item(0, tick(true), text),
        Some(false) => document.item(0, Text::styled(Style::Warning, "!"), text),
    }
}

/// Shows what is known without users: whole where nobody was counted, else in short where nothing is lost.
pub(super) fn configuration(document: &mut Document, report: &ConfigurationReport, counted: bool) {
    let quiet = |group: &&LayoutGroup| is_quiet(group) && (counted || moves_nobody(group));
    let short: Vec<&LayoutGroup> = report.groups.iter().filter(quiet).collect();
    if !short.is_empty() {
        document.heading("From the configuration alone");
    }
    for group in short {
        document.item(0, tick(true), in_short(group));
    }
    for group in report.groups.iter().filter(|group| !quiet(group)) {
        document.heading(format!("From the configuration alone: {}, by {}", group.whom, group.by));
        for said in &group.said {
            sentence(document, said);
        }
        document.gap();
        document.table(states(group));
        if !group.steps.is_empty() {
            document.gap();
            document.table(steps(&group.steps));
        }
        for offer in &group.offers {
            show_offer(document, offer);
        }
    }
    if !report.unknown.is_empty() || !report.others.is_empty() {
        document.gap();
    }
    for other in &report.others {
        let mark = match other.good {
            Some(true) => tick(true),
            Some(false) => Text::styled(Style::Warning, "!"),
            None => Text::styled(Style::Faint, "·"),
        };
        document.item(0, mark, other.text.as_str());
    }
    for unknown in &report.unknown {
        document.item(0, Text::styled(Style::Faint, "·"), unknown.as_str());
    }
}

/// Tells whether nobody who is on leaves or switches.
fn is_quiet(group: &LayoutGroup) -> bool {
    group.offers.is_empty() && group.steps.iter().all(|step| step.exact && step.leaves + step.switches <= 0.0)
}

/// Tells whether nobody joins either.
fn moves_nobody(group: &LayoutGroup) -> bool {
    !group.steps.is_empty() && group.steps.iter().all(|step| step.joins <= 0.0)
}

/// `everyone: 10% → 25% → 50%, nobody who is on leaves or switches`.
fn in_short(group: &LayoutGroup) -> Text {
    let mut text = Text::plain(format!("{}, by {}: ", group.whom, group.by));
    let shown = if moves_nobody(group) { 1 } else { group.states.len() };
    for (at, state) in group.states.iter().take(shown).enumerate() {
        let arrow = if at > 0 { " → " } else { "" };
        text = text.with(Style::Faint, arrow).with(Style::Strong, short_percent(state.on));
    }
    let what =
        if moves_nobody(group) { ", nothing changes" } else { ", nobody who is on leaves or switches" };
    text.with(Style::Faint, what)
}

fn states(group: &LayoutGroup) -> Table {
    let more = |state: &LayoutState| state.exposed.filter(|exposed| exposed - state.on > 1e-9);
    let row = |state: &LayoutState| {
        Row::new([
            Text::styled(Style::Strong, &*state.label).into(),
            layout(state).into(),
            Text::styled(Style::Strong, short_percent(state.on)).into(),
            more(state).map_or_else(String::new, short_percent).into(),
        ])
    };
    Table {
        columns: vec![
            Column::new("STATE"),
            Column::new("WHO GETS WHAT").wrapping(),
            Column::number("ON"),
            Column::number("EVER ON"),
        ],
        rows: group.states.iter().map(row).collect(),
        ..Table::default()
    }
}

/// The pieces in their order, or the shares where two draws decide.
fn layout(state: &LayoutState) -> Text {
    if state.pieces.is_empty() {
        return Text::dotted(
            state
                .variations
                .iter()
                .map(|one| Text::plain(format!("{} {}", one.variation, short_percent(one.share)))),
        );
    }
    Text::dotted(state.pieces.iter().map(|piece| {
        Text::plain(format!("{} ", piece.variation))
            .with(Style::Faint, format!("{} – ", short_percent(piece.from)))
            .and(short_percent(piece.to))
    }))
}

/// Who moves, in shares.
fn steps(steps: &[LayoutStep]) -> Table {
    let row = |step: &LayoutStep| {
        let about = if step.exact { "" } else { "about " };
        let mut row = Row::new([
            Text::plain(&*step.from).with(Style::Faint, " → ").and(&*step.to).into(),
            signed("+", step.joins, Style::Added).into(),
            signed("-", step.leaves, Style::Removed).into(),
            signed("~", step.switches, Style::Warning).into(),
            short_percent(step.stays_on).into(),
            short_percent(step.stays_off).into(),
        ]);
        let moving = step.transitions.iter().filter(|way| way.before != way.after);
        let ways = Text::dotted(moving.map(|way| {
            Text::plain(way.before.to_string()).with(Style::Faint, " → ").and(format!(
                "{} {about}{}",
                way.after,
                short_percent(way.share)
            ))
        }));
        if !ways.is_empty() {
            row.below.push(ways);
        }
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
        ],
        rows: steps.iter().map(row).collect(),
        ..Table::default()
    }
}

fn signed(sign: &str, share: f64, style: Style) -> Text {
    if share <= 0.0 {
        return Text::styled(Style::Faint, "0%");
    }
    Text::styled(style, format!("{sign}{}", short_percent(share)))
}

fn show_offer(document: &mut Document, offer: &LayoutOffer) {
    document.gap();
    document.line(offer.text.as_str());
    if let Some(command) = &offer.command {
        document.item(1, Text::styled(Style::Faint, "$"), command.as_str());
    }
    document.item(1, Text::styled(Style::Faint, "·"), offer.toml.as_str());
}
