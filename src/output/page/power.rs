//! Which difference can be seen, and after how many days: a curve that falls.

use maud::{Markup, html};

use crate::report::{ComparisonReport, PowerReport};

use super::super::number::{short_percent, thousands};
use super::super::sanitize::sanitize;
use super::parts::{arm_mark, foreign_markup};
use super::picture::{Picture, across, labels, middle, number, real, scale};
use super::summary::said;

const ABOVE: f64 = 22.0;
const HEIGHT: f64 = 170.0;

/// Returns the curve with its numbers.
pub(super) fn section(report: &PowerReport) -> Markup {
    html! {
        section aria-labelledby="power" {
            h2 #power { "Which difference can be seen" small { " in the state " (foreign_markup(&report.state)) } }
            ul.said { @for sentence in &report.meaning { (said(sentence)) } }
            @if report.comparisons.iter().any(|one| one.durations.len() > 1) { (plot(report)) }
            @if !report.comparisons.is_empty() { (table(report)) }
            p.faint {
                "With " (thousands(report.daily_users)) " new users a day and a rate of " (short_percent(report.baseline)) " without the change"
                @if report.worst_case { " (nobody said: at this rate a difference is hardest to see)" }
                ". A difference that is there is seen in " (short_percent(report.power)) " of all cases, one that is not there in "
                (short_percent(report.alpha)) "."
                @if let Some(correction) = &report.correction {
                    " Each of the " (correction.comparisons) " comparisons is made at " (short_percent(correction.alpha)) ", so that this holds of all together (Bonferroni)."
                }
                @if let Some(design) = &report.design {
                    " Worth: " (thousands(design.groups)) " groups by " (foreign_markup(&design.unit)) " are as good as " (format!("{:.1}", design.effective_size))
                    " of one size (Kish), so " (format!("{:.1}", design.design_effect)) " users count as one."
                }
            }
        }
    }
}

/// Where a difference stands in the plot.
struct Canvas {
    top: f64,
    columns: usize,
}

impl Canvas {
    fn y(&self, difference: f64) -> f64 {
        ABOVE + HEIGHT * (1.0 - (difference / self.top).clamp(0.0, 1.0))
    }

    fn points<'a>(&'a self, of: &'a ComparisonReport) -> impl Iterator<Item = (f64, f64, f64)> + 'a {
        let points = of.durations.iter().enumerate();
        points.filter_map(|(at, one)| {
            let difference = one.detectable?;
            Some((middle(at, self.columns), self.y(difference), difference))
        })
    }
}

fn plot(report: &PowerReport) -> Markup {
    let detectable =
        report.comparisons.iter().flat_map(|one| &one.durations).filter_map(|one| one.detectable);
    let top = scale(detectable.fold(report.effect.unwrap_or(0.0), f64::max));
    let days: Vec<u32> = report
        .comparisons
        .first()
        .map_or_else(Vec::new, |one| one.durations.iter().map(|one| one.days).collect());
    let canvas = Canvas { top, columns: days.len() };
    let words = report.comparisons.iter().flat_map(|one| {
        one.durations.iter().map(move |after| {
            let seen = after.detectable.map_or_else(|| "nothing".to_owned(), short_percent);
            format!("{} after {} days: {seen}", one.arm.name, after.days)
        })
    });
    let words = words.collect::<Vec<_>>().join("; ");
    let alone = report.comparisons.len() == 1;
    let bottom = ABOVE + HEIGHT;
    let drawing = html! {
        @for part in 0..=4_usize {
            @let difference = top * real(part) / 4.0;
            @let y = number(canvas.y(difference));
            line.grid x1="0" x2="100%" y1=(y) y2=(y) {}
            text.tick x="0" y=(number(canvas.y(difference) - 4.0)) { (points(difference)) }
        }
        @if let Some(effect) = report.effect {
            line.expected x1="6%" x2="100%" y1=(number(canvas.y(effect))) y2=(number(canvas.y(effect))) {}
        }
        svg x="0" y="0" width="100%" height=(number(bottom)) viewBox={ "0 0 100 " (number(bottom)) } preserveAspectRatio="none" {
            @for (arm, one) in report.comparisons.iter().enumerate() {
                @let line = canvas.points(one).map(|(x, y, _)| format!("{},{}", number(x), number(y))).collect::<Vec<_>>().join(" ");
                polyline class={ "curve arm-" (arm % 6) } points=(line) {}
            }
        }
        @for (arm, one) in report.comparisons.iter().enumerate() {
            @for (x, y, difference) in canvas.points(one) {
                circle class={ "fill arm-" (arm % 6) } cx=(across(x)) cy=(number(y)) r="3.5" { title { (sanitize(&one.arm.name)) ": " (points(difference)) } }
                @if alone { text.value x=(across(x)) y=(number(y - 9.0)) { (points(difference)) } }
            }
        }
    };
    let named: Vec<String> =
        days.iter().map(|days| format!("{days} day{}", if *days == 1 { "" } else { "s" })).collect();
    let below = labels(named.iter().map(|name| (name.as_str(), None)));
    let legend = html! {
        ul.legend {
            @for (arm, one) in report.comparisons.iter().enumerate() { li { (arm_mark(arm)) " " (foreign_markup(&one.arm.name)) " against " (foreign_markup(&one.control.name)) } }
            @if report.effect.is_some() { li { svg.sign viewBox="0 0 16 10" aria-hidden="true" { line.expected x1="0" x2="16" y1="5" y2="5" {} } " the difference that was asked for" } }
        }
    };
    let picture = Picture {
        id: "detectable",
        title: "The smallest difference that is seen",
        words,
        height: bottom,
        columns: days.len(),
    };
    picture.figure(&drawing, &below, &legend)
}

/// A difference of rates in percentage points.
fn points(difference: f64) -> String {
    let text = short_percent(difference);
    format!("{} pp", text.trim_end_matches('%'))
}

fn table(report: &PowerReport) -> Markup {
    let columns = if report.design.is_some() { "6" } else { "5" };
    html! {
        div.scroll tabindex="0" role="region" aria-label="The smallest difference that is seen" {
            table {
                caption { "The smallest difference that is seen, in percentage points" }
                thead { tr {
                    th scope="col" { "Against" }
                    th scope="col" { "Arm" }
                    th.number scope="col" { "After" }
                    th.number scope="col" { "Users in both" }
                    @if report.design.is_some() { th.number scope="col" { "Worth" } }
                    th.number scope="col" { "Is seen from" }
                } }
                @for one in &report.comparisons {
                    tbody {
                        @for (at, after) in one.durations.iter().enumerate() {
                            tr {
                                td { @if at == 0 { (foreign_markup(&one.control.name)) " " small { (short_percent(one.control.share)) } } }
                                th scope="row" { (foreign_markup(&one.arm.name)) @if at == 0 { " " small { (short_percent(one.arm.share)) } } }
                                td.number { (after.days) " day" @if after.days != 1 { "s" } }
                                td.number { (grouped(after.users)) }
                                @if report.design.is_some() { td.number { (after.effective.map_or_else(String::new, grouped)) } }
                                td.number { strong { (after.detectable.map_or_else(|| "never".to_owned(), points)) } }
                            }
                        }
                        @if let (Some(days), Some(effect)) = (one.days, report.effect) {
                            tr.samples { td colspan=(columns) { div {
                                "A difference of " (points(effect)) " is seen "
                                @match days { Some(days) => { "after " strong { (thousands(u64::from(days))) " days" } "." }, None => { "not within a million days." } }
                            } } }
                        }
                    }
                }
            }
        }
    }
}

/// A number of users that is an average.
fn grouped(users: f64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a count of users, which is not negative"
    )]
    thousands(users.round() as u64)
}
