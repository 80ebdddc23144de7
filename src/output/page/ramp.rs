//! The ramp: which share is on in each state, stacked by variation, and its numbers.

use maud::{Markup, html};

use crate::report::{ForecastReport, StateReport};

use super::super::number::{percent, share, short_percent, short_share, thousands};
use super::parts::{arm_mark, foreign_markup};
use super::picture::{Picture, across, labels, middle, number, real, scale};
use super::series::{Series, series, states};

/// The room above the plot for a label, the plot itself, and the lines across it.
const ABOVE: f64 = 26.0;
const HEIGHT: f64 = 200.0;
const LINES: usize = 4;

/// Returns the plot with its numbers.
pub(super) fn section(report: &ForecastReport) -> Markup {
    // That everybody is in an experiment is no estimate.
    let plain = |state: &StateReport| StateReport { interval: None, expected: None, ..state.clone() };
    let states: Vec<StateReport> = states(report)
        .into_iter()
        .map(|state| {
            if report.experiment.is_some() && state.on == report.population.users {
                plain(state)
            } else {
                state.clone()
            }
        })
        .collect();
    let states: Vec<&StateReport> = states.iter().collect();
    let series = series(report);
    let variants = report.experiment.is_some();
    let heading = if variants { "Who gets which variant" } else { "Share on" };
    html! {
        section aria-labelledby="share" {
            h2 #share { (heading) }
            (plot(report, &states, &series, heading))
            (table(report, &states, &series))
        }
    }
}

/// Where everything of a plot is.
struct Layout {
    columns: usize,
    /// The share at the upper edge.
    top: f64,
    /// How wide a column is, 0..=100.
    wide: f64,
}

impl Layout {
    fn y(&self, share: f64) -> f64 {
        ABOVE + HEIGHT * (1.0 - (share / self.top).clamp(0.0, 1.0))
    }

    fn left(&self, at: usize) -> f64 {
        middle(at, self.columns) - self.wide / 2.0
    }
}

fn plot(report: &ForecastReport, states: &[&StateReport], series: &[Series<'_>], title: &str) -> Markup {
    let total =
        |at: usize| series.iter().map(|one| one.counts.get(at).map_or(0.0, |(_, share)| *share)).sum::<f64>();
    let exposed = exposed(report);
    let highest = states.iter().enumerate().map(|(at, state)| {
        let interval = state.interval.map_or(0.0, |(_, high)| high);
        total(at)
            .max(interval)
            .max(state.expected.unwrap_or(0.0))
            .max(exposed.get(at).copied().unwrap_or(0.0))
    });
    let layout = Layout {
        columns: states.len(),
        top: scale(highest.fold(0.0, f64::max)),
        wide: (62.0 / real(states.len().max(1))).min(15.0),
    };
    let words = |(at, state): (usize, &&StateReport)| {
        if series.len() == 1 {
            return format!("{}: {}", state.label, percent(state.share));
        }
        let share = |one: &Series<'_>| one.counts.get(at).map_or(0.0, |(_, share)| *share);
        let each = series.iter().map(|one| format!("{} {}", one.name, percent(share(one))));
        format!("{}: {}", state.label, each.collect::<Vec<_>>().join(", "))
    };
    let words: Vec<String> = states.iter().enumerate().map(words).collect();
    let drawing = html! {
        (scale_lines(&layout))
        svg.bands x="0" y="0" width="100%" height=(number(ABOVE + HEIGHT)) viewBox={ "0 0 100 " (number(ABOVE + HEIGHT)) } preserveAspectRatio="none" {
            (bands(&layout, series))
        }
        @for (at, state) in states.iter().enumerate() { (column(&layout, at, state, series)) }
        @if !exposed.is_empty() { (ever(&layout, &exposed)) }
    };
    let below = labels(states.iter().map(|state| (state.label.as_str(), state.summary.as_deref())));
    let picture =
        Picture { id: "ramp", title, words: words.join("; "), height: ABOVE + HEIGHT, columns: states.len() };
    picture.figure(&drawing, &below, &legend(report, states, series))
}

/// Returns the share that is on in each state or was in one before; nothing where that is never more than is on.
fn exposed(report: &ForecastReport) -> Vec<f64> {
    let users = report.population.users;
    if report.experiment.is_some() || report.steps.iter().all(|step| step.exposed <= step.then.on) {
        return Vec::new();
    }
    let steps = report.steps.iter().map(|step| share(step.exposed, users));
    std::iter::once(report.now.share).chain(steps).collect()
}

/// The line of who was ever on: it never falls.
fn ever(layout: &Layout, exposed: &[f64]) -> Markup {
    let points = exposed
        .iter()
        .enumerate()
        .map(|(at, share)| format!("{},{}", number(middle(at, layout.columns)), number(layout.y(*share))));
    let points: Vec<String> = points.collect();
    html! {
        svg x="0" y="0" width="100%" height=(number(ABOVE + HEIGHT)) viewBox={ "0 0 100 " (number(ABOVE + HEIGHT)) } preserveAspectRatio="none" {
            polyline.ever points=(points.join(" ")) {}
        }
        @for (at, share) in exposed.iter().enumerate() {
            circle.ever-dot cx=(across(middle(at, layout.columns))) cy=(number(layout.y(*share))) r="3.5" { title { (percent(*share)) " were ever on" } }
        }
    }
}

/// The lines across, each with its share.
fn scale_lines(layout: &Layout) -> Markup {
    html! {
        @for line in 0..=LINES {
            @let share = layout.top * real(line) / real(LINES);
            @let y = layout.y(share);
            line.grid x1="0" x2="100%" y1=(number(y)) y2=(number(y)) {}
            text.tick x="0" y=(number(y - 4.0)) { (short_percent(share)) }
        }
    }
}

/// What leads from each column to the next one, so that the way up is seen.
fn bands(layout: &Layout, series: &[Series<'_>]) -> Markup {
    let mut shapes = Vec::new();
    for at in 1..layout.columns {
        let (mut before, mut after) = (0.0, 0.0);
        for one in series {
            let (Some((_, from)), Some((_, to))) = (one.counts.get(at - 1), one.counts.get(at)) else {
                continue;
            };
            let (left, right) = (layout.left(at - 1) + layout.wide, layout.left(at));
            let points = [(left, before + from), (right, after + to), (right, after), (left, before)];
            let points = points.map(|(x, share)| format!("{},{}", number(x), number(layout.y(share))));
            shapes.push((one.arm, points.join(" ")));
            before += from;
            after += to;
        }
    }
    html! { @for (arm, points) in shapes { polygon class={ "fill band arm-" (arm % 6) } points=(points) {} } }
}

fn column(layout: &Layout, at: usize, state: &StateReport, series: &[Series<'_>]) -> Markup {
    let mut parts = Vec::new();
    let mut total = 0.0;
    for one in series {
        let Some((users, share)) = one.counts.get(at).copied() else { continue };
        let (top, bottom) = (layout.y(total + share), layout.y(total));
        total += share;
        if users > 0 {
            parts.push((one, users, share, top, (bottom - top).max(1.0)));
        }
    }
    let center = across(middle(at, layout.columns));
    let highest =
        state.interval.map_or(total, |(_, high)| high.max(total)).max(state.expected.unwrap_or(0.0));
    let several = series.len() > 1;
    html! {
        @for (one, users, share, top, height) in parts {
            rect class={ "fill arm-" (one.arm % 6) } x=(across(layout.left(at))) width=(across(layout.wide)) y=(number(top)) height=(number(height)) {
                title { (one.name) ": " (thousands(users)) " users, " (percent(share)) }
            }
            @if several && height >= 18.0 && layout.columns <= 6 {
                text.inside x=(center) y=(number(top + height / 2.0 + 4.0)) { (short_share(share)) }
            }
        }
        @if let Some(expected) = state.expected {
            line.expected x1=(across(layout.left(at) - 1.0)) x2=(across(layout.left(at) + layout.wide + 1.0)) y1=(number(layout.y(expected))) y2=(number(layout.y(expected))) {}
        }
        @if let Some((low, high)) = state.interval {
            svg.interval x=(center) overflow="visible" {
                line x1="0" x2="0" y1=(number(layout.y(low))) y2=(number(layout.y(high))) {}
                @for y in [layout.y(low), layout.y(high)] { line x1="-5" x2="5" y1=(number(y)) y2=(number(y)) {} }
            }
        }
        @if !several { text.value x=(center) y=(number(layout.y(highest) - 7.0)) { (short_share(state.share)) } }
    }
}

fn legend(report: &ForecastReport, states: &[&StateReport], series: &[Series<'_>]) -> Markup {
    let interval = states.iter().any(|state| state.interval.is_some());
    let expected = states.iter().any(|state| state.expected.is_some());
    html! {
        ul.legend {
            @for one in series { li { (arm_mark(one.arm)) " " (foreign_markup(one.name)) } }
            @if !exposed(report).is_empty() { li { (super::times::ever_sign()) " on in this state or one before" } }
            @if expected { li { svg.sign viewBox="0 0 16 10" aria-hidden="true" { line.expected x1="0" x2="16" y1="5" y2="5" {} } " what the configuration alone says" } }
            @if interval {
                li { svg.sign viewBox="0 0 16 10" aria-hidden="true" { g.interval { line x1="8" x2="8" y1="0" y2="10" {} line x1="4" x2="12" y1="0.5" y2="0.5" {} line x1="4" x2="12" y1="9.5" y2="9.5" {} } } " 95% interval: the users are made up" }
            } @else if !report.population.synthetic {
                li.faint { "counted exactly: a list of users has no interval" }
            }
        }
    }
}

fn table(report: &ForecastReport, states: &[&StateReport], series: &[Series<'_>]) -> Markup {
    let several = series.len() > 1;
    let expected = states.iter().any(|state| state.expected.is_some());
    let interval = states.iter().any(|state| state.interval.is_some());
    let setting = states.iter().any(|state| state.summary.is_some());
    let (share, users) =
        if report.experiment.is_some() { ("Share in", "Users in") } else { ("Share on", "Users on") };
    html! {
        div.scroll tabindex="0" role="region" aria-label="The states in numbers" {
            table {
                caption { "The states in numbers" }
                thead { tr {
                    th scope="col" { "State" }
                    @if setting { th scope="col" { "Setting" } }
                    th.number scope="col" { (share) }
                    th.number scope="col" { (users) }
                    @if several { @for one in series { th.number scope="col" { (foreign_markup(one.name)) } } }
                    @if expected { th.number scope="col" { "Expected" } }
                    @if interval { th.number scope="col" { "95% interval" } }
                } }
                tbody {
                    @for (at, state) in states.iter().enumerate() {
                        tr {
                            th scope="row" { (foreign_markup(&state.label)) }
                            @if setting { td { (foreign_markup(state.summary.as_deref().unwrap_or_default())) } }
                            td.number { strong { (percent(state.share)) } }
                            td.number { (thousands(state.on)) }
                            @if several { @for one in series { td.number { (one.counts.get(at).map_or_else(String::new, |(_, share)| percent(*share))) } } }
                            @if expected { td.number { (state.expected.map_or_else(String::new, percent)) } }
                            @if interval { td.number { (state.interval.map_or_else(String::new, |(low, high)| format!("{} – {}", percent(low), percent(high)))) } }
                        }
                    }
                }
            }
        }
    }
}
