//! One state at several times: the share that is on, as a line.

use std::time::Duration;

use maud::{Markup, html};

use crate::report::{TimePoint, TimesReport};

use super::super::number::{count, counted, percent, share, short_percent, span, thousands};
use super::parts::foreign_markup;
use super::picture::{Picture, SCALE, across, number, real, scale};
use super::summary::{line, signed};

const ABOVE: f64 = 12.0;
const HEIGHT: f64 = 180.0;
const BELOW: f64 = 22.0;

/// How many times a page lists one by one.
const SHOWN: usize = 120;

/// Returns the state over time; `users` are all that were counted.
pub(super) fn section(report: &TimesReport, users: u64) -> Markup {
    html! {
        section aria-labelledby="times" {
            h2 #times { "Over time" small { " in the state " (foreign_markup(&report.state)) ", every " (span(report.every_seconds)) } }
            @if !report.depends_on_time {
                p.faint { "Nothing here depends on the time: no rule asks for an account's age, no override ends." }
            }
            ul.said {
                @if report.flapping == 0 { (line(Some(true), &html! { "Nobody is on, off and on again, or the reverse." })) }
                @else { (line(Some(false), &html! {
                    (counted(report.flapping, "user")) " " (if report.flapping == 1 { "is" } else { "are" }) " on, off and on again, or the reverse"
                    @if !report.sample_flapping.is_empty() {
                        ": " @for (at, id) in report.sample_flapping.iter().enumerate() { @if at > 0 { ", " } code { (foreign_markup(id)) } }
                        @let more = report.flapping.saturating_sub(count(report.sample_flapping.len()));
                        @if more > 0 { " … and " (thousands(more)) " more" }
                    }
                    "."
                })) }
            }
            (plot(report, users))
            (table(&report.points))
        }
    }
}

fn plot(report: &TimesReport, users: u64) -> Markup {
    let points = &report.points;
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return html! {} };
    let most = points.iter().map(|point| point.share.max(share(point.exposed, users))).fold(0.0, f64::max);
    let top = scale(most);
    // The last time may be nearer to the one before than the others are.
    let since = |point: &TimePoint| {
        Duration::from_millis(point.at.millis().saturating_sub(first.at.millis()).unsigned_abs())
            .as_secs_f64()
    };
    let x = |at: usize| SCALE + (99.0 - SCALE) * since(&points[at]) / since(last).max(1.0);
    let y = |share: f64| ABOVE + HEIGHT * (1.0 - (share / top).clamp(0.0, 1.0));
    let line = |of: &dyn Fn(&TimePoint) -> f64| {
        let point = |(at, point): (usize, &TimePoint)| format!("{},{}", number(x(at)), number(y(of(point))));
        points.iter().enumerate().map(point).collect::<Vec<_>>().join(" ")
    };
    let on = line(&|point| point.share);
    let area = format!(
        "{},{} {on} {},{}",
        number(x(0)),
        number(y(0.0)),
        number(x(points.len() - 1)),
        number(y(0.0))
    );
    let (lowest, highest) = points
        .iter()
        .fold((1.0_f64, 0.0_f64), |(low, high), point| (low.min(point.share), high.max(point.share)));
    let words = format!(
        "from {} at {} to {} at {}; between {} and {}",
        percent(first.share),
        first.at,
        percent(last.share),
        last.at,
        percent(lowest),
        percent(highest)
    );
    let bottom = ABOVE + HEIGHT;
    let drawing = html! {
        @for part in 0..=4_usize {
            @let share = top * real(part) / 4.0;
            line.grid x1="0" x2="100%" y1=(number(y(share))) y2=(number(y(share))) {}
            text.tick x="0" y=(number(y(share) - 4.0)) { (short_percent(share)) }
        }
        svg x="0" y="0" width="100%" height=(number(bottom)) viewBox={ "0 0 100 " (number(bottom)) } preserveAspectRatio="none" {
            polygon.fill.band points=(area) {}
            polyline.line points=(on) {}
            @if points.iter().any(|point| point.exposed > point.on) { polyline.ever points=(line(&|point| share(point.exposed, users))) {} }
        }
        @for (at, point) in points.iter().enumerate() {
            @if !point.ended.is_empty() {
                line.ends x1=(across(x(at))) x2=(across(x(at))) y1=(number(ABOVE)) y2=(number(bottom)) {}
            }
            @if points.len() <= 60 { circle.dot cx=(across(x(at))) cy=(number(y(point.share))) r="3" { title { (point.at) ": " (percent(point.share)) } } }
        }
        text.tick x=(across(SCALE)) y=(number(bottom + 16.0)) { (day(first)) }
        @if points.len() > 1 { text.tick.end x="99%" y=(number(bottom + 16.0)) { (day(last)) } }
    };
    let ends = points.iter().any(|point| !point.ended.is_empty());
    let legend = html! {
        ul.legend {
            li { svg.sign viewBox="0 0 16 10" aria-hidden="true" { line.line x1="0" x2="16" y1="5" y2="5" {} } " on" }
            @if points.iter().any(|point| point.exposed > point.on) { li { (ever_sign()) " on now or ever before" } }
            @if ends { li { svg.sign viewBox="0 0 16 10" aria-hidden="true" { line.ends x1="8" x2="8" y1="0" y2="10" {} } " an override ends" } }
        }
    };
    let picture =
        Picture { id: "over-time", title: "Share on over time", words, height: bottom + BELOW, columns: 1 };
    picture.figure(&drawing, &html! {}, &legend)
}

/// The sign of who was ever on, for a legend.
pub(super) fn ever_sign() -> Markup {
    html! { svg.sign viewBox="0 0 16 10" aria-hidden="true" { line.ever x1="0" x2="16" y1="5" y2="5" {} } }
}

fn day(point: &TimePoint) -> String {
    point.at.to_string().replace("T00:00:00Z", "")
}

fn table(points: &[TimePoint]) -> Markup {
    let rest = points.len().saturating_sub(SHOWN);
    html! {
        div.scroll tabindex="0" role="region" aria-label="The times in numbers" {
            table {
                caption { "The times in numbers" }
                thead { tr {
                    th scope="col" { "Time" }
                    th.number scope="col" { "Share on" }
                    th.number scope="col" { "Users on" }
                    th.number scope="col" { "Join" }
                    th.number scope="col" { "Leave" }
                    th.number scope="col" { "Switch" }
                    th.number scope="col" { "Ever on" }
                } }
                tbody {
                    @for point in points.iter().take(SHOWN) {
                        tr {
                            th scope="row" { (day(point)) @for ended in &point.ended { div.ended { "ends: " (foreign_markup(ended)) } } }
                            td.number { strong { (percent(point.share)) } }
                            td.number { (thousands(point.on)) }
                            td.number.joins { (signed("+", point.joins)) }
                            td.number.leaves { (signed("−", point.leaves)) }
                            td.number.switches { (signed("~", point.switches)) }
                            td.number { (thousands(point.exposed)) }
                        }
                    }
                    @if rest > 0 { tr { td.faint colspan="7" { "… and " (thousands(count(rest))) " more times: " code { "-o json" } " has them all" } } }
                }
            }
        }
    }
}
